"""The rows of the database that an import may match, loaded in a fixed number of queries: one object for each row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.offers.chains.domain.positions import nodes_of
from serai.expo.offers.chains.models import ChainPosition, Node
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.packages.models import Package
from serai.expo.venue.halls.models import Booth, Hall, Stand

_CHUNK = 5_000


@dataclass(frozen=True)
class Stored:
    """What is stored before the import."""

    edition: Edition
    firms: Mapping[int, Firm]
    """By primary key."""
    sections: Mapping[str, Section]
    """By folded slug and by folded title in each language."""
    packages: Mapping[str, Package]
    """By folded code and by folded title in each language."""
    nodes: Mapping[str, Node]
    """Nodes of the edition's chains by folded title in each language, code, and chain with code."""
    halls: Sequence[Hall]
    objects: Sequence[Model]
    """Everything that rows may add to or change: halls, booths, participations, and what belongs to them and to firms.

    The objects refer to each other, so that no reference is read from the database.
    """

    @cached_property
    def firm_by_name(self) -> Mapping[str, Firm]:
        """The firms by identifier and by key of each name."""
        by_name: dict[str, Firm] = {}
        for firm in self.firms.values():
            for key in keys_of(firm):
                by_name.setdefault(key, firm)
        return by_name


def keys_of(firm: Firm) -> Iterator[str]:
    """The names of a firm in a cell: its identifier, and the key of each name."""
    yield firm.identifier
    yield from map(name_key, (firm.legal_name, *firm.name.values()))


def load(edition: Edition, firm_keys: Iterable[int]) -> Stored:
    """Everything that rows may match; ``firm_keys`` are firms that are needed even if they do not take part."""
    participations = {row.pk: row for row in Participation.objects.select_related("firm")}
    firms = {participation.firm.pk: participation.firm for participation in participations.values()}
    missing = sorted(set(firm_keys) - firms.keys())
    for start in range(0, len(missing), _CHUNK):
        firms |= Firm.objects.in_bulk(missing[start : start + _CHUNK])
    sections = {section.pk: section for section in Section.objects.order_by("-order", "-pk")}
    halls = {hall.pk: hall for hall in Hall.objects.order_by("order", "pk")}
    packages = Package.objects.order_by("-order", "-pk")
    booths = {booth.pk: booth for booth in Booth.objects.order_by("pk")}
    for participation in participations.values():
        participation.edition, participation.firm = edition, firms[participation.firm_id]
        participation.section = sections[participation.section_id] if participation.section_id else None
        participation.lead = participations[participation.lead_id] if participation.lead_id else None
    for booth in booths.values():
        booth.hall = halls[booth.hall_id]
    of_firms = [row for model in _OF_FIRMS for row in _rows_of_firms(model, edition, missing)]
    for row in of_firms:
        row.firm = firms[row.firm_id]
    stands = list(Stand.objects.order_by("pk"))
    for stand in stands:
        stand.booth = booths[stand.booth_id]
    of_participations: list[Offer | Need | Stand | ContactPerson | Visit] = [
        *Offer.objects.order_by("number", "pk"),
        *Need.objects.order_by("number", "pk"),
        *stands,
        *ContactPerson.objects.order_by("pk"),
        *Visit.objects.order_by("pk"),
    ]
    for item in of_participations:
        item.participation = participations[item.participation_id]
    delegations = {delegation.pk: delegation for delegation in Delegation.objects.order_by("pk")}
    members = list(DelegationMember.objects.order_by("pk"))
    for member in members:
        member.delegation = delegations[member.delegation_id]
    return Stored(
        edition,
        firms,
        {fold(name): section for section in sections.values() for name in (section.slug, *section.title.values())},
        {fold(name): package for package in packages for name in (*package.title.values(), package.code)},
        _nodes(edition),
        list(halls.values()),
        [
            *halls.values(),
            *booths.values(),
            *of_firms,
            *participations.values(),
            *of_participations,
            *delegations.values(),
            *members,
        ],
    )


_OF_FIRMS: Sequence[type[Model]] = (FirmIdentifier, FirmAlias, Plant, Certification, Flow, ChainPosition)


def _nodes(edition: Edition) -> Mapping[str, Node]:
    """Nodes by their names in a cell; a name that two nodes share is left out."""
    named: dict[str, set[int]] = {}
    nodes = {node.pk: node for node in nodes_of(edition)}
    for node in nodes.values():
        for name in (f"{node.chain.slug}/{node.code}", node.code, *node.title.values()):
            named.setdefault(fold(name), set()).add(node.pk)
    return {name: nodes[next(iter(keys))] for name, keys in named.items() if len(keys) == 1}


def _rows_of_firms(model: type[Model], edition: Edition, missing: Sequence[int]) -> Iterator[Any]:
    """The rows of a model that belong to a firm of the edition, or to one of ``missing``, which are not in it."""
    yield from model._default_manager.filter(firm__participations__edition=edition).distinct()
    for start in range(0, len(missing), _CHUNK):
        yield from model._default_manager.filter(firm__in=missing[start : start + _CHUNK])
