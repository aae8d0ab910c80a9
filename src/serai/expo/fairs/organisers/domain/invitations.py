"""Inviting organisers by mail, with a link that is good once and for some days."""

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letter, site_address
from serai.expo.fairs.organisers.domain.organisers import appoint
from serai.expo.fairs.organisers.models import OrganiserInvitation
from serai.expo.people.account.models import Organisation, Role, User

GOOD_FOR = timedelta(days=7)


class InvitationRefusedError(ValueError):
    """Why somebody is not invited or does not join: a sentence for the reader."""


def invitations(organisation: Organisation) -> QuerySet[OrganiserInvitation]:
    """The invitations of an organisation, the latest first."""
    return OrganiserInvitation.objects.filter(organisation=organisation).select_related("sent_by")


@transaction.atomic
def invite(edition: Edition, *, email: str, kind: str, by: User) -> OrganiserInvitation:
    """Ask somebody to organise, by a letter in the name of the fair. Raises InvitationRefusedError for who does."""
    email, organisation = email.strip().lower(), edition.organisation
    # The organisation is held, so that of two at once the second finds the first.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Role.objects.filter(organisation=organisation, user__email=email).exists():
        raise InvitationRefusedError(_("This person organises here already. Change the role in the list."))
    waiting = OrganiserInvitation.objects.filter(organisation=organisation, email=email, accepted_at=None).first()
    if waiting is not None:
        return send_again(waiting, edition, kind=kind, by=by)
    token = secrets.token_urlsafe(24)
    invitation = OrganiserInvitation.objects.create(
        organisation=organisation,
        email=email,
        kind=kind,
        token_hash=hash_of(token),
        sent_by=by,
        expires_at=timezone.now() + GOOD_FOR,
    )
    record("organiser.invited", invitation, after=_told(invitation), user=by, edition=edition)
    _send(invitation, edition, token, by)
    return invitation


@transaction.atomic
def send_again(
    invitation: OrganiserInvitation, edition: Edition, *, by: User, kind: str | None = None
) -> OrganiserInvitation:
    """Send an invitation again with a new link; the one before opens nothing any more.

    Raises InvitationRefusedError where it was accepted.
    """
    if invitation.accepted_at is not None:
        raise InvitationRefusedError(_("This invitation was accepted."))
    before, token, now = _told(invitation), secrets.token_urlsafe(24), timezone.now()
    invitation.token_hash, invitation.kind = hash_of(token), kind or invitation.kind
    invitation.sent_at, invitation.sent_by, invitation.expires_at, invitation.opened_at = now, by, now + GOOD_FOR, None
    invitation.save()
    record("organiser.invited_again", invitation, before=before, after=_told(invitation), user=by, edition=edition)
    _send(invitation, edition, token, by)
    return invitation


@transaction.atomic
def withdraw(invitation: OrganiserInvitation, edition: Edition, *, by: User) -> None:
    """Take an invitation back: its link opens nothing any more. Raises InvitationRefusedError where it was accepted."""
    if invitation.accepted_at is not None:
        raise InvitationRefusedError(_("This invitation was accepted."))
    record("organiser.invitation_withdrawn", invitation, before=_told(invitation), user=by, edition=edition)
    invitation.delete()


def invitation_of(token: str) -> OrganiserInvitation | None:
    """The invitation whose link has this token, if it can still be accepted."""
    waiting = OrganiserInvitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now())
    return waiting.filter(token_hash=hash_of(token)).select_related("organisation", "sent_by").first()


def keep_opened(invitation: OrganiserInvitation) -> None:
    """Keep when its link was opened first."""
    if invitation.opened_at is None:
        # Looking is no change that the trail keeps.
        OrganiserInvitation.objects.filter(pk=invitation.pk).update(opened_at=timezone.now())


def is_for(invitation: OrganiserInvitation, user: User) -> bool:
    """Whether the invited mail address is the user's, proved where it is not the first one."""
    own = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    return user.email.lower() == invitation.email or own.exists()


@transaction.atomic
def accept(invitation: OrganiserInvitation, *, user: User) -> Role:
    """Give the user the role of the invitation. Who organises there already keeps the own role.

    Raises InvitationRefusedError for a link that somebody else got hold of: one mail address was invited.
    """
    held = OrganiserInvitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at is not None:
        raise InvitationRefusedError(_("This invitation was accepted."))
    if not is_for(held, user):
        raise InvitationRefusedError(
            _("This invitation is for another mail address. Sign in with it, add it to your account, or ask again.")
        )
    role = Role.objects.filter(user=user, organisation=held.organisation).first()
    if role is None:
        role = appoint(user, held.organisation, held.kind, by=user)
    record_change("organiser.joined", held, user=user, accepted_at=timezone.now())
    return role


def _send(invitation: OrganiserInvitation, edition: Edition, token: str, by: User) -> None:
    values = {
        "organisation": in_language(invitation.organisation.name).text or invitation.organisation.slug,
        "person": by,
        "role": invitation.get_kind_display(),
        "days": GOOD_FOR.days,
        "address": site_address() + reverse("organiser-join", args=[token]),
    }
    send_letter(edition, invitation.email, "organiser-invitation", values, private=True)


def _told(invitation: OrganiserInvitation) -> dict[str, Any]:
    return {name: value for name, value in state(invitation).items() if name != "token_hash"}
