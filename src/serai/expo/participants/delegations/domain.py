"""Delegations: a leader and members, the firms that let it act for them, and what they do together."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.people.account.models import User


class DelegationRefusedError(ValueError):
    """Why something cannot be done with a delegation, in the reader's language."""


@dataclass(frozen=True)
class Journey:
    """A member's days of travel and visa letter, as the reception needs them."""

    arrives_on: date | None = None
    leaves_on: date | None = None
    letter: str = DelegationMember.Letter.NONE


@made_once
def found(edition: Edition, leader: User, name: str, country: str = "") -> Delegation:
    """A delegation with its leader. Raises DelegationRefusedError for one who leads one already."""
    if Delegation.objects.filter(edition=edition, leader=leader).exists():
        raise DelegationRefusedError(_("You lead a delegation to this fair already."))
    if not name.strip():
        raise DelegationRefusedError(_("Give the delegation a name."))
    made = Delegation.objects.create(edition=edition, leader=leader, name=name.strip(), country=country)
    record("delegation.founded", made, after=state(made), user=leader, edition=edition)
    return made


@made_once
def found_for(edition: Edition, name: str, country: str = "", *, by: User) -> Delegation:
    """A delegation without a leader on this site, kept by the organiser. Raises DelegationRefusedError."""
    if not name.strip():
        raise DelegationRefusedError(_("Give the delegation a name."))
    if Delegation.objects.filter(edition=edition, name__iexact=name.strip()).exists():
        raise DelegationRefusedError(_("There is a delegation of this name already."))
    made = Delegation.objects.create(edition=edition, name=name.strip(), country=country)
    record("delegation.founded", made, after=state(made), user=by, edition=edition)
    return made


@transaction.atomic
def add_member(
    delegation: Delegation,
    *,
    by: User,
    name: str,
    part: str = DelegationMember.Part.DELEGATE,
    participation: Participation | None = None,
    journey: Journey | None = None,
) -> DelegationMember:
    """A person of the delegation; the firm that it comes from is asked whether the leader may act for it.

    Raises DelegationRefusedError.
    """
    _leads(delegation, by)
    if not name.strip():
        raise DelegationRefusedError(_("Give the name of the member."))
    went = journey or Journey()
    if went.arrives_on and went.leaves_on and went.leaves_on < went.arrives_on:
        raise DelegationRefusedError(_("The member would leave before arriving."))
    made = DelegationMember.objects.create(
        edition=delegation.edition,
        delegation=delegation,
        participation=participation,
        name=name.strip(),
        part=part,
        arrives_on=went.arrives_on,
        leaves_on=went.leaves_on,
        letter=went.letter,
    )
    record("delegation.member_added", made, after=state(made), user=by, edition=delegation.edition)
    return made


def participant_of(edition: Edition, identifier: str) -> Participation | None:
    """The participant whose firm has this identifier, None for an empty one. Raises DelegationRefusedError."""
    if not identifier.strip():
        return None
    of_firm = Participation.objects.filter(edition=edition, firm__identifier=leading(identifier))
    participation = of_firm.exclude(state__in=Participation.OVER).first()
    if participation is None:
        raise DelegationRefusedError(_("No firm with this identifier takes part; register it as a buyer first."))
    return participation


@transaction.atomic
def remove_member(member: DelegationMember, *, by: User) -> None:
    """Take a member out; the leader acts for its firm no more. Raises DelegationRefusedError."""
    _leads(member.delegation, by)
    record("delegation.member_removed", member, before=state(member), user=by, edition=member.edition)
    member.delete()


@transaction.atomic
def let_act(member: DelegationMember, *, by: User, let: bool) -> None:
    """A person of the member's firm lets the leader act for it, or does so no longer. Raises DelegationRefusedError."""
    if member.participation is None or not by.roles.filter(firm_id=member.participation.firm_id).exists():
        raise DelegationRefusedError(_("Only people of the firm itself can say who acts for it."))
    before = state(member)
    member.proxy_since = (member.proxy_since or timezone.now()) if let else None
    member.save(update_fields=["proxy_since"])
    action = "delegation.proxy_given" if let else "delegation.proxy_ended"
    record(action, member, before=before, after=state(member), user=by, edition=member.edition)


@transaction.atomic
def letter_sent(member: DelegationMember, *, by: User) -> None:
    """The organiser has sent the letter for the visa."""
    record_change("delegation.letter_sent", member, user=by, letter=DelegationMember.Letter.SENT)


@transaction.atomic
def forget_journeys(edition: Edition) -> int:
    """Delete the days of arrival and departure and the letters when the fair is over. Returns of how many."""
    members = DelegationMember.objects.filter(edition=edition).exclude(
        arrives_on__isnull=True, leaves_on__isnull=True, letter=DelegationMember.Letter.NONE
    )
    return members.update(arrives_on=None, leaves_on=None, letter=DelegationMember.Letter.NONE)


def _leads(delegation: Delegation, by: User) -> None:
    if delegation.leader_id != by.pk and not by.has_perm("expo.change_people", delegation.edition):
        raise DelegationRefusedError(_("Only the leader and the organiser change a delegation."))


def visible_to(user: User, edition: Edition) -> QuerySet[Delegation]:
    """All delegations for an organiser; for others those that they lead or of which their firms are."""
    rows = Delegation.objects.filter(edition=edition)
    if user.has_perm("expo.read_people", edition):
        return rows
    asked = asked_to_let_act(user, edition).values("delegation")
    return rows.filter(Q(leader=user) | Q(pk__in=asked))


def asked_to_let_act(user: User, edition: Edition) -> QuerySet[DelegationMember]:
    """Members of delegations whose firms are the user's own."""
    own = user.roles.filter(firm__isnull=False).values("firm")
    return DelegationMember.objects.filter(edition=edition, participation__firm__in=own).select_related(
        "delegation__leader", "participation__firm"
    )
