"""Measures of lists, for the firms that stand in them and for their readers.

A place in a list gets the attention 1 / log2(1 + rank) (Järvelin and Kekäläinen 2002, ACM TOIS 20(4)); the exposure of
a firm is the attention of all its places (Biega, Gummadi and Weikum 2018, SIGIR). Two firms meet where each finds the
other in its list and says yes (Tomita and Yokoyama 2024, RecSys).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]
type Lists = NDArray[np.int64]

NOBODY = -1


def best(scores: sparse.csr_array, k: int) -> Lists:
    """For each row its `k` columns of the highest score above 0, the best first; ties go to the smaller column."""
    matrix = scores.tocoo()
    row, column, score = (part[matrix.data > 0] for part in (matrix.row, matrix.col, matrix.data))
    order = np.lexsort((column, -score, row))
    row, column = row[order], column[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    lists = np.full((scores.shape[0], k), NOBODY, dtype=np.int64)
    shown = rank < k
    lists[row[shown], rank[shown]] = column[shown]
    return lists


def attention(k: int) -> Floats:
    """The attention to each of `k` places, 1 to the first."""
    return np.asarray(1 / np.log2(np.arange(2, k + 2)))


def visits(lists: Lists, columns: int) -> sparse.csr_array:
    """(n, columns) the attention that each reader gives to each column."""
    shown = lists != NOBODY
    row, place = np.nonzero(shown)
    entries = (attention(lists.shape[1])[place], (row, lists[shown]))
    return sparse.csr_array(entries, shape=(len(lists), columns))


def exposure(lists: Lists, columns: int) -> Floats:
    """The attention that each column gets from all readers, shape (columns,)."""
    return np.asarray(visits(lists, columns).sum(axis=0))


def share_unseen(lists: Lists, columns: int) -> float:
    """The share of the columns that stand in no list."""
    return float(np.mean(exposure(lists, columns) == 0)) if columns else 0.0


def gain(lists: Lists, relevance: sparse.csr_array) -> Floats:
    """Discounted cumulative gain of each reader's list, shape (n,)."""
    return np.asarray(visits(lists, relevance.shape[1]).multiply(relevance).sum(axis=1))


def normalised_gains(lists: Lists, relevance: sparse.csr_array) -> Floats:
    """nDCG of each reader: its gain as a share of the largest gain that a list of this length could give.

    Readers for whom nothing is relevant are left out.
    """
    most = gain(best(relevance, lists.shape[1]), relevance)
    some = most > 0
    return np.asarray(gain(lists, relevance)[some] / most[some])


def expected_meetings(
    lists: Lists, lists_of_columns: Lists, likes: sparse.csr_array, liked: sparse.csr_array
) -> sparse.csr_array:
    """(n, m) the chance that row and column find each other in their lists and both say yes.

    `likes` (n, m) is the chance that the row says yes to the column, `liked` (n, m) that the column does to the row.
    """
    n, m = likes.shape
    both = visits(lists, m).multiply(visits(lists_of_columns, n).T)
    return sparse.csr_array(both.multiply(likes).multiply(liked))


def envy(lists: Lists, gains: sparse.csr_array) -> float:
    """How many others, on average, each column envies: with their places in the lists it would gain more.

    `gains` (n, m) is what a reader's full attention is worth to the column. Time and memory grow with m squared.
    """
    m = gains.shape[1]
    seen = visits(lists, m)
    with_places_of = (gains.T @ seen).toarray()  # (m, m)
    own = np.diagonal(with_places_of)[:, None]
    return float(np.sum(with_places_of > own * (1 + 1e-9)) / m) if m else 0.0
