"""The rooms of the fair, and what each declares of itself for the others to find."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

import serai.expo


@cache
def load_declarations(module: str) -> None:
    """Import ``module`` of every room that has one, once a process: importing it declares what the room declares."""
    for room in iter_modules(serai.expo.__path__, "serai.expo."):
        if room.ispkg and find_spec(f"{room.name}.{module}") is not None:
            import_module(f"{room.name}.{module}")
