"""Closing the account of a person, so that it cannot sign in, and opening it again.

An account belongs to the whole platform. An owner of the organiser closes it only if the person takes part in no fair
of another organisation; staff in an open session closes it in any case.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.impersonation.domain.impersonation import seats_of
from serai.expo.people.account.domain.sessions import end_all
from serai.expo.people.account.models import Role, User


class BlockingRefusedError(ValueError):
    """Why an account is not closed or opened: a sentence for the reader."""


def people(edition: Edition) -> QuerySet[User]:
    """People of the firms of an edition, with closed accounts too, but without organisers and staff."""
    return User.objects.filter(pk__in=seats_of(Participation.objects.filter(edition=edition)).values("user"))


def blocked(edition: Edition) -> QuerySet[User]:
    """People of an edition whose accounts are closed, by name."""
    return people(edition).filter(is_active=False).order_by("name", "email")


def may_block(by: User, person: User, edition: Edition) -> bool:
    """Whether ``by`` may close the account of ``person``."""
    if not people(edition).filter(pk=person.pk).exists():
        return False
    if by.staff_session is not None:
        return True
    owners = Role.objects.filter(user=by, organisation=edition.organisation_id, kind=Role.Kind.OWNER)
    if not owners.exists():
        return False
    firms = list(Role.objects.filter(user=person, firm__isnull=False).values_list("firm", flat=True))
    with scopes_disabled():
        elsewhere = Participation.objects.filter(firm__in=firms).exclude(edition__organisation=edition.organisation_id)
        return not elsewhere.exists()


@transaction.atomic
def block(person: User, *, by: User, edition: Edition, reason: str) -> None:
    """Close the account. All its sessions end, its keys stop working, and the sign-in page says that it is closed.

    Raises BlockingRefusedError without the right, without a reason, and for a closed account.
    """
    if not reason.strip():
        raise BlockingRefusedError(_("Write why: it is kept in the trail."))
    held = _held(person, by, edition)
    if not held.is_active:
        raise BlockingRefusedError(_("This account is closed already."))
    _set(held, active=False, by=by, edition=edition, reason=reason)
    end_all(held, by=by)


@transaction.atomic
def unblock(person: User, *, by: User, edition: Edition) -> None:
    """Let the person sign in again. Raises BlockingRefusedError."""
    held = _held(person, by, edition)
    if held.is_active:
        raise BlockingRefusedError(_("This account is open."))
    _set(held, active=True, by=by, edition=edition)


def _held(person: User, by: User, edition: Edition) -> User:
    if not may_block(by, person, edition):
        raise BlockingRefusedError(
            _(
                "An account is closed by an owner of the organiser while its person takes part at no fair of another, "
                "else by the staff of the platform."
            )
        )
    return User.objects.select_for_update().get(pk=person.pk)


def _set(held: User, *, active: bool, by: User, edition: Edition, reason: str = "") -> None:
    before = state(held)
    held.is_active = active
    held.save(update_fields=["is_active"])
    after = state(held) | ({"reason": reason.strip()[:300]} if reason else {})
    record(f"account.{'opened' if active else 'closed'}", held, before=before, after=after, user=by, edition=edition)
