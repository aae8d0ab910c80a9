"""A plan in the making: what is stored, what is drafted, and which row of the file said what first.

The first row of a file that says something of a firm is heard; what a later row says differently is noted at that row.
So the rows of one file agree on what they leave behind, and the same file sent again changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.models import Firm
from serai.expo.firms.names import name_key
from serai.expo.imports.draft import Draft
from serai.expo.imports.rows import Note, Parsed
from serai.expo.imports.stored import Stored

NEW, LEFT_OUT, SAME_AS = "new", "out", "row:"
"""What may be chosen for a row held back, besides the primary key of the firm that it is; row:12 is that of row 12."""

type Choices = Mapping[int, str]
"""What a person chose, by row number."""

type Annotate = Callable[[int, str, str, Mapping[str, Any]], Note]
"""Makes a note on a cell: row number, name of the field, reason, and what its sentence needs."""


@dataclass
class RowPlan:
    """What becomes of a row."""

    number: int
    state: str
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    firm: Firm | None = None
    participation: Participation | None = None


@dataclass
class Work:
    """A plan in the making: what is stored, what is drafted, and which row said what first."""

    edition: Edition
    on: date
    annotate: Annotate
    choices: Choices
    stored: Stored
    alike: Mapping[int, Sequence[tuple[int, float]]] = field(default_factory=dict)
    """Rows before a row whose names are like its own, and how like; of firms that are not known."""
    draft: Draft = field(default_factory=Draft)
    said: dict[tuple[int, str], tuple[int, Any]] = field(default_factory=dict)
    """Row and word, by the owner's ``id`` and the name of the field."""
    first_row: dict[int, int] = field(default_factory=dict)
    """The first row of a firm, by the firm's ``id``."""
    named: dict[tuple[str, str], Firm] = field(default_factory=dict)
    """The firms of the rows so far, and those chosen, by country and key of the name."""
    chosen_new: set[tuple[str, str]] = field(default_factory=set)
    entered: dict[int, Firm] = field(default_factory=dict)
    """The firms of the rows so far, by row."""

    @cached_property
    def known_firms(self) -> Mapping[str, Firm]:
        """The firms that are stored, by identifier and by each name."""
        known: dict[str, Firm] = {}
        for one in self.stored.firms.values():
            for key in (one.identifier, *map(name_key, (one.legal_name, *one.name.values()))):
                known.setdefault(key, one)
        return known

    @cached_property
    def leads(self) -> Mapping[str, Participation]:
        """Those at whose stand another firm may be, by identifier and by each name."""
        leads: dict[str, Participation] = {}
        for contents in self.stored.contents.values():
            one = contents.participation
            leads_others = one.kind in (Participation.Kind.EXHIBITOR, Participation.Kind.SERVICE)
            if leads_others and one.state != Participation.State.CANCELLED:
                for key in (one.firm.identifier, *map(name_key, (one.firm.legal_name, *one.firm.name.values()))):
                    leads.setdefault(key, one)
        return leads

    @cached_property
    def codes_of_hall(self) -> Mapping[str, set[str]]:
        return _grouped((name, code) for code, name in self.stored.hall_names)

    @cached_property
    def names_of_hall(self) -> Mapping[str, set[str]]:
        return _grouped(self.stored.hall_names)


def name_keys(row: Parsed) -> list[tuple[str, str]]:
    """Country and key of each name of the row."""
    return [(row.country, name_key(name)[:300]) for name in row.names]


def remember(work: Work, row: Parsed, firm: Firm) -> None:
    """Let later rows with a name of this one find its firm."""
    for key in name_keys(row):
        work.named.setdefault(key, firm)


def first_heard(work: Work, row: Parsed, row_plan: RowPlan, owner: object, keys: Iterable[str]) -> dict[str, Any]:
    """The values of the row for these fields that are the first of the file for the owner."""
    values = {
        key: list(value) if isinstance(value, tuple) else value for key, value in row.values.items() if key in keys
    }
    return {key: value for key, value in values.items() if hear(work, row_plan, owner, key, value)}


def hear(work: Work, row_plan: RowPlan, owner: object, name: str, value: Any) -> bool:
    """Whether this row is the first of the file to fill the owner's field; a later other word is noted."""
    first, heard = work.said.setdefault((id(owner), name), (row_plan.number, value))
    if first != row_plan.number and heard != value:
        note(work, row_plan, name, "said_before", first=first)
    return first == row_plan.number


def note(work: Work, row_plan: RowPlan, name: str, reason: str, **details: Any) -> None:
    """Note at the row what of a field was not taken, and why."""
    notes = row_plan.details.setdefault("notes", [])
    notes.append(work.annotate(row_plan.number, name, reason, details))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        groups.setdefault(one, set()).add(other)
    return groups
