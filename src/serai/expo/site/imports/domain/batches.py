"""Imports: preview, mapping, choices for rows held back, application and reversal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.requests import new_request, request_id
from serai.expo.base.workbooks.domain import workbook
from serai.expo.base.workbooks.domain.grid import Row
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain.index import index_later
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain import columns as mapping
from serai.expo.site.imports.domain import files, reversal
from serai.expo.site.imports.domain.columns import Mapped
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.plan import Annotate, Plan, plan
from serai.expo.site.imports.domain.row_display import CHOICE
from serai.expo.site.imports.domain.row_identity import LEFT_OUT, NEW, SAME_AS
from serai.expo.site.imports.domain.rows import note, parse
from serai.expo.site.imports.domain.sheet import read
from serai.expo.site.imports.domain.storage import BATCH, write
from serai.expo.site.imports.models import Import, ImportRow
from serai.world.progress import Progress, silent


class ImportStateError(Exception):
    """The state of the import does not allow this; the message says why."""


def preview(
    edition: Edition,
    path: Path,
    file_name: str,
    *,
    sheet: str | None = None,
    corrections: Mapping[str, str] | None = None,
    user: User | None = None,
    progress: Progress = silent,
) -> Import:
    """Preview a file: the state of each row if it were applied. Raises FileRefusedError, and then nothing is kept.

    ``corrections`` of the guessed mapping are fields by header or letters of a column. A preview that the same user
    made of the same file and sheet and did not apply is replaced.
    """
    progress(_("Reading the file"), 0.0)
    sent = read(path, file_name, sheet)
    mapped = mapping.corrected(sent.header, corrections or {})
    digest = files.sha256(path)
    progress(_("Comparing with the firms that are known"), 0.1)
    with transaction.atomic(), scope(edition=edition):
        if user:
            same = Import.objects.filter(sha256=digest, sheet=sent.name[:255], state=Import.State.PREVIEWED)
            same.filter(made_by=user).delete()
        import_ = Import.objects.create(
            edition=edition,
            file_name=file_name[-255:],
            sha256=digest,
            sheet=sent.name[:255],
            encoding=sent.encoding,
            header=list(sent.header),
            mapping=_stored(mapped),
            made_by=user,
        )
        _fill(import_, sent.rows)
    files.keep(path, digest)
    return import_


def remap(import_: Import, mapped: Mapped) -> None:
    """Read the rows by another mapping; choices made so far are dropped. Raises ImportStateError, FileRefusedError."""
    for name in mapped.values():
        mapping.check_field(name)
    with _locked(import_, Import.State.PREVIEWED) as locked:
        rows = [(row.number, tuple(row.raw)) for row in locked.rows.order_by("number")]
        locked.mapping = import_.mapping = _stored(mapped)
        locked.save(update_fields=["mapping"])
        locked.rows.all().delete()
        _fill(locked, rows)


def sheets(import_: Import) -> list[str]:
    """The sheets of the kept workbook; none for a text file or a file that is not kept any more."""
    path = files.kept(import_.sha256)
    if import_.encoding or not path.exists():
        return []
    with workbook.opened(path) as book:
        return list(book.sheets)


def offered(row: ImportRow) -> set[str]:
    """The choices for a row held back: a candidate, a new firm, to leave it out, or none yet."""
    return {"", NEW, LEFT_OUT, *(str(candidate["firm"]) for candidate in row.reason_details.get("candidates", ()))}


def choose(import_: Import, choices: Mapping[int, str]) -> int:
    """Keep choices for rows held back: the primary key of the firm, 'new', 'out', or nothing for a row still open.

    A choice that the row does not offer is left out. Returns how many rows are decided now.
    """
    with _locked(import_, Import.State.PREVIEWED, Import.State.APPLIED) as locked:
        rows = list(locked.rows.filter(state=ImportRow.State.POSSIBLE))
        for row in rows:
            if (choice := choices.get(row.number)) in offered(row):
                row.reason_details[CHOICE] = choice
        ImportRow.objects.bulk_update(rows, ["reason_details"], batch_size=BATCH)
    return sum(bool(row.reason_details.get(CHOICE)) for row in rows)


def apply(import_: Import, *, user: User | None = None, progress: Progress = silent) -> None:
    """Apply a preview in one transaction, or the rows of an applied import that were decided since.

    Rows held back without a choice stay so. Raises ImportStateError.
    """
    with _locked(import_, Import.State.PREVIEWED, Import.State.APPLIED) as locked:
        if trouble := mapping.problem(field_by_column(locked)):
            raise ImportStateError(trouble)
        rows = list(locked.rows.order_by("number"))
        choices = _resolved(_choices(rows), rows)
        again = locked.state == Import.State.APPLIED
        chosen = [row for row in rows if row.number in choices] if again else rows
        if again and not chosen:
            raise ImportStateError(_("There is no decision to apply. Choose for the rows held back first."))
        progress(_("Comparing with the firms that are known"), 0.2)
        planned = _plan(locked, [(row.number, tuple(row.raw)) for row in chosen], choices)
        turn = 1 + max((step["turn"] for row in rows for step in row.undo), default=0)
        steps = write(planned.draft, locked.edition, turn=turn, user=user, progress=progress)
        progress(_("Writing what became of each row"), 0.9)
        by_number = {row.number: row for row in chosen}
        for done in planned.rows:
            row = by_number[done.number]
            row.state, row.reason, row.reason_details = done.state, done.reason, dict(done.details)
            row.firm, row.participation = done.firm, done.participation
            row.undo = [*row.undo, *steps.get(done.number, [])]
        _save_rows(chosen)
        locked.state = Import.State.APPLIED
        locked.applied_at = timezone.now()
        locked.save(update_fields=["state", "applied_at"])
        record("import.applied", locked, after=_summary(locked), user=user, edition=locked.edition)
        index_later(locked.edition)
    import_.refresh_from_db()
    files.forget(import_.sha256)
    progress(_("Done"), 1.0)


def undo(import_: Import, *, user: User | None = None) -> None:
    """Reverse what the import made and changed, in one transaction. Raises ImportStateError, UndoRefusedError."""
    with _locked(import_, Import.State.APPLIED) as locked:
        before = _summary(locked)
        steps = [step for undone in locked.rows.values_list("undo", flat=True) for step in undone]
        reversal.take_back(steps, locked.edition, user=user)
        locked.state = Import.State.UNDONE
        locked.undone_at = timezone.now()
        locked.save(update_fields=["state", "undone_at"])
        record("import.undone", locked, before=before, after=_summary(locked), user=user, edition=locked.edition)
    import_.refresh_from_db()


def discard(import_: Import) -> None:
    """Delete a preview and its file. Raises ImportStateError for an import that has been applied."""
    with _locked(import_, Import.State.PREVIEWED) as locked:
        locked.delete()
    files.forget(import_.sha256)


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


@contextmanager
def _locked(import_: Import, *states: str) -> Iterator[Import]:
    """The import, locked, in the scope of its edition and in one of the states."""
    with transaction.atomic(), scope(edition=import_.edition):
        locked = Import.objects.select_for_update().filter(pk=import_.pk).first()
        if locked is None or locked.state not in states:
            raise ImportStateError(
                _("This import has been applied, taken back or discarded meanwhile. Look at it anew.")
            )
        locked.edition = import_.edition
        if request_id():
            yield locked
        else:
            with new_request():
                yield locked


def _fill(import_: Import, rows: Sequence[Row]) -> None:
    """Plan the rows and store each as it was sent, with its planned state."""
    raw = dict(rows)
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                batch=import_,
                number=row.number,
                raw=list(raw[row.number]),
                state=row.state,
                reason=row.reason,
                reason_details=dict(row.details),
                firm=row.firm if row.firm and row.firm.pk else None,
            )
            for row in _plan(import_, rows, {}).rows
        ],
        batch_size=BATCH,
    )


def _plan(import_: Import, rows: Sequence[Row], choices: Mapping[int, str]) -> Plan:
    mapped = field_by_column(import_)
    parsed = [parse(row, import_.header, mapped) for row in rows]
    return plan(
        import_.edition,
        parsed,
        on=timezone.localdate(),
        annotate=_annotator(import_.header, mapped, dict(rows)),
        choices=choices,
    )


def _annotator(header: Sequence[str], mapped: Mapped, raw: Mapping[int, tuple[str, ...]]) -> Annotate:
    columns = {split(name)[0]: column for column, name in mapped.items()}
    columns |= {name.lower(): column for column, name in mapped.items()}

    def annotate(number: int, name: str, reason: str, details: Mapping[str, Any]) -> dict[str, Any]:
        column = columns.get(name.lower(), columns.get(split(name.lower())[0]))
        cells = raw[number]
        if column is None:  # no column holds it: it follows from other columns
            return {"column": "", "header": name, "cell": "", "reason": reason, **details}
        return note(column, header, cells[column] if column < len(cells) else "", reason, details)

    return annotate


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
        batch_size=BATCH,
        update_conflicts=True,
        update_fields=["state", "reason", "reason_details", "firm", "participation", "undo"],
        unique_fields=["pk"],
    )


def _summary(import_: Import) -> dict[str, Any]:
    return {"file": import_.file_name, "sha256": import_.sha256, "state": str(import_.state), **counts(import_)}


def field_by_column(import_: Import) -> dict[int, str]:
    """The field that each column fills, by the column's number."""
    return {int(column): name for column, name in import_.mapping.items()}


def _stored(mapped: Mapped) -> dict[str, str]:
    return {str(column): name for column, name in sorted(mapped.items())}
