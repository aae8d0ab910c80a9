"""Acceptance of an invitation: opening its link, and joining the team of the firm by it."""

import hashlib
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import active_owners, tell_who_joined
from serai.expo.firms.record.models import Firm
from serai.expo.participants.invitations.domain.invitations import InvitationRefusedError, State, send_again
from serai.expo.participants.invitations.models import DeskInvitation
from serai.expo.participants.team.domain import seats_free
from serai.expo.people.account.domain.profile import account_of
from serai.expo.people.account.models import Role, User

FRESH = timedelta(days=3)
"""A link proves by itself for so long that its reader has the mailbox; later a code is sent there too."""
BETWEEN = timedelta(minutes=10)
"""How long after a letter its reader may ask for another."""


def invitation_of(edition: Edition, token: str) -> DeskInvitation | None:
    """The invitation of this link, also where it has run out; None for a link that is used or replaced."""
    rows = DeskInvitation.objects.filter(edition=edition, token_hash=hash_of(token)).exclude(
        Q(state=State.JOINED) | Q(contact__participation__state__in=Participation.OVER)
    )
    return rows.select_related("contact__participation__firm", "edition__organisation").first()


def is_good(invitation: DeskInvitation) -> bool:
    """Whether the link has not run out."""
    return invitation.expires_at > timezone.now()


def opened(invitation: DeskInvitation, program: str) -> None:
    """The page of the link was looked at, by a person or by a program that looks at all links of a mail."""
    if invitation.opened_at is None:
        DeskInvitation.objects.filter(pk=invitation.pk, opened_at__isnull=True).update(
            opened_at=timezone.now(), opened_by=_fingerprint(program)
        )
        waiting = DeskInvitation.objects.filter(pk=invitation.pk, state__in=(State.QUEUED, State.SENT))
        waiting.update(state=State.OPENED)


def proves_by_itself(invitation: DeskInvitation, program: str) -> bool:
    """Whether the link alone signs its reader in.

    It does not where it is old, where another program opened it first, as scanners of mail do, and for an account that
    has more to guard than a desk: then a code is sent to the mailbox.
    """
    if timezone.now() - invitation.sent_at > FRESH or invitation.opened_by not in {"", _fingerprint(program)}:
        return False
    user = User.objects.filter(email=invitation.contact.email).first()
    if user is None:
        return True
    guarded = user.is_staff or user.is_superuser or user.has_usable_password() or not user.is_active
    return not (
        guarded
        or user.roles.filter(organisation__isnull=False).exists()
        or Authenticator.objects.filter(user=user).exists()
    )


def account_for(invitation: DeskInvitation, *, proved: bool) -> User:
    """The account of the contact person, made where there is none; ``proved`` by the link that was sent to it."""
    contact = invitation.contact
    with override(contact.language or contact.participation.firm.language or None):
        user = account_of(contact.email, name=contact.name)
    if proved:
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def owns_the_address(user: User, invitation: DeskInvitation) -> bool:
    """Whether the mail address of the invitation is proved to be the user's."""
    own = EmailAddress.objects.filter(user=user, email__iexact=invitation.contact.email, verified=True)
    return bool(own.exists())


@transaction.atomic
def join(invitation: DeskInvitation, *, user: User) -> Participation:
    """Make the user one of the firm's team, as the invitation says. Its link is used up then.

    Of a firm that has an owner nobody becomes owner by an organiser's letter, but a member; the owners are told. Raises
    InvitationRefusedError for who does not have the mail address, or acts for another, and where no seat is free.
    """
    held = DeskInvitation.objects.select_for_update().get(pk=invitation.pk)
    held.contact = invitation.contact
    participation = held.contact.participation
    if held.state == State.JOINED or not is_good(held):
        raise InvitationRefusedError(_("This link has been used, or has run out."))
    if user.helping_organisation is not None:
        raise InvitationRefusedError(_("While you act for somebody you can't join a team."))
    if not owns_the_address(user, held):
        raise InvitationRefusedError(
            _("This invitation is for another mail address. Sign out, and open the link again.")
        )
    Firm.objects.select_for_update().get(pk=participation.firm_id)  # of two at once one takes the last seat
    is_new = not Role.objects.filter(user=user, firm=participation.firm_id).exists()
    if is_new and not seats_free(participation, but=held.contact.email):
        raise InvitationRefusedError(
            _("All %d seats of the team are taken. Ask the firm's owner to remove somebody, or the organiser for more.")
            % participation.seats
        )
    has_owner = bool(active_owners(participation.firm_id))
    kind = Role.Kind.MEMBER if has_owner and held.kind == Role.Kind.OWNER else held.kind
    role, made = Role.objects.get_or_create(user=user, firm=participation.firm, defaults={"kind": kind})
    if made:
        record("role.given", role, after=state(role), user=user)
        if has_owner:
            tell_who_joined(participation.firm, [user], held.edition)
    held.contact.user = user
    held.contact.save(update_fields=["user"])
    record_change(
        "deskinvitation.joined", held, user=user, state=State.JOINED, joined_at=timezone.now(), user_id=user.pk
    )
    return participation


def send_another(invitation: DeskInvitation) -> bool:
    """A new link to the same address, asked for by who has an old one. Not right after another one."""
    if timezone.now() - invitation.sent_at < BETWEEN:
        return False
    send_again(invitation, user=None)
    return True


def _fingerprint(program: str) -> str:
    return hashlib.sha256(program.encode()).hexdigest()
