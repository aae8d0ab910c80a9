"""How long work tells what it is at: a command shows it as a bar, a page or a notebook does without."""

from collections.abc import Callable

type Progress = Callable[[str, float], None]
"""Is told what is being done and which share of all is done."""


def silent(what: str, share: float) -> None:
    """Tell nobody."""


def span(seconds: float) -> str:
    """A length of time in words, in the largest unit that it holds twice."""
    for length, word in ((365 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {word}"
    return f"{seconds:,.0f} seconds"
