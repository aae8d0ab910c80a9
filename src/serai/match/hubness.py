"""Texts that lie near to everybody: how near a text is to its nearest on the other side, to be taken off a likeness.

Among vectors of many dimensions some are among the nearest of very many others ("hubs": Radovanović et al. 2010), and a
text in another language lies a little further from all. Both mislead a ranking by cosine. So a cosine is measured
against how near each of the two texts lies to its nearest on the other side (cross-domain similarity local scaling:
Conneau et al. 2018, "Word translation without parallel data").
"""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float32]

NEAREST = 10
"""Texts whose mean cosine is how crowded a place is."""

SAMPLE = 1_024
"""Texts of the other side among which these are looked for: evenly spaced ones where there are more."""

USUAL = 0.4
"""What a likeness is where a cosine is as large as the two places are crowded."""

_AT_ONCE = 8_192


def crowded(vectors: Floats, others: Floats, itself: NDArray[np.int64] | None = None) -> Floats:
    """(n,) how near each of `vectors` (n, d) lies to its nearest of `others` (m, d), all of length 1; 0 without others.

    `itself` says for each which row of the others is the same text, -1 for none: it does not count.
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
    """The cosines (n, m) measured against how crowded the places of the n and of the m are, from 0 to 1."""
    moved: Floats = np.clip(cosine - (crowded_rows[:, None] + crowded_columns) / 2 + np.float32(USUAL), 0, 1)
    return moved
