"""How a long calculation tells how far it is: a command shows it as a bar, a notebook does without."""

from collections.abc import Callable

type Progress = Callable[[str, float], None]
"""Is told what is being done and which share of all is done."""


def silent(what: str, share: float) -> None:
    """Tell nobody."""
