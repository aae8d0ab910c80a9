"""Who stands where: an allocation of booths is proposed, seen with its price, and accepted or changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import perf_counter

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.audit.domain import entry, record, state
from serai.expo.audit.models import AuditEntry
from serai.expo.chains.models import Edge, Placement
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.directory import EXHIBITING
from serai.expo.firms.naming import shown_name
from serai.expo.halls import plan
from serai.expo.halls.following import stands_changed
from serai.expo.halls.freeing import KEPT
from serai.expo.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand
from serai.expo.halls.wording import refusal_said
from serai.expo.people.models import User
from serai.match import halls as matcher
from serai.match.halls.assignment import Floats

BETWEEN_HALLS = 150.0
"""Metres from the aisles of one hall to those of another."""

LINK, WISH, LED = 1.0, 2.0, 3.0
"""How much two should be near: along a link of a chain at full confidence, by wish, and a leader with its own."""

SECONDS = 6.0


class AllocationError(Exception):
    """No allocation can be made, or what was proposed cannot be done any more: the sentence says why."""


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


def state_now(booth: Booth) -> str:
    """The state of the booth today: a hold ends after its last day."""
    over = booth.held_until is not None and booth.held_until < timezone.localdate()
    return Booth.State.AVAILABLE if booth.state == Booth.State.ON_HOLD and over else booth.state


def propose_booths(
    edition: Edition, halls: Sequence[Hall], *, seconds: float = SECONDS, by: User | None = None
) -> BoothProposal:
    """Compute an allocation of the booths of these halls and keep it as a proposal: nobody moves until it is accepted.

    Placed are all who stand there now, and exhibitors of the halls' sections, or who wish for one of the halls, and
    have no booth yet. Contracted and reserved booths keep who has them; blocked ones are left out, and so are
    those on hold, but for whom they are held. Raises AllocationError.
    """
    began = perf_counter()
    with scope(edition=edition):
        places = [place for hall in halls for place in plan.places(hall)]
        units = _units(edition, halls)
        given = {unit.booth.pk: unit for unit in units if unit.booth is not None}
        own = _own_booths(units, places)
        second = _second_booths(edition, halls, given)
        free = [place for place in places if place.booth.pk not in second and _usable(place.booth, given, own)]
        if not free:
            raise AllocationError(_("None of these halls has a booth with its place on the plan."))
        metres = _metres(halls, places)
        row = {place.booth.pk: number for number, place in enumerate(places)}
        chosen = [row[place.booth.pk] for place in free]
        wishes = {
            one.participation_id: one for one in BoothWish.objects.filter(edition=edition).prefetch_related("near")
        }
        near = _affinity(edition, units, wishes)
        at = {place.booth.pk: number for number, place in enumerate(free)}
        laid_on = frozenset(code for place in free for code in place.booth.equipment)
        try:
            layout = matcher.lay_out(
                [_booth(place) for place in free],
                [_exhibitor(unit, wishes.get(unit.lead.pk), at, own.get(unit.lead.pk), laid_on) for unit in units],
                near,
                metres[np.ix_(chosen, chosen)],
                seconds=seconds,
                present=[at.get(unit.booth.pk, -1) if unit.booth else -1 for unit in units],
            )
        except matcher.LayoutError as error:
            raise AllocationError(refusal_said(error, names_of(units, free, halls))) from None
        with transaction.atomic():
            old = BoothProposal.objects.filter(edition=edition, state=BoothProposal.State.DRAFT)
            old.update(state=BoothProposal.State.DROPPED)
            made = BoothProposal.objects.create(
                edition=edition,
                made_by=by,
                booths={
                    str(unit.lead.pk): free[number].booth.pk for unit, number in zip(units, layout.booth, strict=True)
                },
                deviations=[
                    [
                        _key(one.exhibitor),
                        _key(one.wished),
                        _key(one.given),
                        _finite(one.price),
                        one.why.against,
                        list(one.why.values),
                    ]
                    for one in layout.deviations
                ],
                walking_before=layout.before or 0.0,
                walking_after=layout.walking,
                seconds=perf_counter() - began,
            )
            made.halls.set(halls)
            after = {"halls": [hall.code for hall in halls], "walking_after": made.walking_after}
            record("booths.proposed", made, after=after, user=by, edition=edition)
        return made


def _key(name: str) -> int:
    """The primary key in a name that the matcher was given."""
    return int(name.rsplit(maxsplit=1)[-1])


def _finite(price: float) -> float | None:
    return float(price) if np.isfinite(price) else None


def names_of(units: Iterable[Unit], places: Iterable[plan.Place], halls: Iterable[Hall]) -> dict[str, str]:
    """What the matcher's keys are called in the reader's language."""
    names = {f"hall {hall.pk}": hall.code for hall in halls}
    names |= {f"booth {place.booth.pk}": place.booth.label for place in places}
    firms = {unit.lead.pk: unit.lead.firm for unit in units}
    return names | {f"firm {pk}": shown_name(firm) for pk, firm in firms.items()}


def _units(edition: Edition, halls: Sequence[Hall]) -> list[Unit]:
    """Who is to be placed, the one that leads first where several share a booth."""
    standing = Stand.objects.filter(edition=edition).select_related("participation__firm", "booth__hall").order_by("pk")
    by_booth: dict[int, list[Stand]] = defaultdict(list)
    placed: set[int] = set()
    for stand in standing:
        placed.add(stand.participation_id)
        by_booth[stand.booth_id].append(stand)
    wanted = {hall.pk for hall in halls}
    units: list[Unit] = []
    seen: set[int] = set()
    for stands in by_booth.values():
        booth = stands[0].booth
        lead = min(stands, key=lambda one: (one.participation.lead_id is not None, one.pk)).participation
        if booth.hall_id in wanted and lead.pk not in seen:
            seen.add(lead.pk)
            units.append(Unit(lead, tuple(stands), booth))
    sections = {hall.section_id for hall in halls if hall.section_id}
    wishing = set(BoothWish.objects.filter(edition=edition, hall__in=wanted).values_list("participation_id", flat=True))
    homeless = Participation.objects.filter(
        edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED, lead__isnull=True
    ).select_related("firm")
    return units + [
        Unit(one, (), None)
        for one in homeless.order_by("pk")
        if one.pk not in placed and (one.section_id in sections or one.pk in wishing)
    ]


def _second_booths(edition: Edition, halls: Iterable[Hall], given: Collection[int]) -> set[int]:
    """The booths of these halls with somebody whom the allocation has at another one: those stay as they are."""
    there = Stand.objects.filter(edition=edition, booth__hall__in=list(halls)).values_list("booth_id", flat=True)
    return set(there) - set(given)


def _usable(booth: Booth, given: Mapping[int, Unit], own: Mapping[int, int]) -> bool:
    """Whether the allocation may use the booth: for who must have it, or for anyone."""
    standing = state_now(booth)
    if standing == Booth.State.BLOCKED or (standing in KEPT and booth.pk not in given):
        return False
    return standing != Booth.State.ON_HOLD or booth.pk in own.values()


def _own_booths(units: Sequence[Unit], places: Sequence[plan.Place]) -> dict[int, int]:
    """Lead -> the booth that it must have: its own where that is kept, else the first that is on hold for it.

    Who stands on a booth that is on hold for nobody who is to be placed stays there.
    """
    leads = {unit.lead.pk for unit in units}
    plotted = {place.booth.pk for place in places}
    own: dict[int, int] = {}
    for unit in units:
        if unit.booth is None or unit.booth.pk not in plotted:
            continue
        on_hold = state_now(unit.booth) == Booth.State.ON_HOLD and unit.booth.held_for_id not in leads
        if on_hold or state_now(unit.booth) in KEPT:
            own[unit.lead.pk] = unit.booth.pk
    for place in places:
        if (lead := _held_for(place.booth)) in leads and lead is not None:
            own.setdefault(lead, place.booth.pk)
    return own


def _metres(halls: Sequence[Hall], places: Sequence[plan.Place]) -> Floats:
    """(n, n) metres between all booths of the halls, along the aisles within one."""
    metres = np.full((len(places), len(places)), BETWEEN_HALLS)
    for hall in halls:
        rows = [number for number, place in enumerate(places) if place.booth.hall_id == hall.pk]
        if rows:
            own = [places[number] for number in rows]
            metres[np.ix_(rows, rows)] = matcher.distances(plan.aisles(hall, own), [place.centre for place in own])
    return np.where(np.isfinite(metres), metres, BETWEEN_HALLS)


def _affinity(edition: Edition, units: Sequence[Unit], wishes: Mapping[int, BoothWish]) -> Floats:
    """(n, n) how much two should be near: links of the chains between what they offer, wishes, and who leads whom."""
    row = {stand.participation_id: number for number, unit in enumerate(units) for stand in unit.stands}
    row |= {unit.lead.pk: number for number, unit in enumerate(units)}
    near = np.zeros((len(units), len(units)))
    on_node = _on_nodes(edition, row)
    for supplier, user in Edge.objects.values_list("supplier_id", "user_id"):
        for one, sure in on_node.get(supplier, {}).items():
            for other, as_sure in on_node.get(user, {}).items():
                near[one, other] = max(near[one, other], LINK * sure * as_sure)
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


def _on_nodes(edition: Edition, row: Mapping[int, int]) -> dict[int, dict[int, float]]:
    """Node -> unit -> how sure it is that the unit offers there."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    placements = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER, confidence__gte=0.5)
    for participation, node, sure in placements.values_list("participation_id", "node_id", "confidence"):
        if participation in row:
            found[node][row[participation]] = max(found[node].get(row[participation], 0.0), sure)
    return found


