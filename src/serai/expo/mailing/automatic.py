"""Letters that a decision sends by itself, in words of Serai unless the organiser has a template of that name."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.editions.models import Participation
from serai.expo.mailing.models import MailTemplate
from serai.expo.mailing.outbox import enqueue
from serai.expo.mailing.writing import write
from serai.expo.people.models import User
from serai.expo.text import in_language

LETTERS: Mapping[str, tuple[Promise, Promise]] = {
    "application-confirmed": (
        _("{fair}: you take part"),
        _("Dear {name},\n\n{firm} takes part in {fair}, {first_day} to {last_day}. We are glad of it.\n\n{link}"),
    ),
    "application-waiting": (
        _("{fair}: you are on the waiting list"),
        _("Dear {name},\n\n{firm} is on the waiting list of {fair}. We write as soon as there is a place.\n\n{link}"),
    ),
    "application-rejected": (
        _("{fair}: your application"),
        _("Dear {name},\n\nthank you for your application. Sadly, {firm} can't take part in {fair}.\n\n{link}"),
    ),
}
"""The subject and the text of each letter; a template of the same short name takes its place."""


def site_address() -> str:
    """The beginning of the site's addresses where no request tells it."""
    host = next((one for one in settings.ALLOWED_HOSTS if one not in {"*", ""}), "localhost")
    return f"{'https' if settings.HTTPS else 'http'}://{host}"


def notify(participation: Participation, key: str, reason: Mapping[str, str] | None = None) -> int:
    """Queue the letter ``key`` to everyone who acts for the firm, each in the own language, with the reason given.

    Returns how many were queued.
    """
    if key not in LETTERS:
        return 0
    edition = participation.edition
    with scope(edition=edition):
        own = MailTemplate.objects.filter(edition=edition, key=key).first()
    readers = User.objects.filter(roles__firm_id=participation.firm_id, is_active=True).distinct().order_by("pk")
    for reader in readers:
        subject, body = (own.subject, own.body) if own else _texts(key, reader.language)
        letter = write(edition, subject, body, reader, participation, site=site_address())
        said = in_language(reason or {}, letter.language).text
        enqueue(edition, reader, letter.language, letter.subject, f"{letter.body}\n\n{said}" if said else letter.body)
    return len(readers)


def _texts(key: str, language: str) -> tuple[dict[str, str], dict[str, str]]:
    known = language if language in dict(settings.LANGUAGES) else "en"
    with translation.override(known):
        subject, body = (str(text) for text in LETTERS[key])
    return {known: subject}, {known: body}
