"""Co-exhibitors: a chain leader asks its suppliers to stand with it, and they answer."""

import secrets

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.names import name_key, shown_name
from serai.expo.firms.record.domain.visibility import people_of_firm
from serai.expo.firms.record.models import Firm
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation
from serai.expo.participants.participation.domain.decisions import kind_changed, participation_changed
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User

State = CoExhibitorInvitation.State


class InvitationRefusedError(ValueError):
    """Why an invitation cannot be sent or answered, in the reader's language."""


@transaction.atomic
def invite(
    leader: Participation, *, firm_name: str, country: str, email: str, user: User
) -> tuple[CoExhibitorInvitation, str]:
    """Ask a supplier, known to Serai or not, to stand with the leader; with the token of its link.

    Raises InvitationRefusedError for a co-exhibitor, which leads nobody, for the leader
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
    if firm is None or not _exhibiting(leader.edition, firm).exclude(state__in=Participation.OVER).exists():
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
    """The invitation whose link has this token, if it still waits for an answer."""
    return (
        CoExhibitorInvitation.objects.filter(edition=edition, token_hash=hash_of(token), state=State.SENT)
        .select_related("leader__firm", "edition")
        .first()
    )


@made_once
def accept(invitation: CoExhibitorInvitation, firm: Firm, *, user: User) -> Participation:
    """The firm stands with the leader.

    A firm that exhibits already joins the leader with all that it has entered; a new one waits for the organiser, as
    every application does. Raises InvitationRefusedError where the firm leads others or is the leader itself, where the
    organiser has not accepted it, and for a new one while applications are closed.
    """
    _require_open(invitation)
    leader = invitation.leader
    if firm.pk == leader.firm_id:
        raise InvitationRefusedError(_("This is the firm that invites."))
    earlier = _exhibiting(leader.edition, firm)
    over = earlier.order_by(Case(When(state=Participation.State.REJECTED, then=0), default=1), "pk")
    participation = earlier.exclude(state__in=Participation.OVER).first() or over.first()
    if participation is not None and participation.co_exhibitors.exists():
        raise InvitationRefusedError(_("This firm leads co-exhibitors of its own and cannot stand with another."))
    if participation is not None and participation.state == Participation.State.REJECTED:
        raise InvitationRefusedError(
            _("The organiser has not accepted this firm's application. Ask the organiser to decide on it again.")
        )
    if (
        participation is not None
        and earlier.filter(kind=Participation.Kind.CO_EXHIBITOR).exclude(pk=participation.pk).exists()
    ):
        raise InvitationRefusedError(_("This firm takes part as that already, or has applied to."))
    before = state(participation) if participation else None
    if participation is None or participation.state == Participation.State.CANCELLED:
        require_open(leader.edition, Phase.Kind.APPLY, refusal=InvitationRefusedError)
        participation = participation or Participation(edition=leader.edition, firm=firm)
        participation.state, participation.section = Participation.State.APPLIED, leader.section
    participation.kind, participation.lead = Participation.Kind.CO_EXHIBITOR, leader
    participation.save()
    record(
        "participation.led", participation, before=before, after=state(participation), user=user, edition=leader.edition
    )
    participation_changed.call(participation)
    _answer(invitation, State.ACCEPTED, user, firm)
    return participation


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
def part(co_exhibitor: Participation, *, user: User, by: Participation | None = None) -> None:
    """Separate a co-exhibitor from its leader, and notify the people of the other side.

    ``by`` is the side that ends it; where the organiser does, both are told. The stand stays as it is, for the
    organiser to decide on. Raises InvitationRefusedError for one who stands with nobody.
    """
    held = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("lead__firm", "firm")
        .get(pk=co_exhibitor.pk)
    )
    leader, before = held.lead, state(held)
    if leader is None:
        raise InvitationRefusedError(_("It stands with nobody."))
    held.lead, held.kind = None, kind_alone(held)
    held.save(update_fields=["lead", "kind"])
    record("participation.parted", held, before=before, after=state(held), user=user, edition=held.edition)
    kind_changed.call(held, user)
    tell_parted(held, leader, by=by)
    co_exhibitor.lead, co_exhibitor.kind = None, held.kind


def kind_alone(co_exhibitor: Participation) -> str:
    """The kind of a separated co-exhibitor: exhibitor, unless its firm takes part as one already."""
    exhibitor = Participation.Kind.EXHIBITOR
    of_firm = Participation.objects.filter(
        edition=co_exhibitor.edition, firm=co_exhibitor.firm, kind=exhibitor
    ).exclude(pk=co_exhibitor.pk)
    return co_exhibitor.kind if co_exhibitor.kind != Participation.Kind.CO_EXHIBITOR or of_firm.exists() else exhibitor


def tell_parted(co_exhibitor: Participation, leader: Participation, *, by: Participation | None = None) -> None:
    """Notify both sides of the separation, or only the side that did not ask for it (``by`` did)."""
    if by is None or by.pk != co_exhibitor.pk:
        _tell_parted(co_exhibitor, leader)
    if by is None or by.pk != leader.pk:
        _tell_parted(leader, co_exhibitor)


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
    record_change(
        f"co_exhibitor.{to}", invitation, user=user, state=to, answered_at=timezone.now(), firm=firm or invitation.firm
    )