def _near(wish: BoothWish) -> list[int]:
    """Whom an exhibitor wishes to stand near; read with the wishes, by one query for all."""
    return [one.pk for one in wish.near.all()]


def _booth(place: plan.Place) -> matcher.Booth:
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


def _exhibitor(
    unit: Unit, wish: BoothWish | None, at: Mapping[int, int], own: int | None, laid_on: frozenset[str]
) -> matcher.Exhibitor:
    """``laid_on`` is what some booth there has: what none has is brought to where it is wanted, and not compared."""
    wished = tuple(f"booth {pk}" for pk in dict.fromkeys(wish.booths) if pk in at) if wish else ()
    area = (wish.area_m2 if wish else None) or unit.lead.area_m2 or 0.0
    # What it has already it may keep, though its plan be a little smaller than what was said.
    if unit.booth is not None and unit.booth.width_m and unit.booth.depth_m:
        area = min(area, unit.booth.width_m * unit.booth.depth_m)
    return matcher.Exhibitor(
        name=f"firm {unit.lead.pk}",
        area=float(area) * 0.99,
        kind=wish.kind if wish else "",
        power=wish.power_kw if wish else 0.0,
        height=(wish.height_m if wish else None) or 0.0,
        load=(wish.load_kg_m2 if wish else None) or 0.0,
        equipment=frozenset(wish.equipment if wish else ()) & laid_on,
        hall=str(wish.hall_id) if wish and wish.hall_id else "",
        pavilion=unit.lead.pavilion,
        wishes=wished,
        points=wish.points if wish else 0.0,
        hold="" if own is None else f"booth {own}",
    )


