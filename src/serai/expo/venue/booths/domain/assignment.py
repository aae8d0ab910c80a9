"""Booth assignment: one booth is given to an exhibitor, or left by it. An allocation assigns many at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.venue.booths.domain.allocation import drop
from serai.expo.venue.contracts.domain.contracts import is_outdated
from serai.expo.venue.contracts.models import STANDING, BoothContract
from serai.expo.venue.halls.domain.plan import KEPT, set_state, state_now
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Booth, BoothProposal, Stand


class StandRefusedError(ValueError):
    """Why a booth cannot be given, or left, in the reader's language."""


@dataclass(frozen=True)
class Done:
    """The result: number of announced meetings that moved, and warnings for the organiser."""

    moved: int
    warnings: tuple[str, ...]


def may_be_given(edition: Edition) -> QuerySet[Participation]:
    """The exhibitors to whom a booth can be given, by name."""
    rows = Participation.objects.filter(edition=edition, kind__in=EXHIBITING, state=Participation.State.CONFIRMED)
    return rows.order_by("firm__sort_name", "pk")


def exhibitor_named(edition: Edition, identifier: str, kind: str = "") -> Participation:
    """The exhibitor whose firm has this identifier, of this kind where one is named. Raises StandRefusedError."""
    rows = Participation.objects.filter(
        edition=edition, kind__in=[kind] if kind else EXHIBITING, firm__identifier=leading(identifier)
    )
    # Who takes part as an exhibitor and as one that serves others has its booth as the exhibitor.
    participation = min(
        rows.select_related("firm"),
        key=lambda participation: (EXHIBITING.index(participation.kind), participation.pk),
        default=None,
    )
    if participation is None:
        raise StandRefusedError(_("No exhibitor of this fair has the identifier %s.") % identifier)
    return participation


@made_once
def give(
    booth: Booth, participation: Participation, *, move: bool = True, share: bool = False, by: User | None = None
) -> Done:
    """Give the booth to the exhibitor. With ``move`` the exhibitor leaves all other booths, else it has one more.

    Its co-exhibitors at those booths move too. With ``share`` it joins the exhibitors at the booth. Raises
    StandRefusedError, and changes nothing then.
    """
    booth = _locked(booth)
    _refuse(booth, participation, share=share)
    edition = booth.edition
    left: set[Booth] = set()
    company = {participation.pk}
    if move:
        theirs = list(Stand.objects.filter(participation=participation).select_related("booth").order_by("pk"))
        left = {stand.booth for stand in theirs}
        led = Stand.objects.filter(booth__in=left, participation__lead=participation).select_related("booth")
        theirs += led.order_by("participation", "pk")
        company |= {stand.participation_id for stand in theirs}
    else:
        theirs = []
    there = set(booth.stands.values_list("participation_id", flat=True))
    for stand in theirs:
        if stand.participation_id in there:
            remove(stand, user=by)
            continue
        there.add(stand.participation_id)
        record_change("stand.moved", stand, user=by, booth=booth)
    if participation.pk not in there:
        made = Stand.objects.create(edition=edition, booth=booth, participation=participation)
        record("stand.given", made, after=state(made), user=by, edition=edition)
    if state_now(booth) == Booth.State.ON_HOLD:  # held for this exhibitor, which has it now
        set_state(booth, Booth.State.RESERVED, user=by)
    return _followed(edition, company, {booth, *left}, left, participation, _size(booth, participation), by)


@transaction.atomic
def leave(booth: Booth, participation: Participation, *, by: User | None = None) -> Done:
    """Take the exhibitor and its co-exhibitors from the booth.

    Raises StandRefusedError where it does not stand there.
    """
    booth = _locked(booth)
    stand = Stand.objects.filter(booth=booth, participation=participation).first()
    if stand is None:
        raise StandRefusedError(
            _("%(firm)s does not stand at booth %(booth)s.")
            % {"firm": shown_name(participation.firm), "booth": booth.label}
        )
    led = list(Stand.objects.filter(booth=booth, participation__lead=participation).order_by("pk"))
    company = {participation.pk, *(stand_left.participation_id for stand_left in led)}
    for stand_left in (stand, *led):
        remove(stand_left, user=by)
    return _followed(booth.edition, company, {booth}, {booth}, participation, [], by)


def _locked(booth: Booth) -> Booth:
    # The lock takes the booth alone: PostgreSQL takes none over a join that may be empty.
    rows = Booth.objects.select_for_update(of=("self",)).select_related("hall", "held_for__firm", "edition")
    return rows.get(pk=booth.pk)


