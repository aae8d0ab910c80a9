"""Imports: preview, mapping, choices for rows held back, application and reversal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.rows import write_in_parts
from serai.expo.base.workbooks.domain import workbook
from serai.expo.base.workbooks.domain.grid import FileRefusedError, Row
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.search.domain.index import index_later
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain import columns, custody, reversal
from serai.expo.site.imports.domain.columns import kind_of_list
from serai.expo.site.imports.domain.custody import ImportStateError, State, held, set_state
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.identity import LEFT_OUT, NEW, SAME_AS, WITHOUT_NEW
from serai.expo.site.imports.domain.import_report import CHOICE, tallies
from serai.expo.site.imports.domain.reversal import UndoRefusedError
from serai.expo.site.imports.domain.sheet import read, with_lacking
from serai.expo.site.imports.domain.storage import BATCH, ChangedMeanwhileError, Step, write
from serai.expo.site.imports.domain.subject import Mapped, Plan, RowPlan, Sent, Subject
from serai.expo.site.imports.domain.subjects import FIRMS, SUBJECTS
from serai.expo.site.imports.models import Import, ImportRow
from serai.world.progress import Progress, silent

ATTEMPTS = 3
"""How often an import is begun anew because others change what it is about to change."""

TRADE = frozenset(
    {"description", "offers", "needs", "needs_text", "hs", "isic", "cpc", "plants", "inputs", "outputs", "positions"}
)
"""Fields that tell what a firm does or looks for."""


def preview(
    edition: Edition,
    path: Path,
    file_name: str,
    *,
    sheet: str | None = None,
    subject: str | None = None,
    among: Collection[Subject] = SUBJECTS.values(),
    corrections: Mapping[str, str] | None = None,
    user: User | None = None,
    progress: Progress = silent,
) -> Import:
    """Preview a file: the state of each row if it were applied. Raises FileRefusedError, and then nothing is kept.

    Without a ``subject`` the header tells what the list is about. It has to be ``among`` those that whoever sends it
    may import. ``corrections`` of the guessed mapping are fields by header or letters of a column. A preview that the
    same user made of the same file and sheet and did not apply is replaced.
    """
    progress(_("Reading the file"), 0.0)
    with scope(edition=edition):
        sent = with_lacking(read(path, file_name, sheet, _subject_named(subject)), edition)
    if sent.subject not in among:
        raise FileRefusedError(
            _("Your role does not import this kind of list: %(kind)s."), kind=str(sent.subject.title)
        )
    mapped = columns.corrected(sent.subject, sent.header, corrections or {})
    digest = custody.sha256(path)
    progress(_("Comparing with what is known"), 0.1)
    import_ = Import(
        edition=edition,
        file_name=file_name[-255:],
        sha256=digest,
        sheet=sent.name[:255],
        encoding=sent.encoding,
        subject=sent.subject.key,
        header=list(sent.header),
        mapping=_stored(mapped),
        made_by=user,
        state=State.READING,
    )
    with scope(edition=edition):
        planned = _plan(import_, sent.rows, {})
        import_.tallies = tallies(len(sent.header), sent.rows, planned, sent.hidden)
        if user:
            same = Import.objects.filter(sha256=digest, sheet=sent.name[:255], state=State.PREVIEWED)
            for replaced in same.filter(made_by=user):
                _remove(replaced)
        import_.save()
    with held(import_, State.READING):
        try:
            raw = dict(sent.rows)
            write_in_parts(planned.rows, lambda part: _create_rows(import_, part, raw))
            set_state(import_, State.PREVIEWED)
        except BaseException:
            _remove(import_)
            raise
    custody.keep(path, digest)
    return import_


def remap(import_: Import, mapped: Mapped) -> None:
    """Read the rows by another mapping; choices made so far are dropped. Raises ImportStateError, FileRefusedError."""
    for name in mapped.values():
        columns.check_field(subject_of(import_), name)
    with held(import_, State.PREVIEWED, State.READING) as stored:
        rows = list(stored.rows.order_by("number"))
        stored.mapping = import_.mapping = _stored(mapped)
        raw = [(row.number, tuple(row.raw)) for row in rows]
        planned = _plan(stored, raw, {})
        hidden = {column for column, tally in enumerate(stored.tallies) if tally[2]}
        counted = tallies(len(stored.header), raw, planned, hidden)
        set_state(stored, State.READING, mapping=stored.mapping, tallies=counted)
        write_in_parts(_with_plan(rows, planned), _save_rows)
        set_state(stored, State.PREVIEWED)


def kind_told(import_: Import) -> str:
    """As what the firms of the list take part by its own name, in the reader's language; empty where none tells."""
    if subject_of(import_) is not FIRMS:
        return ""
    kind = kind_of_list(import_.header, field_by_column(import_), import_.sheet, import_.file_name)
    return str(Participation.Kind(kind).label) if kind else ""


def is_without_kind(import_: Import) -> bool:
    """Whether neither a column nor the name of the list tells as what its firms take part: they become exhibitors."""
    return subject_of(import_) is FIRMS and "kind" not in _fields_filled(import_) and not kind_told(import_)


