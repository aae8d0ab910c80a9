"""How long work tells what it is at: a command shows it as a bar, a page or a notebook does without."""

from collections.abc import Callable

type Progress = Callable[[str, float], None]
"""Is told what is being done and which share of all is done."""


def silent(what: str, share: float) -> None:
    """Tell nobody."""
