"""Short letters that go out by mail when what they tell of is written."""

from collections.abc import Iterable

from django.core.mail import send_mail
from django.db import transaction


def send_letter(to: str, subject: str, lines: Iterable[str]) -> None:
    """Send a letter of plain text once the transaction at hand is written; the lines are its paragraphs."""
    body = "\n\n".join(lines)
    title = " ".join(subject.split())  # a line break in a name would begin another header
    transaction.on_commit(lambda: _send(to, title, body))


def _send(to: str, subject: str, body: str) -> None:
    send_mail(subject, body, None, [to])
