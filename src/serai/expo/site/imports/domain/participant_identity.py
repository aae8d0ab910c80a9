"""The participant that a row names: one that takes part already, or one that a person chooses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.domain.names import name_key
from serai.expo.site.imports.domain.row_identity import LEFT_OUT, Identity, candidate
from serai.expo.site.imports.domain.stored import keys_of
from serai.expo.site.imports.models import ImportRow

State = ImportRow.State

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
