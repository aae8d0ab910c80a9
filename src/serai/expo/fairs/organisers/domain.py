"""An organisation and its people: the first owner, invitations, and changes of their rights."""

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.text import in_language
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letter, site_address
from serai.expo.fairs.organisers.models import OrganiserInvitation
from serai.expo.people.account.models import Organisation, Role, User
from serai.world.classifications.countries import find


class LastOwnerError(ValueError):
    """The organisation would have no owner: a sentence for the reader."""


class CountryUnknownError(LookupError):
    """The country of a new organisation is not known; the message says how to name it."""


def organisers() -> QuerySet[Role]:
    """Who has a role in an organisation, by organisation and mail address."""
    rows = Role.objects.filter(organisation__isnull=False).select_related("organisation", "user")
    return rows.order_by("organisation__slug", "user__email")


def organisers_of(organisation: Organisation) -> QuerySet[Role]:
    """The roles in an organisation, by the name of the person."""
    return Role.objects.filter(organisation=organisation).select_related("user").order_by("user__name", "pk")


def is_organised() -> bool:
    """Whether somebody organises here: an account that is open, with a role in an organisation."""
    return organisers().filter(user__is_active=True).exists()


def organisation_called(name: str) -> Organisation | None:
    """The organisation with this name, in whatever language, or with this short name of addresses."""
    sought = name.strip().casefold()
    for organisation in Organisation.objects.order_by("pk"):
        if sought in {organisation.slug, *(text.casefold() for text in organisation.name.values())}:
            return organisation
    return None


@transaction.atomic
def make_organisation(name: str, country: str = "", *, by: User | None = None) -> Organisation:
    """A new organisation; ``country`` by its code or name, where it is known. Raises CountryUnknownError."""
    alpha2 = ""
    if country:
        if (listed := find(country)) is None:
            raise CountryUnknownError(f"'{country}' is no country that is known; give its ISO 3166 code, such as CN.")
        alpha2 = listed.alpha2
    organisation = Organisation(slug=_free_slug(name), name={get_language() or "en": name.strip()}, country=alpha2)
    organisation.full_clean(exclude=["country"])
    organisation.save()
    record("organisation.made", organisation, after=state(organisation), user=by)
    return organisation


def _free_slug(name: str) -> str:
    stem = slugify(name)[:40].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken
    )


@transaction.atomic
def appoint(user: User, organisation: Organisation, kind: str, *, by: User | None = None) -> Role:
    """Give a user this role in an organisation, in place of the one that it had there. Raises LastOwnerError."""
    role = Role.objects.select_for_update().filter(user=user, organisation=organisation).first()
    if role is None:
        role = Role.objects.create(user=user, organisation=organisation, kind=kind)
        record("role.given", role, after=state(role), user=by)
    elif role.kind != kind:
        change_role(role, kind, by=by)
    return role


@transaction.atomic
def change_role(role: Role, kind: str, *, by: User | None = None) -> None:
    """Give an organiser another role. Raises LastOwnerError."""
    if kind != Role.Kind.OWNER:
        _require_owner_left(role)
    record_change("role.changed", role, user=by, kind=kind)


@transaction.atomic
def remove(role: Role, *, by: User | None = None) -> None:
    """Take an organiser's role away. Raises LastOwnerError."""
    _require_owner_left(role)
    record("role.taken", role, before=state(role), user=by)
    role.delete()


def _require_owner_left(role: Role) -> None:
    # The organisation is held until the end, so that two owners do not take each other's role at once.
    organisation = Organisation.objects.select_for_update().get(roles=role)
    owners = Role.objects.filter(organisation=organisation, kind=Role.Kind.OWNER, user__is_active=True)
    if role.kind == Role.Kind.OWNER and not owners.exclude(pk=role.pk).exists():
        raise LastOwnerError(_("An organisation needs an owner. Make somebody else an owner first."))


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


LINK_GOOD_FOR = 24 * 60 * 60
"""For how many seconds a link is good."""
_SALT = "serai.first-start"


class LinkEndedError(ValueError):
    """The link was used, has run out or is none: a sentence for the reader."""


def link() -> str | None:
    """A new link for the first owner; None where somebody organises already."""
    if is_organised():
        return None
    return site_address() + reverse("first-start", args=[signing.dumps(get_random_string(12), salt=_SALT)])


def check(token: str) -> None:
    """Raise LinkEndedError unless a link with this token may be used now."""
    try:
        signing.loads(token, salt=_SALT, max_age=LINK_GOOD_FOR)
    except signing.BadSignature:
        is_good = False
    else:
        is_good = not is_organised()
    if not is_good:
        raise LinkEndedError(
            _("This link was used or has run out. Start Serai again for a new one, or run serai organiser add.")
        )


def waiting_organisation() -> Organisation | None:
    """The organisation that an import by the command has made, and that nobody organises yet."""
    return Organisation.objects.order_by("pk").first()


@transaction.atomic
def found(token: str, *, name: str, country: str, user: User) -> Organisation:
    """Make the user the owner of the organisation that waits, named anew, or of a new one. Raises LinkEndedError."""
    # Held until the end, so that of two who use a link at once the second finds the first.
    User.objects.select_for_update().order_by("pk").first()
    check(token)
    organisation = waiting_organisation()
    if organisation is None:
        organisation = make_organisation(name, country, by=user)
    else:
        names = organisation.name | {get_language() or "en": name}
        record_change("organisation.changed", organisation, user=user, name=names, country=country)
    appoint(user, organisation, Role.Kind.OWNER, by=user)
    return organisation
