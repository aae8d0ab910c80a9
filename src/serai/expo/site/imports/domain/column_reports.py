"""What became of each column of a list: a field, a field of the organiser's own, or nothing, and why."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.text import in_language, language_name
from serai.expo.base.workbooks.domain.grid import Row, letters
from serai.expo.base.workbooks.domain.reasons import UNDERSTOOD
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.subject import OWN, Plan
from serai.expo.site.imports.domain.subjects import SUBJECTS
from serai.expo.site.imports.models import Import


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
