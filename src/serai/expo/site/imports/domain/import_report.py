"""What is told of an import in the reader's language: what became of each row and of each column, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language, language_name
from serai.expo.base.workbooks.domain.grid import Row, letters
from serai.expo.base.workbooks.domain.reasons import UNDERSTOOD, note_sentence, sentence
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.identity import WITHOUT_NEW
from serai.expo.site.imports.domain.subject import OWN, Plan
from serai.expo.site.imports.domain.subjects import SUBJECTS
from serai.expo.site.imports.models import Import, ImportRow

CHOICE = "choice"
"""Key of a person's choice in ``ImportRow.reason_details``."""

NOTED = "noted"
"""A pseudo-state: rows with a note on something that was skipped."""


def in_state(rows: QuerySet[ImportRow], state: str) -> QuerySet[ImportRow]:
    """The rows in a state, or those NOTED, whatever their state."""
    return rows.filter(reason_details__has_key="notes") if state == NOTED else rows.filter(state=state)


@dataclass(frozen=True)
class Candidate:
    """A known firm that the row may be of."""

    value: str
    identifier: str
    name: str
    percent: int


@dataclass(frozen=True)
class ShownRow:
    """A row as pages show it: state with reason, notes on skipped cells, and choices."""

    number: int
    state: str
    state_label: str
    name: str
    country: str
    reason: str
    notes: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    choice: str
    identifier: str
    offers_new: bool = True  # whether a new firm may be made of a row held back

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reason and the notes."""
        return (*([self.reason] if self.reason else []), *self.notes)


def show(import_: Import, rows: Iterable[ImportRow]) -> list[ShownRow]:
    """The rows in the reader's language. They should come with their firm."""
    columns = {split(name)[0]: int(column) for column, name in reversed(import_.mapping.items())}
    subject = SUBJECTS[import_.subject]
    shown = [columns[name] for name in subject.shown if name in columns]
    return [_show(row, shown, columns.get(subject.below, -1)) for row in rows]


def _show(row: ImportRow, shown: Sequence[int], below: int) -> ShownRow:
    details = row.reason_details
    return ShownRow(
        row.number,
        row.state,
        row.get_state_display(),
        next((row.raw[column] for column in shown if column < len(row.raw) and row.raw[column]), "")
        or " · ".join([cell for cell in row.raw if cell][:3]),
        row.raw[below] if 0 <= below < len(row.raw) else "",
        sentence(row.reason, details),
        tuple(note_sentence(note) for note in details.get("notes", ())),
        tuple(
            Candidate(str(firm["firm"]), _where(firm), firm["name"], round(100 * firm["similarity"]))
            for firm in details.get("candidates", ())
        ),
        details.get(CHOICE, ""),
        row.firm.identifier if row.firm else "",
        row.reason not in WITHOUT_NEW,
    )


def _where(candidate: Mapping[str, Any]) -> str:
    """The firm's identifier, or the row of the file in which it is entered."""
    return candidate["identifier"] or gettext("row %(row)s") % candidate


@dataclass(frozen=True)
class ColumnReport:
    """A column: its letters and title, the field that it fills, and how many of its cells were read and not understood.

    ``became`` is 'field', 'own', 'left out', 'unknown' where no field takes it, or 'empty'.
    """

    column: str
    title: str
    field: str
    became: str
    filled: int
    not_understood: int
    hidden: bool
    sentence: str


def tallies(columns: int, rows: Sequence[Row], plan: Plan, hidden: Collection[int] = ()) -> list[list[int]]:
    """For each column: how many cells are filled, how many were not understood, and 1 where the workbook hides it."""
    filled = Counter(column for _number, cells in rows for column, cell in enumerate(cells) if cell)
    notes = Counter(
        column
        for row in plan.rows
        for column in {note["column"] for note in row.details.get("notes", ()) if note["reason"] not in UNDERSTOOD}
    )
    return [[filled[column], notes[letters(column)], int(column in hidden)] for column in range(columns)]


def reports(import_: Import) -> Iterator[ColumnReport]:
    """What became of each column, in the reader's language."""
    for column, title in enumerate(import_.header):
        name = import_.mapping.get(str(column), "")
        counted = column < len(import_.tallies)  # lists that an earlier version read have none
        filled, not_understood, hidden = import_.tallies[column] if counted else (0, 0, 0)
        became = _became(import_, name, is_empty=counted and not filled)
        sentence = _sentence(import_, name, became)
        if not_understood:
            cells = ngettext("%d cell was not understood.", "%d cells were not understood.", not_understood)
            sentence = f"{sentence.rstrip('.')}. {cells % not_understood}"
        if hidden:
            sentence = f"{sentence.rstrip('.')}. " + _("The workbook hides this column.")
        yield ColumnReport(letters(column), title, name, became, filled, not_understood, bool(hidden), sentence)


def _became(import_: Import, name: str, *, is_empty: bool) -> str:
    if name and name != OWN:
        return "field"
    if is_empty:
        return "empty"
    if name == OWN:
        return "own"
    return "left out" if SUBJECTS[import_.subject].keeps_own else "unknown"


def _sentence(import_: Import, name: str, became: str) -> str:
    sentences: dict[str, Any] = {
        "own": _("Kept as a field of your own, which only organisers read until you choose otherwise."),
        "left out": _("Left out by your choice."),
        "unknown": _("No field of this kind of list takes it: it is left out."),
        "empty": _("No cell is filled."),
    }
    if became != "field":
        return str(sentences[became])
    key, language = split(name)
    title = in_language(SUBJECTS[import_.subject].columns()[key].title).text
    return f"{title}: {language_name(language)}" if language else title
