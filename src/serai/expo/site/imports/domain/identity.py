"""The firm and the participant of a row: one that is known, one of a row above, a new one, or one that a person
chooses.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.known_firms import SERAI, city_names, host_of, match_keys, said_address
from serai.expo.firms.identity.domain.likeness import Record, likeness
from serai.expo.firms.identity.domain.lookup import Found, have_other_numbers, may_be
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.names import LegalForm, legal_form, name_key, new_firm
from serai.expo.firms.record.models import Firm, FirmIdentifier
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.inventory import keys_of
from serai.expo.site.imports.domain.rows import Parsed
from serai.expo.site.imports.domain.subject import State

NEW, LEFT_OUT, SAME_AS = "new", "out", "row:"
"""Choices for a row held back, besides the primary key of the firm; row:12 means the firm of row 12."""

type Choices = Mapping[int, str]
"""What a person chose, by row number."""

type NameKey = tuple[str, str]
"""Country and key of a name."""


@dataclass(frozen=True)
class Evidence:
    """Evidence for the firm of a row: similar firms, similar rows, and a person's choice."""

    found: Found
    record: Record
    """What is compared of the row."""
    choice: str = ""
    alike: Sequence[tuple[int, float]] = ()
    """Rows above whose names are like the row's, and how like, where the row's firm is not known."""


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
        self.by_name: dict[NameKey, list[Firm]] = defaultdict(list)
        self.by_row: dict[int, Firm] = {}
        self.first_row: dict[int, int] = {}
        """The first row of a firm, by the firm's ``id``."""
        self.names: dict[int, tuple[str, ...]] = {}
        """The names that the rows above give a firm, by the firm's ``id``."""
        self.chosen_new: set[NameKey] = set()
        for row in rows:
            choice = choices.get(row.number, "")
            if choice == NEW:
                self.chosen_new.update(_sought_keys(row))
            elif choice.isdecimal() and (firm := stored.get(int(choice))):
                self._name(row, firm)

    def enter(self, row: Parsed, firm: Firm) -> None:
        """Let later rows find the firm of this one."""
        self._name(row, firm)
        self.by_row[row.number] = firm
        self.names[id(firm)] = (*self.names.get(id(firm), ()), *row.names)
        self.first_row.setdefault(id(firm), row.number)

    def _name(self, row: Parsed, firm: Firm) -> None:
        for key in match_keys(row.names).kept:
            if firm not in (firms := self.by_name[row.country, key]):
                firms.append(firm)

    def same_name(self, row: Parsed) -> list[Firm]:
        """The firms with a name of the row, in the order of the rows."""
        firms = {id(firm): firm for key in _sought_keys(row) for firm in self.by_name.get(key, ())}
        return sorted(firms.values(), key=lambda firm: self.first_row.get(id(firm), 0))

    def record(self, firm: Firm, draft: Draft) -> Record:
        """A firm as it is drafted, with the names that the rows above give it."""
        names = (firm.legal_name, *firm.name.values())
        numbers = {(number.scheme, number.value) for number in draft.owned(firm, FirmIdentifier)}
        return Record(
            firm.country,
            names,
            said_address(firm.address),
            frozenset(numbers | {(SERAI, firm.identifier)}),
            host_of(firm.website),
            legal_form([*names, *self.names.get(id(firm), ())]),
            city_names(firm.city),
        )


def identify(
    row: Parsed, evidence: Evidence, firms: FirmsOfFile, draft: Draft, stored: Mapping[int, Firm], *, on: date
) -> Identity:
    """The firm of a row; ``firms`` are those of the rows above, ``on`` is the day on which a new firm is entered.

    Rows above are judged as known firms are, so that the same list says the same when it comes again.
    """
    may_ask = firms.chosen_new.isdisjoint(_sought_keys(row))
    return (
        _certain(row, evidence, firms, draft, stored)
        or _of_same_name(row, evidence, firms, draft)
        or (_like_above(evidence, firms, draft) or _held_back(row, evidence, firms, draft, stored) if may_ask else None)
        or _new(row, "new_firm" if evidence.found.candidates or _rows_alike(evidence, firms) else "", on)
    )


