"""The rooms of the fair and their layers: what belongs to a layer is found by its place, and listed nowhere.

A wing holds rooms, and a room holds layers: ``models``, ``rules``, ``domain``, ``hooks``, ``pages`` and ``api``, each
a module or a package of this name.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

import serai.expo

WINGS = (
    "base",
    "people",
    "fairs",
    "firms",
    "participants",
    "offers",
    "venue",
    "programme",
    "meetings",
    "insight",
    "results",
    "site",
)
"""From the ground up: each may import those that stand before it."""


def rooms() -> list[str]:
    """The dotted name of every room, wing by wing."""
    (folder,) = serai.expo.__path__
    wings = (iter_modules([f"{folder}/{wing}"], f"serai.expo.{wing}.") for wing in WINGS)
    return [room.name for wing in wings for room in wing if room.ispkg]


@cache
def layer(name: str) -> list[ModuleType]:
    """Import a layer of every room that has it, with its parts, once a process. Returns the modules."""
    modules = []
    for module in faces(name):
        parts = iter_modules(getattr(module, "__path__", []), f"{module.__name__}.")
        modules += [module, *(import_module(part.name) for part in parts)]
    return modules


def faces(name: str) -> list[ModuleType]:
    """The layer itself of every room that has it, without its parts: ``faces("pages")`` hold the addresses."""
    names = [f"{room}.{name}" for room in rooms()]
    return [import_module(face) for face in names if find_spec(face)]


def load_hooks() -> None:
    """Fill the registries with what the rooms declare in their ``hooks``."""
    layer("hooks")


class Hook[**Given, Answer]:
    """A question or an event that higher rooms answer, in the order in which they are registered: wing by wing.

    ``highest_first``: the other way round, as for deleting, where a row goes before the row that it refers to.
    """

    def __init__(self, name: str, *, highest_first: bool = False) -> None:
        self.name = name
        self._highest_first = highest_first
        self._functions: list[Callable[Given, Answer]] = []

    def register(self, function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Have ``function`` called whenever the hook is."""
        self._functions.append(function)
        return function

    def call(self, *given: Given.args, **named: Given.kwargs) -> list[Answer]:
        """Call every registered function. Returns their answers."""
        load_hooks()
        functions = reversed(self._functions) if self._highest_first else self._functions
        return [function(*given, **named) for function in functions]
