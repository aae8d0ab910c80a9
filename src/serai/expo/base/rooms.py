"""The rooms of the fair, and what each tells the registries in its ``hooks``."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

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
"""From the ground up: each may import what stands before it."""


def rooms() -> list[str]:
    """The dotted name of every room, wing by wing."""
    return [
        room.name
        for wing in WINGS
        for room in iter_modules([f"{serai.expo.__path__[0]}/{wing}"], f"serai.expo.{wing}.")
        if room.ispkg
    ]


@cache
def load_hooks() -> None:
    """Import the hooks of every room, once a process: importing them fills the registries."""
    for room in rooms():
        if find_spec(f"{room}.hooks") is not None:
            import_module(f"{room}.hooks")
