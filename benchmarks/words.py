"""The rival that has words alone."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from scipy import sparse

from serai.match.evaluation import Floats


def bm25(asked: Sequence[Sequence[str]], said: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> Floats:
    """(n_asked, n_said) Okapi BM25 (Robertson and Zaragoza 2009) of each text for each query, both as their words.

    A word counts as often as a text says it, and once of a query.
    """
    vocabulary = {word: n for n, word in enumerate(sorted(set().union(*said)))}
    column = [vocabulary[word] for words in said for word in words]
    row = np.repeat(np.arange(len(said)), [len(words) for words in said])
    count = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(said), len(vocabulary)))
    count.sum_duplicates()
    length = np.asarray(count.sum(axis=1))
    has = np.bincount(count.indices, minlength=len(vocabulary))
    rarity = np.log(1 + (len(said) - has + 0.5) / (has + 0.5))
    penalty = np.repeat(k1 * (1 - b + b * length / length.mean()), np.diff(count.indptr))
    weight = count.data * (k1 + 1) / (count.data + penalty) * rarity[count.indices]
    weights = sparse.csr_array((weight, count.indices, count.indptr), shape=count.shape)
    wanted = [[vocabulary[word] for word in sorted(set(words)) if word in vocabulary] for words in asked]
    asks = sparse.csr_array(
        (np.ones(sum(map(len, wanted))), np.concatenate(wanted).astype(np.int64), np.cumsum([0, *map(len, wanted)])),
        shape=(len(asked), len(vocabulary)),
    )
    return cast(Floats, (asks @ weights.T).toarray())
