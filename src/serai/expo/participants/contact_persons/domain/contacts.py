"""Contact persons of a participant: read, added, changed, and forgotten."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.erasure import mask_rows
from serai.expo.base.collisions import made_once
from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.contact_persons.domain import phone
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.people.account.models import User

FIELDS = (
    *("salutation", "name", "position", "email", "phone", "mobile", "language", "address", "postcode"),
    *("consent_source", "consent_on"),
)
"""What is said of a person, in the order of pages."""

forgetting_contacts = Hook[[Edition | None, list[ContactPerson]], None]("contact persons are forgotten")
"""Rooms take these people out of what they keep of them; called with all scopes disabled, before they are deleted."""


letters_refused = Hook[[str], None]("letters of organisers are refused")
"""The owner of this mail address wants no letters of organisers any more; called with all scopes disabled."""


class ContactRefusedError(ValueError):
    """Why a contact person can't be kept so, in the reader's language."""


def contact_persons(participation: Participation) -> QuerySet[ContactPerson]:
    """The contact persons of a participant."""
    return ContactPerson.objects.filter(participation=participation)


def visible_to(user: Any, edition: Edition) -> QuerySet[ContactPerson]:
    """The contact persons whom a user may see: an organiser all, others those of their own firms."""
    rows = ContactPerson.objects.filter(edition=edition)
    if user.has_perm("expo.read_people", edition):
        return rows
    return rows.filter(participation__firm__roles__user_id=user.pk) if user.is_authenticated else rows.none()


def may_be_written_to() -> Q:
    """The contact persons with a mail address and a source of consent who did not refuse letters."""
    return ~Q(email="") & ~Q(consent_source="") & Q(refused_at__isnull=True)


@made_once
def add(participation: Participation, values: Mapping[str, Any], *, user: User) -> ContactPerson:
    """A new contact person. Raises ContactRefusedError without a name, a mail address and a phone, and for a second
    one of the same mail address."""
    contact = ContactPerson(edition=participation.edition, participation=participation)
    with scope(edition=participation.edition):
        _set(contact, values)
        contact.save()
    after = state(contact, whole=True)
    record("contactperson.added", contact, after=after, user=user, edition=participation.edition)
    return contact


@transaction.atomic
def change(contact: ContactPerson, values: Mapping[str, Any], *, user: User) -> ContactPerson:
    """Change what is said of a contact person. Raises ContactRefusedError, and then nothing has changed."""
    before = state(contact, whole=True)
    with scope(edition=contact.edition):
        _set(contact, values)
        contact.save()
    after = state(contact, whole=True)
    if after != before:
        record("contactperson.changed", contact, before=before, after=after, user=user, edition=contact.edition)
    return contact


def _set(contact: ContactPerson, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(contact, name, " ".join(value.split()) if isinstance(value, str) else value)
    contact.email = contact.email.lower()
    for name in ("phone", "mobile"):
        if written := getattr(contact, name):
            setattr(contact, name, phone.read(written, contact.participation.firm.country).number or written)
    if not (contact.name or contact.email or contact.phone):
        raise ContactRefusedError(_("Give a name, a mail address or a phone."))
    same = contact_persons(contact.participation).filter(email=contact.email).exclude(pk=contact.pk)
    if contact.email and same.exists():
        raise ContactRefusedError(_("There is a contact person with this mail address already."))
    if contact.consent_on and not contact.consent_source:
        raise ContactRefusedError(_("Say where the consent of that day comes from."))


@transaction.atomic
def refuse(email: str) -> int:
    """The owner of a mail address wants no letters of organisers any more. Returns how many contacts it is about."""
    with scopes_disabled():
        contacts = list(ContactPerson.objects.filter(email__iexact=email, refused_at__isnull=True))
        for contact in contacts:
            record_change("contactperson.refused", contact, user=None, refused_at=timezone.now())
        letters_refused.call(email)
    return len(contacts)


@transaction.atomic
def remove(contact: ContactPerson, *, user: User) -> None:
    """Forget a contact person: the row, and what other rooms keep of it."""
    edition = contact.edition
    record("contactperson.removed", contact, before=state(contact, whole=True), user=user, edition=edition)
    forget([contact], edition)


def forget(contacts: Iterable[ContactPerson], edition: Edition | None = None) -> int:
    """Delete contact persons and mask what other rooms and the trail say of them. Returns how many."""
    rows = list(contacts)
    if not rows:
        return 0
    with scopes_disabled():
        forgetting_contacts.call(edition, rows)
        mask_rows(ContactPerson, [contact.pk for contact in rows])
        ContactPerson.objects.filter(pk__in=[contact.pk for contact in rows]).delete()
    return len(rows)


def _who_are(user: User) -> QuerySet[ContactPerson]:
    return ContactPerson.objects.filter(Q(email__iexact=user.email) | Q(user=user)).order_by("pk")


def forget_person(user: User) -> None:
    """Delete the contact persons that are this user."""
    with scopes_disabled():
        forget(_who_are(user))


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """The contact persons that are this user, whole: they are the user's own data."""
    with scopes_disabled():
        return {
            "contactperson.email": [state(row, whole=True) for row in _who_are(user)],
            "contactperson.user": [],
        }
