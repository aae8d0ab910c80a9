"""Lanes: work that mostly waits for others, as for a mail server, each kind with slots of its own.

So no kind waits behind another. A room declares a lane in its ``hooks.py`` by a function that does the next piece of
work, and says whether there was one::

    lane("letters", slots=2)(send_next)

The worker runs each slot in a thread. Work that computes is a task (``queue``), which gets a process.
"""

from collections.abc import Callable
from dataclasses import dataclass

from serai.expo.base.rooms import load_hooks
from serai.registry import Registry

type Step = Callable[[], bool]


@dataclass(frozen=True)
class Lane:
    """A kind of work, how many pieces of it are done at once, and what does the next piece."""

    name: str
    slots: int
    step: Step


_lanes: Registry[Lane] = Registry("lane")


def lane(name: str, *, slots: int) -> Callable[[Step], Step]:
    """Declare the function below as the one that does the next piece of work of a lane."""

    def declare(step: Step) -> Step:
        _lanes.add(name, Lane(name, slots, step))
        return step

    return declare


def lanes() -> list[Lane]:
    """All lanes that the rooms have declared."""
    load_hooks()
    return list(_lanes.values())
