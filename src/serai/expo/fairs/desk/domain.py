"""The registries of the organiser's desk: what there is to do, what waits for a decision, and where each room is.

A room declares its own in ``<room>/desk.py``, which is found by its name:

    @queue("items", title=_("Items to review"), text=_("What exhibitors offer ..."), page="item-review")
    def count_items(edition: Edition) -> int: ...

    @check
    def without_booth(edition: Edition) -> Iterator[Todo]: ...

    card("halls", "build", title=_("Halls and booths"), text=_("..."), page="hall-editor")

Counting and checking run inside of the edition's scope. ``page`` is the name of an address of the edition.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rooms import load_hooks
from serai.expo.fairs.edition.models import Edition
from serai.registry import Registry

type Text = str | Promise
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
    """Something to do, why, and the page on which to do it (the name of its address)."""

    text: Text
    why: Text
    page: str
    count: int = 0


@dataclass(frozen=True)
class Queue:
    """Things of a kind that wait for the organiser's decision."""

    key: str
    title: Text
    text: Text
    page: str
    count: Count


@dataclass(frozen=True)
class Card:
    """A room of the desk: what is done there."""

    key: str
    group: str
    title: Text
    text: Text
    page: str
    order: int


@dataclass(frozen=True)
class Waiting:
    """A queue and how many wait in it now."""

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


def queue(key: str, *, title: Text, text: Text, page: str) -> Callable[[Count], Count]:
    """Declare the function below as the one that counts a queue."""

    def declare(count: Count) -> Count:
        _queues.add(key, Queue(key, title, text, page, count))
        return count

    return declare


def card(key: str, group: str, *, title: Text, text: Text, page: str, order: int = 50) -> None:
    """Declare a room of the desk in one of GROUPS. Raises ValueError for another group."""
    if group not in GROUPS:
        raise ValueError(f"There is no group '{group}' of the desk; there are: {', '.join(GROUPS)}.")
    _cards.add(key, Card(key, group, title, text, page, order))


def todos(edition: Edition) -> list[Todo]:
    """What there is to do. Call inside of the edition's scope."""
    load_hooks()
    return [todo for look in _checks for todo in look(edition)]


def waiting(edition: Edition) -> list[Waiting]:
    """Every queue with how many wait in it now. Call inside of the edition's scope."""
    load_hooks()
    return [Waiting(one, one.count(edition)) for one in _queues.values()]


def cards() -> list[tuple[Text, list[Card]]]:
    """The rooms of the desk by group, in the order of the work."""
    load_hooks()
    ordered = sorted(_cards.values(), key=lambda one: one.order)
    grouped = [(title, [one for one in ordered if one.group == group]) for group, title in GROUPS.items()]
    return [(title, members) for title, members in grouped if members]
