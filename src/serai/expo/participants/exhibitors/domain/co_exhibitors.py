"""Co-exhibitors: a chain leader asks its suppliers to stand with it, and they answer."""

import hashlib
import secrets

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.owners import people_of_firm
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.exhibitors.domain.application import OVER
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.signals import kind_changed, participation_changed
from serai.expo.people.account.models import User

State = CoExhibitorInvitation.State


class InvitationRefusedError(ValueError):
    """Why an invitation cannot be sent or answered, in the reader's language."""


def hash_of(token: str) -> str:
    """What is kept of a token: enough to know it again, too little to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    leader: Participation, *, firm_name: str, country: str, email: str, user: User
) -> tuple[CoExhibitorInvitation, str]:
    """Ask a supplier, known to Serai or not, to stand with the leader; with the token of its link.

    Call inside of the scope. Raises InvitationRefusedError for a co-exhibitor, which leads nobody, for the leader
    itself, for one that is asked already, and while applications are closed for one that does not exhibit yet.
    """
    if leader.lead_id is not None:
        raise InvitationRefusedError(_("A co-exhibitor stands with its leader and cannot lead others."))
    firm = Firm.objects.filter(country=country, name_key=name_key(firm_name)[:300]).first()
    if firm is not None and firm.pk == leader.firm_id:
        raise InvitationRefusedError(_("This is your own firm."))
    asked = CoExhibitorInvitation.objects.filter(leader=leader, email__iexact=email, state=State.SENT)
    if asked.exists():
        raise InvitationRefusedError(_("This address is invited already."))
    if firm is None or not _exhibiting(leader.edition, firm).exclude(state__in=OVER).exists():
        require_open(leader.edition, Phase.Kind.APPLY, refusal=InvitationRefusedError)
    token = secrets.token_urlsafe(24)
    made = CoExhibitorInvitation.objects.create(
        edition=leader.edition,
        leader=leader,
        firm=firm,
        firm_name=firm_name,
        country=country,
        email=email.strip().lower(),
        token_hash=hash_of(token),
        sent_by=user,
    )
    record("co_exhibitor.invited", made, after=state(made), user=user, edition=leader.edition)
    return made, token


def invitation_of(edition: Edition, token: str) -> CoExhibitorInvitation | None:
    """The invitation whose link has this token, if it still waits for an answer. Call inside of the scope."""
    return (
        CoExhibitorInvitation.objects.filter(edition=edition, token_hash=hash_of(token), state=State.SENT)
        .select_related("leader__firm", "edition")
        .first()
    )


@transaction.atomic
def accept(invitation: CoExhibitorInvitation, firm: Firm, *, user: User) -> Participation:
    """The firm stands with the leader. Call inside of the scope.

    A firm that exhibits already joins the leader with all that it has entered; a new one waits for the organiser, as
    every application does. Raises InvitationRefusedError where the firm leads others or is the leader itself, where the
    organiser has not accepted it, and for a new one while applications are closed.
    """
    _require_open(invitation)
    leader = invitation.leader
    if firm.pk == leader.firm_id:
        raise InvitationRefusedError(_("This is the firm that invites."))
    known = _exhibiting(leader.edition, firm)
    over = known.order_by(Case(When(state=Participation.State.REJECTED, then=0), default=1), "pk")
    one = known.exclude(state__in=OVER).first() or over.first()
    if one is not None and one.co_exhibitors.exists():
        raise InvitationRefusedError(_("This firm leads co-exhibitors of its own and cannot stand with another."))
    if one is not None and one.state == Participation.State.REJECTED:
        raise InvitationRefusedError(
            _("The organiser has not accepted this firm's application. Ask the organiser to decide on it again.")
        )
    if one is not None and known.filter(kind=Participation.Kind.CO_EXHIBITOR).exclude(pk=one.pk).exists():
        raise InvitationRefusedError(_("This firm takes part as that already, or has applied to."))
    before = state(one) if one else None
    if one is None or one.state == Participation.State.CANCELLED:
        require_open(leader.edition, Phase.Kind.APPLY, refusal=InvitationRefusedError)
        one = one or Participation(edition=leader.edition, firm=firm)
        one.state, one.section = Participation.State.APPLIED, leader.section
    one.kind, one.lead = Participation.Kind.CO_EXHIBITOR, leader
    one.save()
    record("participation.led", one, before=before, after=state(one), user=user, edition=leader.edition)
    participation_changed.call(one)
    _answer(invitation, State.ACCEPTED, user, firm)
    return one


@transaction.atomic
def decline(invitation: CoExhibitorInvitation, *, user: User) -> None:
    """Say no to the leader."""
    _require_open(invitation)
    _answer(invitation, State.DECLINED, user)


@transaction.atomic
def take_back(invitation: CoExhibitorInvitation, *, user: User) -> None:
    """The leader takes an invitation back; its link answers no more."""
    _require_open(invitation)
    _answer(invitation, State.WITHDRAWN, user)


@transaction.atomic
def part(one: Participation, *, user: User, by: Participation | None = None) -> None:
    """A co-exhibitor stands with its leader no more, but for itself; the people of the other side are told.

    ``by`` is the side that ends it; where the organiser does, both are told. The stand stays as it is, for the
    organiser to decide on. Call inside of the scope. Raises InvitationRefusedError for one who stands with nobody.
    """
    held = Participation.objects.select_for_update(of=("self",)).select_related("lead__firm", "firm").get(pk=one.pk)
    leader, before = held.lead, state(held)
    if leader is None:
        raise InvitationRefusedError(_("It stands with nobody."))
    held.lead, held.kind = None, kind_alone(held)
    held.save(update_fields=["lead", "kind"])
    record("participation.parted", held, before=before, after=state(held), user=user, edition=held.edition)
    kind_changed.call(held, user)
    tell_parted(held, leader, by=by)
    one.lead, one.kind = None, held.kind


def kind_alone(one: Participation) -> str:
    """As what a co-exhibitor takes part by itself: as an exhibitor, unless its firm is one beside already."""
    exhibitor = Participation.Kind.EXHIBITOR
    known = Participation.objects.filter(edition=one.edition, firm=one.firm, kind=exhibitor).exclude(pk=one.pk)
    return one.kind if one.kind != Participation.Kind.CO_EXHIBITOR or known.exists() else exhibitor


def tell_parted(one: Participation, leader: Participation, *, by: Participation | None = None) -> None:
    """Tell the people of both, or of the side that is not ``by``, that they stand together no more."""
    if by is None or by.pk != one.pk:
        _tell_parted(one, leader)
    if by is None or by.pk != leader.pk:
        _tell_parted(leader, one)


def _tell_parted(to: Participation, other: Participation) -> None:
    def values(_reader: User) -> dict[str, object]:
        return {"firm": shown_name(to.firm), "other": shown_name(other.firm)}

    send_letters(to.edition, people_of_firm(to.firm_id), "co-exhibitor-parted", values)


def _exhibiting(edition: Edition, firm: Firm) -> QuerySet[Participation]:
    return Participation.objects.filter(edition=edition, firm=firm, kind__in=EXHIBITING)


def _require_open(invitation: CoExhibitorInvitation) -> None:
    if invitation.state != State.SENT:
        raise InvitationRefusedError(_("This invitation has been answered or taken back."))


def _answer(invitation: CoExhibitorInvitation, to: str, user: User, firm: Firm | None = None) -> None:
    before = state(invitation)
    invitation.state, invitation.answered_at = to, timezone.now()
    invitation.firm = firm or invitation.firm
    invitation.save()
    record(
        f"co_exhibitor.{to}", invitation, before=before, after=state(invitation), user=user, edition=invitation.edition
    )
