"""The registries of the organiser's desk: things to do, queues that wait for a decision, and cards of rooms.

A room declares its own in its ``hooks.py``:

    @queue("item-review", title=_("Items to review"), text=_("What exhibitors offer ..."))
    def count_items(edition: Edition) -> int: ...

    @check
    def without_booth(edition: Edition) -> Iterator[Todo]: ...

    card("hall-editor", "build", title=_("Halls and booths"), text=_("..."))

The key is the name of the address of the page; ``page`` names another where several lead to one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

from serai.expo.base.revisions import by_revision, revisions
from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules.roles import Rights, opens
from serai.registry import Registry

type Count = Callable[[Edition], int]

GROUPS: Mapping[str, Text] = {
    "build": _("Set up"),
    "people": _("Firms and people"),
    "meetings": _("Chains and meetings"),
    "after": _("Results and records"),
}
"""The groups of the desk's cards, in the order of the work."""


@dataclass(frozen=True)
class Todo:
    """Something to do, the reason, and the page on which it is done."""

    text: Text
    why: Text
    page: str
    count: int = 0


@dataclass(frozen=True)
class Queue:
    """A kind of things that wait for the organiser's decision, and the function that counts them."""

    key: str
    title: Text
    text: Text
    page: str
    count: Count


@dataclass(frozen=True)
class Card:
    """A room of the desk."""

    key: str
    group: str
    title: Text
    text: Text
    page: str
    order: int


@dataclass(frozen=True)
class Waiting:
    """A queue and how many things wait in it now."""

    queue: Queue
    count: int


type Check = Callable[[Edition], Iterator[Todo]]

_queues: Registry[Queue] = Registry("queue")
_cards: Registry[Card] = Registry("card")
_checks: list[Check] = []


def check(function: Check) -> Check:
    """Declare the function below as one that finds things to do, in the order in which a fair is built."""
    _checks.append(function)
    return function


def queue(key: str, *, title: Text, text: Text, page: str = "") -> Callable[[Count], Count]:
    """Declare the function below as the one that counts a queue."""

    def declare(count: Count) -> Count:
        _queues.add(key, Queue(key, title, text, page or key, count))
        return count

    return declare


def card(key: str, group: str, *, title: Text, text: Text, page: str = "", order: int = 50) -> None:
    """Declare a room of the desk in one of GROUPS. Raises ValueError for another group."""
    if group not in GROUPS:
        raise ValueError(f"There is no group '{group}' of the desk; there are: {', '.join(GROUPS)}.")
    _cards.add(key, Card(key, group, title, text, page or key, order))


def todos(edition: Edition, rights: Rights) -> list[Todo]:
    """Everything that the checks find to do, as far as who has these rights does it."""
    load_hooks()
    found = (todo for find in _checks for todo in find(edition))
    return [todo for todo in found if opens(rights, todo.page, change=True)]


def waiting(edition: Edition, rights: Rights) -> list[Waiting]:
    """Every queue with how many things wait in it now, as far as who has these rights reads it."""
    load_hooks()
    at = revisions()
    return [
        Waiting(queue, by_revision("queue", [edition, queue.key], partial(queue.count, edition), at))
        for queue in _queues.values()
        if opens(rights, queue.page)
    ]


def cards(rights: Rights) -> list[tuple[Text, list[Card]]]:
    """The rooms of the desk that these rights open, by group, in the order of the work."""
    load_hooks()
    ordered = sorted((card for card in _cards.values() if opens(rights, card.page)), key=lambda card: card.order)
    grouped = [(title, [card for card in ordered if card.group == group]) for group, title in GROUPS.items()]
    return [(title, members) for title, members in grouped if members]
