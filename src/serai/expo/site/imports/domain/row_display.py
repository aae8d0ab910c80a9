"""Rows of an import in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from serai.expo.base.workbooks.domain.reasons import note_sentence, sentence
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.participant_identity import WITHOUT_NEW
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
