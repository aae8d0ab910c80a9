"""Hubness: some texts lie near to all others, so a cosine is corrected for how crowded the place of each text is.

Among vectors of many dimensions some are among the nearest of very many others ("hubs": Radovanović et al. 2010), and a
text in another language lies a little further from all. Both mislead a ranking by cosine. So a cosine is measured
against how near each of the two texts lies to its nearest on the other side (cross-domain similarity local scaling:
Conneau et al. 2018, "Word translation without parallel data").
"""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float32]

NEAREST = 10
"""Number of nearest texts whose mean cosine is the crowdedness of a place."""

SAMPLE = 1_024
"""Number of texts of the other side among which the nearest are searched: evenly spaced ones if there are more."""

USUAL = 0.4
"""Likeness of two texts whose cosine equals the mean crowdedness of their places."""

_AT_ONCE = 8_192


def crowded(vectors: Floats, others: Floats, itself: NDArray[np.int64] | None = None) -> Floats:
    """(n,) mean cosine of each of `vectors` (n, d) with its nearest of `others` (m, d); 0 without others.

    All vectors have length 1. `itself` (n,) is the row of the same text among the others, -1 for none; it is left out.
    """
    rows = np.unique(np.linspace(0, len(others) - 1, min(SAMPLE, len(others))).round().astype(np.int64))
    if not len(rows):
        return np.zeros(len(vectors), dtype=np.float32)
    sample, nearness = np.ascontiguousarray(others[rows].T), np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        cosine = vectors[start : start + _AT_ONCE] @ sample
        if itself is not None:
            cosine[itself[start : start + _AT_ONCE, None] == rows] = -1
        most = min(NEAREST, cosine.shape[1])
        nearest = np.partition(cosine, cosine.shape[1] - most, axis=1)[:, -most:]
        counted = nearest > -1
        nearness[start : start + _AT_ONCE] = np.where(counted, nearest, 0).sum(axis=1) / np.maximum(
            1, counted.sum(axis=1)
        )
    return nearness


def likeness(cosine: Floats, crowded_rows: Floats, crowded_columns: Floats) -> Floats:
    """(n, m) likeness from 0 to 1: the cosines less the mean crowdedness of the two places, plus `USUAL`.

    `crowded_rows` (n,) and `crowded_columns` (m,) are as `crowded` gives them.
    """
    moved: Floats = np.clip(cosine - (crowded_rows[:, None] + crowded_columns) / 2 + np.float32(USUAL), 0, 1)
    return moved
