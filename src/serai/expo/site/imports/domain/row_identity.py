"""The firm of a row: a known firm, the firm of a row above, a new one, or one that a person chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from serai.expo.base.text import in_language
from serai.expo.firms.identity.domain.known_firms import SERAI
from serai.expo.firms.identity.domain.lookup import Found
from serai.expo.firms.record.domain.firms import new_firm
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.rows import Parsed
from serai.expo.site.imports.models import ImportRow

NEW, LEFT_OUT, SAME_AS = "new", "out", "row:"
"""Choices for a row held back, besides the primary key of the firm; row:12 means the firm of row 12."""

type Choices = Mapping[int, str]
"""What a person chose, by row number."""

type NameKey = tuple[str, str]
"""Country and key of a name."""

State = ImportRow.State


@dataclass(frozen=True)
class Evidence:
    """Evidence for the firm of a row: similar firms, similar rows, and a person's choice."""

    found: Found
    choice: str = ""
    alike: Sequence[tuple[int, float]] = ()
    """Rows above whose names are like the row's, and how like; only rows whose firms are not known."""


@dataclass(frozen=True)
class Identity:
    """The firm of a row with the reason, or the state of a row without one."""

    state: str
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    firm: Firm | None = None


class FirmsOfFile:
    """The firms of the rows read so far, and those that a person chose: a choice holds for all rows of its name."""

    def __init__(self, rows: Sequence[Parsed], choices: Choices, stored: Mapping[int, Firm]) -> None:
        self.by_name: dict[NameKey, Firm] = {}
        self.by_row: dict[int, Firm] = {}
        self.first_row: dict[int, int] = {}
        """The first row of a firm, by the firm's ``id``."""
        self.chosen_new: set[NameKey] = set()
        for row in rows:
            choice = choices.get(row.number, "")
            if choice == NEW:
                self.chosen_new.update(_name_keys(row))
            elif choice.isdecimal() and (firm := stored.get(int(choice))):
                self._name(row, firm)

    def enter(self, row: Parsed, firm: Firm) -> None:
        """Let later rows find the firm of this one."""
        self._name(row, firm)
        self.by_row[row.number] = firm
        self.first_row.setdefault(id(firm), row.number)

    def _name(self, row: Parsed, firm: Firm) -> None:
        for key in _name_keys(row):
            self.by_name.setdefault(key, firm)


def identify(
    row: Parsed, evidence: Evidence, firms: FirmsOfFile, draft: Draft, stored: Mapping[int, Firm], *, on: date
) -> Identity:
    """The firm of a row; ``firms`` are those of the rows above, ``on`` is the day on which a new firm is entered."""
    may_ask = firms.chosen_new.isdisjoint(_name_keys(row))
    return (
        _certain(row, evidence, firms, stored)
        or _of_same_name(row, evidence.choice, firms, draft)
        or (_held_back(evidence, firms) if may_ask else None)
        or _new(row, "new_firm" if evidence.found.candidates or _rows_alike(evidence, firms) else "", on)
    )


def _certain(row: Parsed, evidence: Evidence, firms: FirmsOfFile, stored: Mapping[int, Firm]) -> Identity | None:
    """By the choice of a person, or by identifier or likeness."""
    choice, finding = evidence.choice, evidence.found
    if choice == LEFT_OUT:
        return Identity(State.REJECTED, "left_out")
    if finding.firm:
        return Identity(State.MATCHED, "like_known" if finding.by_likeness else "", firm=stored[finding.firm])
    if choice.startswith(SAME_AS):
        first = int(choice.removeprefix(SAME_AS))
        if firm := firms.by_row.get(first):
            return Identity(State.MATCHED, "same_as_row", {"first": first}, firm)
    if identifier := row.identifiers.get(SERAI):
        return Identity(State.REJECTED, "unknown_identifier", {"identifier": identifier})
    return None


def _of_same_name(row: Parsed, choice: str, firms: FirmsOfFile, draft: Draft) -> Identity | None:
    """The firm of a row above with the same name, or the firm chosen for that name."""
    named = (firms.by_name.get(key) for key in _name_keys(row))
    firm = next((firm for firm in named if firm and _agrees(row, firm, draft)), None)
    if firm is None:
        return None
    first = firms.first_row.get(id(firm))
    if first is None or choice.isdecimal():
        return Identity(State.MATCHED, "same_firm", firm=firm)
    return Identity(State.MATCHED, "same_as_row", {"first": first}, firm)


def _held_back(evidence: Evidence, firms: FirmsOfFile) -> Identity | None:
    """Held back for a person if firms or rows above have names like the row's."""
    if candidates := evidence.found.candidates:
        reason = "same_name" if any(candidate.similarity == 1 for candidate in candidates) else "similar_name"
        shown = [_shown(like.firm, like.identifier, like.name, like.similarity) for like in candidates]
        return Identity(State.POSSIBLE, reason, {"candidates": shown})
    if rows := _rows_alike(evidence, firms):
        shown = [
            _shown(f"{SAME_AS}{row}", "", firms.by_row[row].legal_name, similarity, row=row) for row, similarity in rows
        ]
        return Identity(State.POSSIBLE, "similar_row", {"candidates": shown, "first": rows[0][0]})
    return None


def _new(row: Parsed, reason: str, on: date) -> Identity:
    firm = new_firm(
        legal_name=row.values.get("legal_name") or in_language(row.name, "en").text,
        country=row.country,
        on=on,
        name=row.name,
        language=row.values.get("language") or next(iter(row.name)),
    )
    return Identity(State.NEW, reason, firm=firm)


def _name_keys(row: Parsed) -> list[NameKey]:
    return [(row.country, name_key(name)[:300]) for name in row.names]


def _rows_alike(evidence: Evidence, firms: FirmsOfFile) -> list[tuple[int, float]]:
    return [(number, similarity) for number, similarity in evidence.alike if number in firms.by_row]


def _agrees(row: Parsed, firm: Firm, draft: Draft) -> bool:
    """Whether no number of the row contradicts one of the firm."""
    numbers: dict[str, set[str]] = {SERAI: {firm.identifier}}
    for number in draft.owned(firm, FirmIdentifier):
        numbers.setdefault(number.scheme, set()).add(number.value)
    return all(value in numbers.get(scheme, {value}) for scheme, value in row.identifiers.items())


def _shown(firm: int | str, identifier: str, name: str, similarity: float, **more: Any) -> dict[str, Any]:
    return {"firm": firm, "identifier": identifier, "name": name, "similarity": round(similarity, 2), **more}
