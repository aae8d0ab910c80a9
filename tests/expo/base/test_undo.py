"""A message carries how to undo what it tells, and the page shows a button for it."""

from django.contrib import messages
from django.contrib.messages.storage.base import Message

from serai.expo.base.submission import Undo, undo_of


def test_a_message_without_an_undo_has_no_button() -> None:
    assert undo_of(Message(messages.SUCCESS, "Kept.")) is None
    assert undo_of(Message(messages.SUCCESS, "Kept.", extra_tags="wide")) is None


def test_an_undo_says_what_is_posted_and_where() -> None:
    message = Message(
        messages.SUCCESS, "Kept.", extra_tags='undo:["/en/fair/wish/", [["strength", ""], ["next", "/"]]]'
    )
    assert undo_of(message) == Undo("/en/fair/wish/", [("strength", ""), ("next", "/")])
