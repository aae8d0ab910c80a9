"""Progress of long work. A command shows it as a bar; pages and notebooks ignore it."""

from collections.abc import Callable

type Progress = Callable[[str, float], None]
"""Takes the name of the present step and the share of the work that is done."""


def silent(what: str, share: float) -> None:
    """Ignore progress."""


def span(seconds: float) -> str:
    """A duration in words, in the largest unit of which it holds at least two."""
    for length, word in ((365 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {word}"
    return f"{seconds:,.0f} seconds"
