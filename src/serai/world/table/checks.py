"""What the accounts of a table show without a factorisation: the signs of flows, value added and output."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array

NAMED = 3
"""Cells that a sentence names before the rest is only counted."""


@dataclass(frozen=True)
class Check:
    """One identity or expectation, whether it holds and how far off it is relative to the size of what is compared."""

    name: str
    holds: bool
    off: float
    sentence: str


def sign_checks(
    labels: Sequence[tuple[str, str]], Z: Array, F: Array, *, value_added: Array, output: Array
) -> tuple[Check, ...]:
    """Whether flows (n, n), final demand (n, N*U), value added (n,) and output (n,) have the sign they should."""

    def count(name: str, wrong: NDArray[np.bool_], description: str, *, fatal: bool = False) -> Check:
        cells = np.flatnonzero(wrong)
        if not len(cells):
            return Check(name, True, 0.0, f"No cell {description}.")
        named = ", ".join(" ".join(labels[cell]) for cell in cells[:NAMED])
        more = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
        sentence = f"{len(cells)} of {len(labels)} cells {description}: {named}{more}."
        return Check(name, not fatal, len(cells) / len(labels), sentence)

    return (
        count("negative flows", Z.min(axis=1) < 0, "with a negative intermediate flow", fatal=True),
        count("negative final demand", F.min(axis=1) < 0, "with a negative final demand (inventories run down)"),
        count("negative value added", value_added < 0, "with negative value added"),
        count("negative output", output < 0, "with negative output", fatal=True),
        count("no output", output == 0, "without output"),
    )