def is_without_trade(import_: Import) -> bool:
    """Whether no column tells what the firms of the list do or look for, by which they are placed and matched."""
    return subject_of(import_) is FIRMS and not _fields_filled(import_) & TRADE


def _fields_filled(import_: Import) -> set[str]:
    return {split(name)[0] for name in field_by_column(import_).values()}


def sheets(import_: Import) -> list[str]:
    """The sheets of the kept workbook; none for a text file or a file that is not kept any more."""
    path = custody.kept(import_.sha256)
    if import_.encoding or not path.exists():
        return []
    with workbook.opened(path) as book:
        return list(book.sheets)


def offered(row: ImportRow) -> set[str]:
    """The choices for a row held back: a candidate, a new firm, to leave it out, or none yet."""
    new = () if row.reason in WITHOUT_NEW else (NEW,)
    return {"", *new, LEFT_OUT, *(str(candidate["firm"]) for candidate in row.reason_details.get("candidates", ()))}


def choose(import_: Import, choices: Mapping[int, str]) -> int:
    """Keep choices for rows held back: the primary key of the firm, 'new', 'out', or nothing for a row still open.

    A choice that the row does not offer is left out. Returns how many rows are decided now.
    """
    with held(import_, State.PREVIEWED, State.APPLIED) as stored:
        rows = list(stored.rows.filter(state=ImportRow.State.POSSIBLE))
        for row in rows:
            if (choice := choices.get(row.number)) in offered(row):
                row.reason_details[CHOICE] = choice
        write_in_parts(rows, _save_rows)
    return sum(bool(row.reason_details.get(CHOICE)) for row in rows)


def apply(import_: Import, *, user: User | None = None, progress: Progress = silent) -> None:
    """Apply a preview, or the rows of an applied import that were decided since: all of it, or nothing.

    It is written in parts, so that others write beside it. What fails is taken back, and what was interrupted is taken
    back before it is applied anew. Rows held back without a choice stay so. Raises ImportStateError.
    """
    with held(import_, State.PREVIEWED, State.APPLIED, State.APPLYING, writing=True) as stored:
        if stored.state == State.APPLYING:
            _give_up(stored, user)
        for attempt in range(ATTEMPTS):
            try:
                _apply(stored, user, progress)
                break
            except (ChangedMeanwhileError, IntegrityError):
                _give_up(stored, user)
                if attempt + 1 == ATTEMPTS:
                    raise ImportStateError(
                        _("What the list would change is being changed by others. Nothing was imported; try again.")
                    ) from None
            except BaseException:
                if stored.state == State.APPLYING:
                    _give_up(stored, user)
                raise
    import_.refresh_from_db()
    custody.forget(import_.sha256)
    progress(_("Done"), 1.0)


def _apply(stored: Import, user: User | None, progress: Progress) -> None:
    if trouble := subject_of(stored).problem(field_by_column(stored)):
        raise ImportStateError(trouble)
    rows = list(stored.rows.order_by("number"))
    choices = _resolved(_choices(rows), rows)
    again = stored.state == State.APPLIED
    chosen = [row for row in rows if row.number in choices] if again else rows
    if again and not chosen:
        raise ImportStateError(_("There is no decision to apply. Choose for the rows held back first."))
    progress(_("Comparing with what is known"), 0.2)
    planned = _plan(stored, [(row.number, tuple(row.raw)) for row in chosen], choices)
    turn = 1 + max((step["turn"] for row in rows for step in row.undo), default=0)
    by_number = {row.number: row for row in chosen}

    def keep(steps: Mapping[int, list[Step]]) -> None:
        for number, of_row in steps.items():
            by_number[number].undo = [*by_number[number].undo, *of_row]
        _save_rows([by_number[number] for number in steps])

    set_state(stored, State.APPLYING, turn=turn)
    write(planned.draft, stored.edition, turn=turn, user=user, keep=keep, progress=progress)
    if after := subject_of(stored).after:
        after(planned.draft, stored.edition, user)
    progress(_("Writing what became of each row"), 0.9)
    write_in_parts(_with_plan(chosen, planned), _save_rows)
    with transaction.atomic():
        set_state(stored, State.APPLIED, applied_at=timezone.now())
        record("import.applied", stored, after=_summary(stored), user=user, edition=stored.edition)
        index_later(stored.edition)


def _give_up(stored: Import, user: User | None) -> None:
    """Take back what a turn that did not end has written. Raises ImportStateError where somebody uses it by now."""
    rows = [row for row in stored.rows.exclude(undo=[]) if row.undo[-1]["turn"] >= stored.turn]
    steps = [step for row in rows for step in row.undo if step["turn"] >= stored.turn]
    try:
        reversal.take_back(reversal.possible(steps), stored.edition, user=user)
    except UndoRefusedError as refusal:
        raise ImportStateError(str(refusal)) from None
    for row in rows:
        row.undo = [step for step in row.undo if step["turn"] < stored.turn]
    write_in_parts(rows, _save_rows)
    set_state(stored, State.APPLIED if stored.turn > 1 else State.PREVIEWED)


