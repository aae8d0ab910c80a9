"""Wishes of exhibitors as a problem of assignment, and the reasons why one was not met."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import country_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.models import Edge, Placement
from serai.expo.people.account.models import User
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.models import Booth, BoothKind, BoothWish, Hall, Stand, equipment_names
from serai.match import halls as matcher
from serai.match.halls import Against, LayoutError
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


type Names = Mapping[str, str]
"""What each key is called in the reader's language."""


def why_said(against: str, values: Sequence[Any], names: Names) -> str:
    """The sentence for what stands against a wish, as `serai.match.halls.Why` has it."""
    return _SENTENCES[Against(against)](names, *values)


def refusal_said(error: LayoutError, names: Names) -> str:
    """Why not all can be placed: who competes for which booths."""
    if not error.exhibitors:
        return str(error)
    who, where = ([names.get(key, key) for key in keys] for keys in (error.exhibitors, error.booths))
    if len(who) > MOST_NAMED:
        return _("There are %(exhibitors)d exhibitors and %(booths)d booths that fit them.") % {
            "exhibitors": len(who),
            "booths": len(where),
        }
    comma = _(", ")
    if not where:
        return _("No booth fits what is needed by %s.") % comma.join(who)
    named = {"who": comma.join(who), "where": comma.join(where), "needed": len(who), "fit": len(where)}
    return (
        ngettext(
            "%(who)s need %(needed)d booths, and only %(fit)d fits: %(where)s.",
            "%(who)s need %(needed)d booths, and only %(fit)d fit: %(where)s.",
            len(where),
        )
        % named
    )


MOST_NAMED = 20
"""Exhibitors that a sentence names."""


def _kind(kind: str) -> str:
    return str(dict(BoothKind.choices).get(kind, kind)) or "–"


_SENTENCES: Mapping[Against, Callable[..., str]] = {
    Against.HELD: lambda _names: _("The booth is kept for another."),
    Against.HELD_ELSEWHERE: lambda _names: _("Another booth is kept for it."),
    Against.AREA: lambda _names, has, needs: (
        _("It has %(has)s m² and %(needs)s m² are needed.") % {"has": f"{has:g}", "needs": f"{needs:.4g}"}
    ),
    Against.KIND: lambda _names, has, needs: (
        _("Its kind is “%(has)s” and not “%(needs)s”.") % {"has": _kind(has), "needs": _kind(needs)}
    ),
    Against.POWER: lambda _names, has, needs: (
        _("It has %(has)s kW and %(needs)s kW are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.HEIGHT: lambda _names, has, needs: (
        _("One may build %(has)s m high there and %(needs)s m are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.LOAD: lambda _names, has, needs: (
        _("Its floor bears %(has)s kg/m² and %(needs)s kg/m² are needed.") % {"has": f"{has:g}", "needs": f"{needs:g}"}
    ),
    Against.EQUIPMENT: lambda _names, lacking: _("It lacks: %s.") % ", ".join(equipment_names([lacking])),
    Against.PAVILION: lambda _names, pavilion: _("It is for members of the pavilion of %s.") % country_name(pavilion),
    Against.HALL: lambda names, has, needs: (
        _("It is in hall %(has)s and not in hall %(needs)s.")
        % {"has": names.get(f"hall {has}", has), "needs": names.get(f"hall {needs}", needs)}
    ),
    Against.OCCUPANT: lambda names, who, where: (
        _("%(who)s stands there and cannot stand at %(where)s.")
        % {"who": names.get(who, who), "where": names.get(where, where)}
    ),
    Against.PRICE: lambda _names: _("An exchange would cost more than it brings."),
}


def wish_of(participation: Participation) -> BoothWish:
    """The exhibitor's wish, or an empty one that is not written yet."""
    existing = BoothWish.objects.filter(participation=participation).first()
    return existing or BoothWish(
        edition=participation.edition, participation=participation, area_m2=participation.area_wanted_m2
    )


@made_once
def keep_wish(
    participation: Participation, values: Mapping[str, Any], near: Iterable[Participation], *, user: User
) -> BoothWish:
    """Write the wish; its points are the organiser's and stay."""
    wish = wish_of(participation)
    before = state(wish) | {"near": _near_of_wish(wish)} if wish.pk else None
    for name in ("area_m2", "kind", "power_kw", "equipment", "height_m", "load_kg_m2", "hall", "booths", "remarks"):
        setattr(wish, name, values[name])
    wish.made_at = timezone.now()
    wish.save()
    wish.near.set([neighbour for neighbour in near if neighbour.pk != participation.pk])
    after = state(wish) | {"near": _near_of_wish(wish)}
    record("booth_wish.kept", wish, before=before, after=after, user=user, edition=participation.edition)
    return wish


def _near_of_wish(wish: BoothWish) -> list[int]:
    return sorted(wish.near.values_list("pk", flat=True))