def _certain(
    row: Parsed, evidence: Evidence, firms: FirmsOfFile, draft: Draft, stored: Mapping[int, Firm]
) -> Identity | None:
    """By the choice of a person, or by identifier, name or likeness."""
    choice, finding = evidence.choice, evidence.found
    if choice == LEFT_OUT:
        return Identity(State.REJECTED, "left_out")
    if finding.firm:
        firm = stored[finding.firm]
        if finding.by_number or not evidence.record.told_apart(firms.record(firm, draft)):
            return Identity(State.MATCHED, "like_known" if finding.by_likeness else "", firm=firm)
    if choice.startswith(SAME_AS):
        first = int(choice.removeprefix(SAME_AS))
        if chosen := firms.by_row.get(first):
            return Identity(State.MATCHED, "same_as_row", {"first": first}, chosen)
    if identifier := row.identifiers.get(SERAI):
        return Identity(State.REJECTED, "unknown_identifier", {"identifier": identifier})
    return None


def _of_same_name(row: Parsed, evidence: Evidence, firms: FirmsOfFile, draft: Draft) -> Identity | None:
    """The firm of a row above with the same name, or the firm chosen for that name."""
    chosen = evidence.choice.isdecimal()
    own = replace(evidence.record, form=LegalForm(), cities=frozenset(), address="") if chosen else evidence.record
    firm = next((firm for firm in firms.same_name(row) if may_be(own, firms.record(firm, draft))), None)
    if firm is None:
        return None
    first = firms.first_row.get(id(firm))
    if first is None or chosen:
        return Identity(State.MATCHED, "same_firm", firm=firm)
    return Identity(State.MATCHED, "same_as_row", {"first": first}, firm)


def _like_above(evidence: Evidence, firms: FirmsOfFile, draft: Draft) -> Identity | None:
    """The one firm of the rows above that is so like in name and address that nobody needs to be asked."""
    alike = {id(firm): firm for number, _similarity in _rows_alike(evidence, firms) for firm in [firms.by_row[number]]}
    sure = [firm for firm in alike.values() if likeness(evidence.record, firms.record(firm, draft)).is_automatic]
    if len(sure) != 1 or evidence.found.candidates:
        return None
    return Identity(State.MATCHED, "same_as_row", {"first": firms.first_row[id(sure[0])]}, sure[0])