def _refuse(booth: Booth, participation: Participation, *, share: bool) -> None:
    """Raise StandRefusedError if the exhibitor cannot have the booth, with the reason."""
    names = {"booth": booth.label, "firm": shown_name(participation.firm)}
    if participation.kind not in EXHIBITING or participation.state != Participation.State.CONFIRMED:
        raise StandRefusedError(
            _("%(firm)s is no confirmed exhibitor of this fair. Confirm it first, or hold the booth for it.") % names
        )
    there = list(Stand.objects.filter(booth=booth).select_related("participation__firm").order_by("pk"))
    if participation.pk in {stand.participation_id for stand in there}:
        raise StandRefusedError(_("%(firm)s stands at booth %(booth)s already.") % names)
    standing = state_now(booth)
    if standing == Booth.State.BLOCKED:
        raise StandRefusedError(_("Booth %(booth)s is blocked. Set another state first.") % names)
    if standing == Booth.State.ON_HOLD and booth.held_for_id != participation.pk:
        names["day"] = date_format(booth.held_until, "SHORT_DATE_FORMAT") if booth.held_until else "–"
        if booth.held_for is None:
            raise StandRefusedError(
                _("Booth %(booth)s is on hold until %(day)s. Say that it is held for %(firm)s, or end the hold.")
                % names
            )
        names["firm"] = shown_name(booth.held_for.firm)
        raise StandRefusedError(_("Booth %(booth)s is on hold for %(firm)s until %(day)s.") % names)
    if booth.pavilion and booth.pavilion != participation.pavilion:
        names["pavilion"] = booth.pavilion
        raise StandRefusedError(
            _("Booth %(booth)s is for members of the country pavilion %(pavilion)s, and %(firm)s is none.") % names
        )
    contract = _contracts(booth=booth).exclude(participation__in=[participation.pk, participation.lead_id or 0]).first()
    if contract is not None and contract.participation_id not in {stand.participation_id for stand in there}:
        names |= {"firm": shown_name(contract.participation.firm), "contract": contract.reference}
        raise StandRefusedError(
            _("Booth %(booth)s is that of the contract %(contract)s with %(firm)s. Withdraw it first.") % names
        )
    others = [stand.participation for stand in there if not _together(stand.participation, participation)]
    if others and not share:
        names["firm"] = shown_name(others[0].firm)
        raise StandRefusedError(
            _("%(firm)s stands at booth %(booth)s. Say that they share it, or give it another booth first.") % names
        )


def _together(participation: Participation, other: Participation) -> bool:
    """Whether one leads the other, or the same leads both."""
    return (
        participation.lead_id == other.pk
        or other.lead_id == participation.pk
        or (participation.lead_id is not None and participation.lead_id == other.lead_id)
    )


def _contracts(**of: object) -> QuerySet[BoothContract]:
    rows = BoothContract.objects.filter(state__in=STANDING, **of)
    return rows.select_related("participation__firm", "booth__hall").order_by("number")


def _followed(
    edition: Edition,
    company: set[int],
    concerned: set[Booth],
    left: set[Booth],
    participation: Participation,
    warnings: Iterable[str],
    by: User | None,
) -> Done:
    """Update what depends on who stands where. Returns the result with its warnings."""
    for booth in left:
        release_if_left(booth, user=by)
    relocated = stands_changed(edition, company, by=by)
    notes = [*warnings, *_outdated(company)]
    if lost := relocated.without_place:
        notes.append(
            ngettext(
                "%d meeting that was told has no place: no table is free at its time. Give it another time.",
                "%d meetings that were told have no place: no table is free at their times. Give them other times.",
                lost,
            )
            % lost
        )
    halls = {booth.hall_id for booth in concerned}
    for proposal in BoothProposal.objects.filter(edition=edition, state=BoothProposal.State.DRAFT):
        if str(participation.pk) in proposal.booths or halls & set(proposal.halls.values_list("pk", flat=True)):
            drop(proposal, by=by)
            notes.append(_("The allocation that was proposed did not know of this and is forgotten. Propose it anew."))
    return Done(relocated.moved, tuple(notes))


def _size(booth: Booth, participation: Participation) -> list[str]:
    """A warning if the booth is smaller than the area that was granted."""
    granted = participation.area_m2
    if not (granted and booth.width_m and booth.depth_m) or booth.width_m * booth.depth_m >= 0.99 * granted:
        return []
    values = {"booth": booth.label, "has": number_format(round(booth.width_m * booth.depth_m, 1)), "granted": granted}
    return [_("Booth %(booth)s has %(has)s m², and %(granted)d m² were granted.") % values]


def _outdated(company: Iterable[int]) -> Iterator[str]:
    """The contracts that name a booth at which their exhibitor does not stand any more."""
    for contract in _contracts(participation__in=company):
        if is_outdated(contract):
            yield (
                _("Contract %(contract)s with %(firm)s (%(state)s) is for booth %(booth)s. Withdraw it, offer anew.")
                % {
                    "contract": contract.reference,
                    "firm": shown_name(contract.participation.firm),
                    "state": contract.get_state_display(),
                    "booth": contract.booth.label if contract.booth else contract.content["booth"]["label"],
                }
            )


@transaction.atomic
def free(stand: Stand, *, user: User) -> None:
    """Remove a stand. The booth becomes available if nobody else stands there and no contract binds it."""
    booth = stand.booth
    remove(stand, user=user)
    release_if_left(booth, user=user)
    stands_changed(stand.edition, {stand.participation_id}, by=user)


def remove(stand: Stand, *, user: User | None) -> None:
    """Delete the stand with its audit entry; the caller calls `stands_changed`."""
    record("stand.removed", stand, before=state(stand), user=user, edition=stand.edition)
    stand.delete()


def release_if_left(booth: Booth, *, user: User | None) -> None:
    """Make a reserved or contracted booth available once it is empty and no contract binds it."""
    if booth.state not in KEPT or booth.stands.exists():
        return
    if not BoothContract.objects.filter(booth=booth, state__in=STANDING).exists():
        set_state(booth, Booth.State.AVAILABLE, user=user)
