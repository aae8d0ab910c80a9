"""Hooks: what a lower room calls and higher rooms fill, so that no import points upwards.

# in the lower room's domain
booth_changed = Hook[[Booth], None]("booth changed")

# in a higher room's hooks.py
@booth_changed.register
def move_meetings(booth: Booth) -> None: ...

# in the lower room, where it happens
booth_changed.call(booth)
"""

from collections.abc import Callable

from serai.expo.base.rooms import load_hooks


class Hook[**Given, Answer]:
    """A question or an event that higher rooms answer, in the order in which they are registered: wing by wing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._functions: list[Callable[Given, Answer]] = []

    def register(self, function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Have ``function`` called whenever the hook is."""
        self._functions.append(function)
        return function

    def call(self, *given: Given.args, **named: Given.kwargs) -> list[Answer]:
        """Call every registered function. Returns their answers."""
        load_hooks()
        return [function(*given, **named) for function in self._functions]
