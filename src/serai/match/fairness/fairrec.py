"""FairRec: lists that are fair to both sides by turns, the baseline with a proof (Patro et al. 2020, WWW, section 4).

Every column is given floor(share x n k / m) copies; the readers take turns in picking the best that is left, then fill
their lists from all. Each list is envy-free up to one item, and at least m - k columns get their copies, which for a
share of 1 is the most that all could be given alike (their maximin share).
"""

import numpy as np
from numpy.typing import NDArray

from serai.match.fairness.measures import NOBODY, Lists


def fairrec(relevance: NDArray[np.floating], k: int, *, share: float = 1.0) -> Lists:
    """Lists of `k` columns for each reader by its `relevance` (n, m) >= 0. Readers pick in the order of the rows.

    Raises ValueError for a `k` above m or a share outside 0 to 1.
    """
    n, m = relevance.shape
    if not 0 <= share <= 1 or not 0 <= k <= m:
        raise ValueError(f"Lists of {k} from {m} columns with the share {share:g}: k is at most m, the share 0 to 1.")
    liking = np.argsort(-relevance, axis=1, kind="stable")
    picked = np.zeros((n, m), dtype=np.bool_)
    _take_turns(liking, picked, int(share * n * k / m) if m else 0, k)
    lists = np.full((n, k), NOBODY, dtype=np.int64)
    for reader in range(n):
        mine = liking[reader][picked[reader][liking[reader]]]
        others = liking[reader][~picked[reader][liking[reader]]]
        chosen = np.concatenate([mine, others[: k - len(mine)]])
        lists[reader] = chosen[np.argsort(-relevance[reader, chosen], kind="stable")]
    return lists


def _take_turns(liking: Lists, picked: NDArray[np.bool_], copies: int, k: int) -> None:
    """Mark in `picked` what each reader takes, until nothing is left or a reader has all that is left already."""
    n, m = liking.shape
    left = np.full(m, copies)
    looked = np.zeros(n, dtype=np.int64)  # what a reader passed over is its own already or gone for good
    for _round in range(k):
        for reader in range(n):
            if not left.any():
                return
            while looked[reader] < m and not left[liking[reader, looked[reader]]]:
                looked[reader] += 1
            if looked[reader] == m:
                return
            column = liking[reader, looked[reader]]
            picked[reader, column] = True
            left[column] -= 1
            looked[reader] += 1
