"""Hooks: functions of higher rooms that a lower room calls, so that no import points upwards.

The lower room declares ``booth_changed = Hook[[Booth], None]("booth changed")`` in its domain, and calls
``booth_changed.call(booth)``. A higher room writes a function below ``@booth_changed.register`` in its ``hooks.py``.
"""

from collections.abc import Callable

from serai.expo.base.rooms import load_hooks


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
