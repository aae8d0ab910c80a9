"""The file format of QAPLIB (Burkard, Karisch, Rendl 1997): n, then two n x n matrices."""

from pathlib import Path

import numpy as np

from serai.match.halls.assignment import AssignmentError, Floats

MOST = 10_000
"""Largest number of facilities; a larger one is a mistake."""


def read_qaplib(path: Path) -> tuple[Floats, Floats]:
    """The two matrices of a file, (n, n) each. Raises AssignmentError."""
    try:
        numbers = np.array(path.read_text(encoding="utf-8").split(), np.float64)
    except (OSError, ValueError) as error:
        raise AssignmentError(f"{path} cannot be read as numbers: {error}.") from None
    if not np.isfinite(numbers).all():
        raise AssignmentError(f"{path} holds what is no finite number.")
    size = int(numbers[0]) if len(numbers) and numbers[0].is_integer() and 0 < numbers[0] <= MOST else 0
    if not size or len(numbers) != 1 + 2 * size * size:
        needed = (
            f"n = {size} and two matrices are {1 + 2 * size * size}"
            if size
            else f"it begins with a whole n from 1 to {MOST}"
        )
        raise AssignmentError(f"{path} holds {len(numbers)} numbers; {needed}.")
    first, second = numbers[1 : 1 + 2 * size * size].reshape(2, size, size)
    return first, second