def _held_for(booth: Booth) -> int | None:
    return booth.held_for_id if state_now(booth) == Booth.State.ON_HOLD else None


def accept(proposal: BoothProposal, *, by: User | None = None) -> int:
    """Move everyone to the booth proposed; how many moved. Call inside of the edition's scope.

    Raises AllocationError where the proposal is not the one waiting, or a booth is no longer what it was.
    """
    with transaction.atomic():
        if proposal.state != BoothProposal.State.DRAFT:
            raise AllocationError(_("This proposal is not waiting any more."))
        edition = proposal.edition
        booths = Booth.objects.filter(edition=edition, hall__in=proposal.halls.all()).select_related("hall").in_bulk()
        units = {str(unit.lead.pk): unit for unit in _units(edition, list(proposal.halls.all()))}
        given = {unit.booth.pk for unit in units.values() if unit.booth is not None}
        can_be_had = set(booths) - _second_booths(edition, proposal.halls.all(), given)
        if set(units) != set(proposal.booths) or not set(proposal.booths.values()) <= can_be_had:
            raise AllocationError(_("Exhibitors or booths have changed since; propose it again."))
        # Two may change places: all leave before anyone comes, so that no booth is taken twice on the way.
        moves = [
            (unit, booths[proposal.booths[lead]])
            for lead, unit in units.items()
            if unit.booth is None or unit.booth.pk != proposal.booths[lead]
        ]
        if any(unit.booth is not None and state_now(unit.booth) in KEPT for unit, _new in moves):
            raise AllocationError(_("A booth has been reserved since; propose it again."))
        entries = [one for unit, booth in moves for one in _move(unit, booth, by)]
        AuditEntry.objects.bulk_create(entries, batch_size=500)
        stands_changed(edition, {one.pk for unit, _new in moves for one in unit.members}, by=by)
        proposal.state = BoothProposal.State.ACCEPTED
        proposal.save(update_fields=["state"])
        record("booths.accepted", proposal, after={"moved": len(moves)}, user=by, edition=edition)
        return len(moves)


