"""What an edition holds already, loaded in a fixed number of queries: one object for each row of the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django_scopes import get_scope

from serai.expo.chains.models import ChainPosition, Node
from serai.expo.chains.positions import nodes_of
from serai.expo.editions.models import Edition, Participation, Section
from serai.expo.firms.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.firms.names import fold
from serai.expo.halls.models import Booth, Hall, Stand
from serai.expo.imports.belonging import Belongings
from serai.expo.market.models import Need, Offer
from serai.expo.packages.models import Package

_CHUNK = 5_000


@dataclass
class Contents:
    """A participation with everything that belongs to it, stored or not."""

    participation: Participation
    offers: list[Offer] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    booths: list[Booth] = field(default_factory=list)


@dataclass
class Stored:
    """Firms by primary key, participations by firm and kind, and what belongs to them.

    ``contents`` goes by the ``id`` of the participation, ``taking_part`` by that of the firm, since new ones have no
    primary key yet.
    """

    firms: dict[int, Firm]
    sections: Mapping[str, Section]
    """By folded slug and by folded title in each language."""
    halls: dict[str, Hall]
    booths: dict[tuple[str, str], Booth]
    """By code of the hall and code of the booth."""
    taking_part: dict[tuple[int, str], Participation] = field(default_factory=dict)
    contents: dict[int, Contents] = field(default_factory=dict)
    hall_names: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of a hall's code and a folded name of it, here and in the file."""
    numbers: dict[int, list[FirmIdentifier]] = field(default_factory=dict)
    """Numbers in registers by the ``id`` of the firm."""
    packages: Mapping[str, Package] = field(default_factory=dict)
    """By folded code and by folded title in each language."""
    nodes: Mapping[str, Node] = field(default_factory=dict)
    """Links of the edition's chains by folded title in each language, code, and chain with code."""
    belongings: dict[int, Belongings] = field(default_factory=dict)
    """What belongs to a firm, by its ``id``."""

    def belongings_of(self, firm: Firm) -> Belongings:
        return self.belongings.setdefault(id(firm), Belongings())

    def enter(self, participation: Participation) -> Participation:
        self.taking_part[id(participation.firm), participation.kind] = participation
        self.contents[id(participation)] = Contents(participation)
        return participation


def load(known: Iterable[int]) -> Stored:
    """Everything that rows may meet, with these firms whether they take part or not. Call inside of the scope."""
    participations = {one.pk: one for one in Participation.objects.select_related("firm")}
    firms = {one.firm.pk: one.firm for one in participations.values()}
    missing = sorted(set(known) - firms.keys())
    chunks = range(0, len(missing), _CHUNK)
    for start in chunks:
        firms |= Firm.objects.in_bulk(missing[start : start + _CHUNK])
    sections = {section.pk: section for section in Section.objects.order_by("-order", "-pk")}
    halls = {hall.pk: hall for hall in Hall.objects.order_by("order", "pk")}
    stored = Stored(
        firms,
        {fold(said): one for one in sections.values() for said in (one.slug, *one.title.values())},
        {hall.code: hall for hall in halls.values()},
        {},
    )
    packages = Package.objects.order_by("-order", "-pk")
    stored.packages = {fold(said): one for one in packages for said in (*one.title.values(), one.code)}
    stored.nodes = _nodes(get_scope()["edition"])
    for number in _of_firms(FirmIdentifier, missing):
        stored.numbers.setdefault(id(firms[number.firm_id]), []).append(number)
    for model, name in _BELONGING.items():
        for one_of_firm in _of_firms(model, missing):
            getattr(stored.belongings_of(firms[one_of_firm.firm_id]), name).append(one_of_firm)
    for one in participations.values():
        one.firm = firms[one.firm_id]
        one.section = sections[one.section_id] if one.section_id else None
        one.lead = participations[one.lead_id] if one.lead_id else None
        stored.enter(one)
    by_pk = {pk: stored.contents[id(one)] for pk, one in participations.items()}
    for offer in Offer.objects.order_by("number", "pk"):
        by_pk[offer.participation_id].offers.append(offer)
    for need in Need.objects.order_by("number", "pk"):
        by_pk[need.participation_id].needs.append(need)
    booths = {booth.pk: booth for booth in Booth.objects.order_by("pk")}
    for booth in booths.values():
        booth.hall = halls[booth.hall_id]
        stored.booths[booth.hall.code, booth.code] = booth
    for stand in Stand.objects.order_by("pk"):
        by_pk[stand.participation_id].booths.append(booths[stand.booth_id])
    stored.hall_names.update((hall.code, fold(title)) for hall in halls.values() for title in hall.title.values())
    return stored


_BELONGING: Mapping[type[Model], str] = {
    FirmAlias: "aliases",
    Plant: "plants",
    Certification: "certifications",
    Flow: "flows",
    ChainPosition: "positions",
}


def _nodes(edition: Edition) -> Mapping[str, Node]:
    """Links by what a cell may call them; what two links of one chain or of two are called is left out."""
    named: dict[str, set[int]] = {}
    nodes = {node.pk: node for node in nodes_of(edition)}
    for node in nodes.values():
        for said in (f"{node.chain.slug}/{node.code}", node.code, *node.title.values()):
            named.setdefault(fold(said), set()).add(node.pk)
    return {said: nodes[next(iter(pks))] for said, pks in named.items() if len(pks) == 1}


def _of_firms(model: type[Model], missing: Sequence[int]) -> Iterator[Any]:
    """The rows of a model that belong to a firm of the edition, or to one of those that are not in it."""
    yield from model._default_manager.filter(firm__participations__edition=get_scope()["edition"]).distinct()
    for start in range(0, len(missing), _CHUNK):
        yield from model._default_manager.filter(firm__in=missing[start : start + _CHUNK])
