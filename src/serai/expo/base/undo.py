"""What was done is told with a button that undoes it, on the page where it was done.

tell_with_undo(request, _("You are not signed up any more."), reverse("sign-up", args=[...]))
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_MARK = "undo:"


@dataclass(frozen=True)
class Undo:
    """What the button posts, and to which address."""

    address: str
    fields: Sequence[tuple[str, str]]


def tell_with_undo(request: HttpRequest, sentence: str, address: str, *fields: tuple[str, str]) -> None:
    """Tell the reader what was done. The button posts the fields to the address."""
    messages.success(request, sentence, extra_tags=_MARK + json.dumps([address, fields]))


def undo_of(message: Message) -> Undo | None:
    """How what the message tells is undone; None where nothing is said of that."""
    told = message.extra_tags or ""
    if not told.startswith(_MARK):
        return None
    address, fields = json.loads(told.removeprefix(_MARK))
    return Undo(address, [(name, value) for name, value in fields])
