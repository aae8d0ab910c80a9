"""Sending single letters: to one reader in the current language, to several readers in their own languages."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import LetterKind, letters
from serai.expo.fairs.mailing.domain.letter_words import Wording, known_language, own_template, wording, written
from serai.expo.fairs.mailing.domain.outbox import enqueue
from serai.expo.fairs.mailing.domain.templates import fair_values
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import User


def site_address() -> str:
    """The beginning of the site's addresses without a request, with the port on this machine alone."""
    if settings.BASE_URL:
        return str(settings.BASE_URL)
    host = next((host for host in settings.ALLOWED_HOSTS if host not in {"*", ""}), "localhost")
    port = f":{settings.LOCAL_PORT}" if host in settings.LOCAL_HOSTS and not settings.HTTPS else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}"


def agenda_of(edition: Edition) -> str:
    """The address of the reader's agenda."""
    return site_address() + reverse("agenda", args=[edition.slug])


def send_letter(
    edition: Edition, to: User | str, key: str, values: Mapping[str, object], *, private: bool = False
) -> Mail:
    """Queue the letter of this name, with the values of its places, to a person or to an address without an account.

    The text of a ``private`` letter, such as an address with a secret, is deleted after it is sent.
    """
    kind, language = letters()[key], known_language(get_language())
    words, of_fair = wording(kind, own_template(edition, key), language), fair_values(edition, language, site_address())
    mail = _mail(to, kind, words, of_fair, values)
    mail.private = private
    enqueue(edition, [mail])
    return mail


def send_letters[Reader: User | str](
    edition: Edition, readers: Iterable[Reader], key: str, values: Callable[[Reader], Mapping[str, object]]
) -> int:
    """Queue the letter of this name to many readers, in a fixed number of queries.

    A reader is a person, or an address without an account. ``values`` gives the values of the places for a reader; it
    is called in the reader's language, for an address in the current one. Returns how many.
    """
    return enqueue(edition, letters_to(edition, readers, key, values))


def letters_to[Reader: User | str](
    edition: Edition, readers: Iterable[Reader], key: str, values: Callable[[Reader], Mapping[str, object]]
) -> list[Mail]:
    """The letters of ``send_letters``, unsaved: putting many into words takes long."""
    by_language: dict[str, list[Reader]] = {}
    for reader in readers:
        spoken = get_language() if isinstance(reader, str) else reader.language
        by_language.setdefault(known_language(spoken), []).append(reader)
    if not by_language:
        return []
    kind, template, site = letters()[key], own_template(edition, key), site_address()
    mails: list[Mail] = []
    for language, its_readers in by_language.items():
        with override(language):
            words, of_fair = wording(kind, template, language), fair_values(edition, language, site)
            mails += [_mail(reader, kind, words, of_fair, values(reader)) for reader in its_readers]
    return mails


def _mail(
    to: User | str, kind: LetterKind, words: Wording, of_fair: Mapping[str, str], values: Mapping[str, object]
) -> Mail:
    """The unsaved letter to one reader."""
    person, email, name = (None, to, to) if isinstance(to, str) else (to, "", to.name or to.email)
    placed = {**of_fair, "name": name} | {place: str(value) for place, value in values.items()}
    letter = written(kind, words, placed)
    return Mail(user=person, email=email, language=letter.language, subject=letter.subject, body=letter.body)