def undo(import_: Import, *, user: User | None = None) -> None:
    """Reverse what the import made and changed: all or nothing, and an interrupted one alike.

    Raises ImportStateError, UndoRefusedError.
    """
    with held(import_, State.APPLIED, State.APPLYING, State.UNDOING, writing=True) as stored:
        if stored.state == State.APPLYING:
            _give_up(stored, user)
        if stored.state != State.PREVIEWED:
            before = _summary(stored)
            steps = [step for undone in stored.rows.values_list("undo", flat=True) for step in undone]
            objects = reversal.possible(steps)
            set_state(stored, State.UNDOING)
            reversal.take_back(objects, stored.edition, user=user)
            with transaction.atomic():
                set_state(stored, State.UNDONE, undone_at=timezone.now())
                after = _summary(stored)
                record("import.undone", stored, before=before, after=after, user=user, edition=stored.edition)
    import_.refresh_from_db()


def discard(import_: Import) -> None:
    """Delete a preview and its file. Raises ImportStateError for an import that has been applied."""
    with held(import_, State.PREVIEWED, State.READING) as stored:
        _remove(stored)
    custody.forget(import_.sha256)


def counts(import_: Import) -> dict[str, int]:
    """How many rows are in each state, in the order of the states."""
    return counts_of([import_])[import_.pk]


def counts_of(imports: Iterable[Import]) -> dict[int, dict[str, int]]:
    """The counts of several imports by their primary key, in one query."""
    by_import = {import_.pk: dict.fromkeys(ImportRow.State.values, 0) for import_ in imports}
    rows = ImportRow.objects.filter(batch__in=by_import).order_by()
    for batch, state, number in rows.values_list("batch", "state").annotate(Count("pk")):
        by_import[batch][state] = number
    return by_import


def _remove(import_: Import) -> None:
    write_in_parts(
        list(import_.rows.values_list("pk", flat=True)), lambda part: ImportRow.objects.filter(pk__in=part).delete()
    )
    import_.delete()


def _create_rows(import_: Import, plans: Sequence[RowPlan], raw: Mapping[int, tuple[str, ...]]) -> None:
    """Store rows as they were sent, each with its planned state."""
    rows = [ImportRow(batch=import_, number=row.number, raw=list(raw[row.number])) for row in plans]
    ImportRow.objects.bulk_create(_with_plan(rows, Plan(plans, Draft(()))), batch_size=BATCH)


def _with_plan(rows: Sequence[ImportRow], planned: Plan) -> list[ImportRow]:
    """The rows with the state that the plan gives them."""
    plans = {row.number: row for row in planned.rows}
    for row in rows:
        done = plans[row.number]
        row.state, row.reason, row.reason_details = done.state, done.reason, dict(done.details)
        row.firm = done.firm if done.firm and done.firm.pk else None
        row.participation = done.participation if done.participation and done.participation.pk else None
    return list(rows)


def _plan(import_: Import, rows: Sequence[Row], choices: Mapping[int, str]) -> Plan:
    mapped = field_by_column(import_)
    sent = Sent(
        import_.edition, import_.header, mapped, rows, choices, timezone.localdate(), import_.sheet, import_.file_name
    )
    return subject_of(import_).plan(sent)


def _choices(rows: Sequence[ImportRow]) -> dict[int, str]:
    return {row.number: choice for row in rows if (choice := row.reason_details.get(CHOICE)) and _is_open(row)}


def _resolved(choices: Mapping[int, str], rows: Sequence[ImportRow]) -> dict[int, str]:
    """The choices, with the firm in place of a row that has been applied."""
    firms = {f"{SAME_AS}{row.number}": str(row.firm_id) for row in rows if row.firm_id}
    return {number: firms.get(choice, choice) for number, choice in choices.items()}


def _is_open(row: ImportRow) -> bool:
    return row.state == ImportRow.State.POSSIBLE


def _save_rows(rows: Sequence[ImportRow]) -> None:
    ImportRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["state", "reason", "reason_details", "firm", "participation", "undo"],
        unique_fields=["pk"],
    )


def _summary(import_: Import) -> dict[str, Any]:
    return {"file": import_.file_name, "sha256": import_.sha256, "state": str(import_.state), **counts(import_)}


def subject_of(import_: Import) -> Subject:
    """What the list is about."""
    return SUBJECTS[import_.subject]


def _subject_named(name: str | None) -> Subject | None:
    """Raises FileRefusedError where no kind of list has this name."""
    if name and name not in SUBJECTS:
        raise FileRefusedError(
            _("There are no lists of '%(subject)s'. There are: %(subjects)s."),
            subject=name,
            subjects=", ".join(SUBJECTS),
        )
    return SUBJECTS[name] if name else None


def field_by_column(import_: Import) -> dict[int, str]:
    """The field that each column fills, by the column's number."""
    return {int(column): name for column, name in import_.mapping.items()}


def _stored(mapped: Mapped) -> dict[str, str]:
    return {str(column): name for column, name in sorted(mapped.items())}
