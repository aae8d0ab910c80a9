"""Who stands where: an allocation of booths is proposed, seen with its price, and accepted or changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import entry, record, record_all, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.venue.booths.domain.problem import (
    Unit,
    affinity,
    asked_booth,
    asked_exhibitor,
    metres_between,
    refusal_said,
)
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.domain.plan import KEPT, state_now
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand
from serai.match import halls as matcher

SECONDS = 6.0


class AllocationError(Exception):
    """No allocation can be made, or what was proposed cannot be done any more: the sentence says why."""


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
        free = [place for place in places if place.booth.pk not in second and usable(place.booth, given, own)]
        if not free:
            raise AllocationError(_("None of these halls has a booth with its place on the plan."))
        try:
            layout = _lay_out(edition, halls, units, places, free, own, seconds)
        except matcher.LayoutError as error:
            raise AllocationError(refusal_said(error, names_of(units, free, halls))) from None
        booths = {str(unit.lead.pk): free[row].booth.pk for unit, row in zip(units, layout.booth, strict=True)}
        return _keep_proposal(edition, halls, booths, layout, seconds=perf_counter() - began, by=by)


def _lay_out(
    edition: Edition,
    halls: Sequence[Hall],
    units: Sequence[Unit],
    places: Sequence[plan.Place],
    free: Sequence[plan.Place],
    own: Mapping[int, int],
    seconds: float,
) -> matcher.Layout:
    """Lay the units out on the free places, of all ``places``; ``own`` are the booths that leads must have."""
    metres = metres_between(halls, places)
    row_of_booth = {place.booth.pk: row for row, place in enumerate(places)}
    rows = [row_of_booth[place.booth.pk] for place in free]
    wishes = {
        wish.participation_id: wish for wish in BoothWish.objects.filter(edition=edition).prefetch_related("near")
    }
    near = affinity(edition, units, wishes)
    at = {place.booth.pk: row for row, place in enumerate(free)}
    laid_on = frozenset(code for place in free for code in place.booth.equipment)
    return matcher.lay_out(
        [asked_booth(place) for place in free],
        [asked_exhibitor(unit, wishes.get(unit.lead.pk), at, own.get(unit.lead.pk), laid_on) for unit in units],
        near,
        metres[np.ix_(rows, rows)],
        seconds=seconds,
        present=[at.get(unit.booth.pk, -1) if unit.booth else -1 for unit in units],
    )


@transaction.atomic
def _keep_proposal(
    edition: Edition,
    halls: Sequence[Hall],
    booths: Mapping[str, int],
    layout: matcher.Layout,
    *,
    seconds: float,
    by: User | None,
) -> BoothProposal:
    """Keep the layout as the proposal that waits, instead of an earlier one."""
    old = BoothProposal.objects.filter(edition=edition, state=BoothProposal.State.DRAFT)
    old.update(state=BoothProposal.State.DROPPED)
    proposal = BoothProposal.objects.create(
        edition=edition,
        made_by=by,
        booths=booths,
        deviations=[_kept_deviation(deviation) for deviation in layout.deviations],
        walking_before=layout.before or 0.0,
        walking_after=layout.walking,
        seconds=seconds,
    )
    proposal.halls.set(halls)
    after = {"halls": [hall.code for hall in halls], "walking_after": proposal.walking_after}
    record("booths.proposed", proposal, after=after, user=by, edition=edition)
    return proposal


def _kept_deviation(deviation: matcher.Deviation) -> list[Any]:
    """A wish that is not met, as JSON: keys of exhibitor, wished and given booth, price, and why."""
    keys = [_key(name) for name in (deviation.exhibitor, deviation.wished, deviation.given)]
    return [*keys, _finite(deviation.price), deviation.why.against, list(deviation.why.values)]


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
    for stand in standing:
        by_booth[stand.booth_id].append(stand)
    wanted = {hall.pk for hall in halls}
    units: list[Unit] = []
    seen: set[int] = set()
    for stands in by_booth.values():
        booth = stands[0].booth
        lead = min(stands, key=lambda stand: (stand.participation.lead_id is not None, stand.pk)).participation
        if booth.hall_id in wanted and lead.pk not in seen:
            seen.add(lead.pk)
            units.append(Unit(lead, tuple(stands), booth))
    sections = {hall.section_id for hall in halls if hall.section_id}
    wishing = set(BoothWish.objects.filter(edition=edition, hall__in=wanted).values_list("participation_id", flat=True))
    return units + [
        Unit(participation, (), None)
        for participation in without_booth(edition).select_related("firm").order_by("pk")
        if participation.section_id in sections or participation.pk in wishing
    ]


def without_booth(edition: Edition) -> QuerySet[Participation]:
    """Confirmed exhibitors that stand at no booth, but for those who share the booth of another."""
    standing = Stand.objects.filter(edition=edition).values("participation")
    return Participation.objects.filter(
        edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED, lead__isnull=True
    ).exclude(pk__in=standing)


def _second_booths(edition: Edition, halls: Iterable[Hall], given: Collection[int]) -> set[int]:
    """The booths of these halls with somebody whom the allocation has at another one: those stay as they are."""
    there = Stand.objects.filter(edition=edition, booth__hall__in=list(halls)).values_list("booth_id", flat=True)
    return set(there) - set(given)


def usable(booth: Booth, given: Mapping[int, Unit], own: Mapping[int, int]) -> bool:
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


def _held_for(booth: Booth) -> int | None:
    return booth.held_for_id if state_now(booth) == Booth.State.ON_HOLD else None


def accept(proposal: BoothProposal, *, by: User | None = None) -> int:
    """Move everyone to the proposed booth and return how many moved.

    Raises AllocationError if the proposal is not the one that waits, or a booth has changed since.
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
        entries = [written for unit, booth in moves for written in _move(unit, booth, by)]
        record_all(entries)
        stands_changed(edition, {member.pk for unit, _new in moves for member in unit.members}, by=by)
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
    wanted = Booth.objects.filter(edition=proposal.edition, hall__in=halls, pk=booth).first()
    given_now = [unit.booth.pk for unit in _units(proposal.edition, halls) if unit.booth is not None]
    second = _second_booths(proposal.edition, halls, given_now)
    if wanted is None or wanted.pk in second or state_now(wanted) == Booth.State.BLOCKED:
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
    """Write a booth, or a wish with its priority, that a form has changed."""
    model = type(row)
    old = model._default_manager.filter(pk=row.pk).first()
    before = state(old) if old is not None else None
    row.save()
    record(f"{model._meta.model_name}.kept", row, before=before, after=state(row), user=user, edition=row.edition)