def _held_back(
    row: Parsed, evidence: Evidence, firms: FirmsOfFile, draft: Draft, stored: Mapping[int, Firm]
) -> Identity | None:
    """Held back for a person if firms or rows above have names like the row's, or its name but another form or city."""
    if evidence.found.firm:
        firm = stored[evidence.found.firm]
        shown = [candidate(firm.pk, firm.identifier, firm.legal_name, 1)]
        return Identity(State.POSSIBLE, "same_name", {"candidates": shown})
    if candidates := evidence.found.candidates:
        reason = "same_name" if any(like.similarity == 1 for like in candidates) else "similar_name"
        shown = [candidate(like.firm, like.identifier, like.name, like.similarity) for like in candidates]
        return Identity(State.POSSIBLE, reason, {"candidates": shown})
    of_name = [
        firms.first_row.get(id(firm))
        for firm in firms.same_name(row)
        if not have_other_numbers(evidence.record, firms.record(firm, draft))
    ]
    rows = [(number, 1.0) for number in of_name if number] or _rows_alike(evidence, firms)
    if rows:
        shown = [
            candidate(f"{SAME_AS}{row}", "", firms.by_row[row].legal_name, similarity, row=row)
            for row, similarity in rows
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


def _sought_keys(row: Parsed) -> list[NameKey]:
    return [(row.country, key) for key in sorted(match_keys(row.names).sought)]


def _rows_alike(evidence: Evidence, firms: FirmsOfFile) -> list[tuple[int, float]]:
    return [(number, similarity) for number, similarity in evidence.alike if number in firms.by_row]


def candidate(firm: int | str, identifier: str, name: str, similarity: float, **more: Any) -> dict[str, Any]:
    """A firm to choose from, as it is kept with the row."""
    return {"firm": firm, "identifier": identifier, "name": name, "similarity": round(similarity, 2), **more}


WITHOUT_NEW = frozenset({"no_such_participant", "like_participant", "several_participants"})
"""Reasons of rows held back that no new firm can be made of."""

ALIKE = 85
SHOWN = 5


@dataclass(frozen=True)
class Participants:
    """Those who take part, one participation a firm, and by which names they are found."""

    by_firm: Mapping[int, Participation]
    by_name: Mapping[str, Collection[int]]
    """Primary keys of firms by identifier and by key of each name."""

    @cached_property
    def names(self) -> list[str]:
        return list(self.by_name)


def participants(rows: Iterable[Participation], *, first: Sequence[str] = Participation.Kind.values) -> Participants:
    """Of a firm with several the participation that is not over, then of the kind that is ``first``."""
    order = {kind: place for place, kind in enumerate(dict.fromkeys([*first, *Participation.Kind.values]))}
    by_firm: dict[int, Participation] = {}
    for own in sorted(rows, key=lambda own: (own.state in Participation.OVER, order[own.kind], own.pk)):
        by_firm.setdefault(own.firm_id, own)
    by_name: dict[str, set[int]] = defaultdict(set)
    for number, own in by_firm.items():
        for key in keys_of(own.firm):
            by_name[key].add(number)
    return Participants(by_firm, by_name)


def participants_of(edition: Edition, *first: str) -> Participants:
    """Those of a fair, by one query."""
    rows = list(Participation.objects.filter(edition=edition).select_related("firm"))
    for own in rows:
        own.edition = edition
    return participants(rows, first=first)


def identify_participant(names: Iterable[str], identifier: str, choice: str, among: Participants) -> Identity:
    """The firm of these names or this identifier, else the ones with names like it to choose from."""
    if choice == LEFT_OUT:
        return Identity(State.REJECTED, "left_out")
    if choice.isdecimal() and int(choice) in among.by_firm:
        return Identity(State.MATCHED, "same_firm", firm=among.by_firm[int(choice)].firm)
    written = [*names]
    keys = [leading(identifier)] if identifier else [key for name in written for key in (name.upper(), name_key(name))]
    same = next((among.by_name[key] for key in keys if among.by_name.get(key)), ())
    if len(same) == 1:
        return Identity(State.MATCHED, firm=among.by_firm[next(iter(same))].firm)
    if same:
        return _held("several_participants", among, ((firm, 1.0) for firm in sorted(same)))
    if identifier:
        return Identity(State.POSSIBLE, "no_such_participant")
    alike: dict[int, float] = {}
    for name in map(name_key, written):
        for key, score, _index in process.extract(
            name, among.names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=SHOWN
        ):
            for firm in among.by_name[key]:
                alike[firm] = max(score / 100, alike.get(firm, 0.0))
    if alike:
        return _held("like_participant", among, sorted(alike.items(), key=lambda pair: -pair[1])[:SHOWN])
    return Identity(State.POSSIBLE, "no_such_participant")


def named(cell: str, among: Participants) -> Participation | None:
    """The participant that a cell names by its identifier or by a name that no other has."""
    for key in (cell.strip().upper(), name_key(cell)):
        same = among.by_name.get(key, ())
        if len(same) == 1:
            return among.by_firm[next(iter(same))]
    return None


def _held(reason: str, among: Participants, firms: Iterable[tuple[int, float]]) -> Identity:
    """Held back until a person chooses one of these firms."""
    alike = ((among.by_firm[number].firm, similarity) for number, similarity in firms)
    shown = [candidate(firm.pk, firm.identifier, firm.legal_name, similarity) for firm, similarity in alike]
    return Identity(State.POSSIBLE, reason, {"candidates": shown})
