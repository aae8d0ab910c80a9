"""Delegations: their members, and for which firms a leader acts."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Key, Line, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.participation.domain.representation import acted_for

room = Room(_("Buyers and delegations"), delegating.DelegationRefusedError)


class MemberShown(Schema):
    number: int
    name: str
    part: str
    firm: str | None
    lets_act: bool = Field(description="The firm lets the leader act for it")
    arrives_on: date | None
    leaves_on: date | None
    letter: str = Field(description="For a visa: none, wanted or sent")


class DelegationShown(Schema):
    number: Key
    name: str
    country: str
    leader: str | None = Field(description="Name of the leader")
    members: list[MemberShown] = Field(description="For the leader and the organiser; else those of your firm")


class DelegationGiven(Schema):
    name: Line = Field(min_length=1)
    country: str = Field("", pattern="^([A-Z]{2})?$", description="ISO 3166 alpha-2")


class MemberGiven(Schema):
    name: Line = Field(min_length=1)
    part: DelegationMember.Part = DelegationMember.Part.DELEGATE
    firm: Code = Field("", description="Identifier of the firm that it comes from")
    arrives_on: date | None = None
    leaves_on: date | None = None
    letter: DelegationMember.Letter = DelegationMember.Letter.NONE


class Letting(Schema):
    let: bool = Field(description="Whether the leader may act for your firm")


def _delegations(request: Call, edition: Edition) -> QuerySet[Delegation]:
    return delegating.visible_to(request.user, edition).select_related("leader").order_by("pk")


def delegation(request: Call, edition: Edition, row: Delegation) -> DelegationShown:
    members = row.members.select_related("participation__firm")
    if not request.user.has_perm("expo.see_delegation", row):
        members = members.filter(participation__in=acted_for(request.user, edition).values("pk"))
    return shown(
        DelegationShown,
        row,
        leader=str(row.leader) if row.leader else None,
        members=[_member(member) for member in members],
    )


def _member(row: DelegationMember) -> MemberShown:
    firm = row.participation.firm.identifier if row.participation else None
    return shown(MemberShown, row, number=row.pk, firm=firm, lets_act=row.proxy_since is not None)


@room.list("/delegations", _("Delegations"), DelegationShown, scope=READ)
def delegations(request: Call, edition: Edition) -> Any:
    """That you lead or of which your firms are; all for an organiser."""
    rows = _delegations(request, edition)
    return Listed(rows, lambda row: delegation(request, edition, row))


def delegation_of(request: Call, edition: Edition, number: int) -> Delegation:
    """A delegation that the caller may see. Raises Http404."""
    return row_of(_delegations(request, edition), number, _("There is no such delegation."))


@room.get("/delegations/{number}", _("A delegation"), DelegationShown, scope=READ)
def delegation_(request: Call, edition: Edition, number: int) -> Any:
    return delegation(request, edition, delegation_of(request, edition, number))


@room.post("/delegations", _("Found a delegation"), DelegationShown, status=201)
def found_delegation(request: Call, edition: Edition, given: DelegationGiven) -> Any:
    """That you lead."""
    return delegation(request, edition, delegating.found(edition, request.user, given.name, given.country))


@room.post("/delegations/{number}/members", _("Add a member"), DelegationShown, status=201)
def add_member(request: Call, edition: Edition, number: int, given: MemberGiven) -> Any:
    """To the delegation that you lead; the firm named is asked whether you may act for it."""
    row = _led(request, edition, number)
    participation = delegating.participant_of(edition, given.firm)
    journey = delegating.Journey(given.arrives_on, given.leaves_on, given.letter)
    delegating.add_member(
        row, by=request.user, name=given.name, part=given.part, participation=participation, journey=journey
    )
    return delegation(request, edition, row)


def _led(request: Call, edition: Edition, number: int) -> Delegation:
    row = delegation_of(request, edition, number)
    if row.leader_id != request.user.pk and not request.user.has_perm("expo.change_people", edition):
        raise ProblemError(403, _("Only the leader and the organiser change a delegation."))
    return row


@room.delete("/members/{number}", _("Remove a member"))
def remove_member(request: Call, edition: Edition, number: int) -> Any:
    row = row_of(DelegationMember.objects.filter(edition=edition), number, _("There is no such member."))
    _led(request, edition, row.delegation_id)
    delegating.remove_member(row, by=request.user)


@room.put("/members/{number}/proxy", _("Let a leader act for my firm"), MemberShown)
def let_act(request: Call, edition: Edition, number: int, given: Letting) -> Any:
    """Or do so no longer."""
    own = delegating.asked_to_let_act(request.user, edition)
    row = row_of(own, number, _("There is no such member of your firms."))
    delegating.let_act(row, by=request.user, let=given.let)
    return _member(row)
