"""Short letters that a step of the fair sends by itself: into the outbox, in the language that is current."""

from collections.abc import Iterable

from django.utils.translation import get_language

from serai.expo.editions.models import Edition
from serai.expo.mailing.models import Mail
from serai.expo.mailing.outbox import enqueue
from serai.expo.people.models import User


def send_letter(edition: Edition, to: User | str, subject: str, lines: Iterable[str], *, private: bool = False) -> Mail:
    """Queue a letter of plain text to a person, or to an address that nobody here has; the lines are its paragraphs.

    ``private``: what it says (an address with a secret) is read by its reader only, and forgotten once it is sent.
    """
    return enqueue(edition, to, get_language() or "en", subject, "\n\n".join(lines), private=private)