def _move(unit: Unit, booth: Booth, by: User | None) -> list[AuditEntry]:
    entries = []
    if not unit.stands:
        stand = Stand.objects.create(edition_id=booth.edition_id, booth=booth, participation=unit.lead)
        return [entry("stand.given", stand, after=state(stand), user=by, edition=unit.lead.edition)]
    for stand in unit.stands:
        before = state(stand)
        stand.booth = booth
        stand.save(update_fields=["booth"])
        entries.append(
            entry("stand.moved", stand, before=before, after=state(stand), user=by, edition=unit.lead.edition)
        )
    return entries


@transaction.atomic
def drop(proposal: BoothProposal, *, by: User | None = None) -> None:
    """Forget a proposal: everyone stays."""
    proposal.state = BoothProposal.State.DROPPED
    proposal.save(update_fields=["state"])
    record("booths.dropped", proposal, user=by, edition=proposal.edition)


@transaction.atomic
def change(proposal: BoothProposal, lead: int, booth: int, *, by: User | None = None) -> None:
    """Give an exhibitor another booth of the proposal; who was to have it gets the one given up.

    Raises AllocationError.
    """
    if proposal.state != BoothProposal.State.DRAFT or str(lead) not in proposal.booths:
        raise AllocationError(_("This proposal is not waiting any more."))
    halls = list(proposal.halls.all())
    found = Booth.objects.filter(edition=proposal.edition, hall__in=halls, pk=booth).first()
    given_now = [unit.booth.pk for unit in _units(proposal.edition, halls) if unit.booth is not None]
    second = _second_booths(proposal.edition, halls, given_now)
    if found is None or found.pk in second or state_now(found) == Booth.State.BLOCKED:
        raise AllocationError(_("This booth cannot be given."))
    before = dict(proposal.booths)
    given = proposal.booths[str(lead)]
    other = next((key for key, pk in proposal.booths.items() if pk == booth), None)
    fixed = Stand.objects.filter(
        edition=proposal.edition,
        booth__in=[given, booth],
        booth__state__in=KEPT,
        participation__in=[lead, int(other or 0)],
    )
    if fixed.exists():
        raise AllocationError(_("One of the two booths is reserved or contracted."))
    proposal.booths[str(lead)] = booth
    if other is not None:
        proposal.booths[other] = given
    proposal.save(update_fields=["booths"])
    changed = {"booths": proposal.booths}
    record(
        "booths.proposal_changed", proposal, before={"booths": before}, after=changed, user=by, edition=proposal.edition
    )


@transaction.atomic
def keep(row: Booth | BoothWish, *, user: User | None = None) -> None:
    """Write a booth, or a wish with its priority, that a form has changed. Call inside of the edition's scope."""
    model = type(row)
    old = model._default_manager.filter(pk=row.pk).first()
    before = state(old) if old is not None else None
    row.save()
    record(f"{model._meta.model_name}.kept", row, before=before, after=state(row), user=user, edition=row.edition)
