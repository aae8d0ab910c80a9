"""The layout problem that the matcher solves: booths, exhibitors with their wishes, distances, who should be near."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.models import Edge, Placement
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.models import Booth, BoothWish, Hall, Stand
from serai.match import halls as matcher
from serai.match.halls.assignment import Floats

BETWEEN_HALLS = 150.0
"""Metres from the aisles of one hall to those of another."""

LINK, WISH, LED = 1.0, 2.0, 3.0
"""How much two should be near: along a link of a chain at full confidence, by wish, and a leader with its own."""


@dataclass(frozen=True)
class Unit:
    """An exhibitor with those who share its booth, who go where it goes."""

    lead: Participation
    stands: tuple[Stand, ...]
    booth: Booth | None

    @property
    def members(self) -> set[Participation]:
        """Itself and those who share its booth."""
        return {self.lead, *(stand.participation for stand in self.stands)}


def metres_between(halls: Sequence[Hall], places: Sequence[plan.Place]) -> Floats:
    """(n, n) metres between all booths of the halls, along the aisles within one."""
    metres = np.full((len(places), len(places)), BETWEEN_HALLS)
    for hall in halls:
        rows = [number for number, place in enumerate(places) if place.booth.hall_id == hall.pk]
        if rows:
            own = [places[number] for number in rows]
            metres[np.ix_(rows, rows)] = matcher.distances(plan.aisles(hall, own), [place.centre for place in own])
    return np.where(np.isfinite(metres), metres, BETWEEN_HALLS)


def affinity(edition: Edition, units: Sequence[Unit], wishes: Mapping[int, BoothWish]) -> Floats:
    """(n, n) how much two should be near: links of the chains between what they offer, wishes, and who leads whom."""
    row = {stand.participation_id: number for number, unit in enumerate(units) for stand in unit.stands}
    row |= {unit.lead.pk: number for number, unit in enumerate(units)}
    near = np.zeros((len(units), len(units)))
    for supplier, user, confidence in _links(edition, row):
        near[supplier, user] = max(near[supplier, user], LINK * confidence)
    for wish in wishes.values():
        for wanted in _near(wish) if wish.participation_id in row else ():
            if wanted in row:
                near[row[wish.participation_id], row[wanted]] += WISH
    for number, unit in enumerate(units):
        for member in (unit.lead, *(stand.participation for stand in unit.stands)):
            if member.lead_id is not None and row.get(member.lead_id, number) != number:
                near[number, row[member.lead_id]] += LED
    near[np.eye(len(units), dtype=np.bool_)] = 0.0
    return near


def _links(edition: Edition, row: Mapping[int, int]) -> Iterator[tuple[int, int, float]]:
    """Supplying unit, using unit and confidence, for each link of a chain between nodes on which they offer."""
    on_node: dict[int, dict[int, float]] = defaultdict(dict)
    placements = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER, confidence__gte=0.5)
    for participation, node, confidence in placements.values_list("participation_id", "node_id", "confidence"):
        if (unit := row.get(participation)) is not None:
            on_node[node][unit] = max(on_node[node].get(unit, 0.0), confidence)
    for supplier, user in Edge.objects.values_list("supplier_id", "user_id"):
        for supplying, confidence in on_node.get(supplier, {}).items():
            for using, other_confidence in on_node.get(user, {}).items():
                yield supplying, using, confidence * other_confidence


def _near(wish: BoothWish) -> list[int]:
    """Participations that an exhibitor wishes to stand near; prefetched with the wishes."""
    return [participation.pk for participation in wish.near.all()]


def asked_booth(place: plan.Place) -> matcher.Booth:
    booth = place.booth
    return matcher.Booth(
        name=f"booth {booth.pk}",
        hall=str(booth.hall_id),
        x=place.x,
        y=place.y,
        width=place.width,
        depth=place.depth,
        kind=booth.kind,
        power=booth.power_kw,
        height=inf if booth.height_m is None else booth.height_m,
        load=inf if booth.load_kg_m2 is None else booth.load_kg_m2,
        equipment=frozenset(booth.equipment),
        pavilion=booth.pavilion,
    )


def asked_exhibitor(
    unit: Unit, wish: BoothWish | None, at: Mapping[int, int], own: int | None, laid_on: frozenset[str]
) -> matcher.Exhibitor:
    """An exhibitor as the matcher knows it; ``at`` has the free booths, ``own`` is the booth that it must have.

    ``laid_on`` is the equipment of some booth: what no booth has is brought to the booth, and not compared.
    """
    exhibitor = matcher.Exhibitor(
        name=f"firm {unit.lead.pk}",
        area=_area(unit, wish) * 0.99,
        pavilion=unit.lead.pavilion,
        hold="" if own is None else f"booth {own}",
    )
    if wish is None:
        return exhibitor
    return replace(
        exhibitor,
        kind=wish.kind,
        power=wish.power_kw,
        height=wish.height_m or 0.0,
        load=wish.load_kg_m2 or 0.0,
        equipment=frozenset(wish.equipment) & laid_on,
        hall=str(wish.hall_id) if wish.hall_id else "",
        wishes=tuple(f"booth {pk}" for pk in dict.fromkeys(wish.booths) if pk in at),
        points=wish.points,
    )


def _area(unit: Unit, wish: BoothWish | None) -> float:
    """Square metres that the exhibitor needs; its present booth is large enough though the plan may show less."""
    area = (wish.area_m2 if wish else None) or unit.lead.area_m2 or 0.0
    if unit.booth is not None and unit.booth.width_m and unit.booth.depth_m:
        area = min(area, unit.booth.width_m * unit.booth.depth_m)
    return float(area)
