"""Labels of countries, industries and uses, and their positions."""

from collections.abc import Iterable, Sequence

import numpy as np

from serai.world.arrays import Indices


def positions(kind: str, labels: Sequence[str], wanted: Iterable[str] | None) -> Indices:
    """Positions of the wanted labels; None stands for all. Raises KeyError for an unknown label."""
    if wanted is None:
        return np.arange(len(labels))
    position_of = {label: position for position, label in enumerate(labels)}
    chosen = list(wanted)
    unknown = [label for label in chosen if label not in position_of]
    if unknown:
        raise KeyError(f"The table has no {kind} '{unknown[0]}'; it has {', '.join(labels)}.")
    return np.array([position_of[label] for label in chosen], dtype=np.intp)
