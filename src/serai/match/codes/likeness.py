"""Likeness of texts in any languages by their likely codes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.codes.phrases import CodeKind
from serai.match.codes.suggestion import evidences

KINDS = (CodeKind.HS, CodeKind.ISIC)

MOST_CODES = 24
"""Number of the likeliest codes kept of each kind; further ones change a cosine very little."""

_PACKED = np.dtype([("column", "<u2"), ("share", "<f2")])

type Floats = NDArray[np.float32]


def code_shares(texts: Sequence[str], languages: Sequence[str | None] | None = None) -> sparse.csr_array:
    """(len(texts), n_codes) rows whose products are cosines of the roots of the shares of evidence, from 0 to 1.

    Headings and classes count half each. The row of a text without evidence is zeros.
    """
    by_kind = evidences(texts, languages, kinds=KINDS)
    return _strongest([np.sqrt(by_kind[kind][1]) for kind in KINDS])


def mean_shares(shares: sparse.csr_array, of: Sequence[int], count: int) -> sparse.csr_array:
    """(count, n_codes) of things with several texts: `of` is, for each row of `shares`, the number of its thing.

    Raises ValueError if `of` is not as long as `shares`.
    """
    number = np.asarray(of, dtype=np.int64)
    joined = sparse.csr_array((np.ones(len(of), np.float32), (number, np.arange(len(of)))), shape=(count, len(of)))
    summed = (joined @ shares).toarray()
    split = len(_codes_of_first_kind())
    return _strongest([summed[:, :split], summed[:, split:]])


def packed(shares: sparse.csr_array) -> list[bytes]:
    """Each row in four bytes a code, for storage."""
    columns = np.zeros(shares.nnz, dtype=_PACKED)
    columns["column"], columns["share"] = shares.indices, shares.data
    return [columns[start:stop].tobytes() for start, stop in zip(shares.indptr, shares.indptr[1:], strict=False)]


def unpacked(stored: Sequence[bytes]) -> sparse.csr_array:
    """(len(stored), n_codes) the rows that `packed` stored."""
    columns = np.frombuffer(b"".join(stored), dtype=_PACKED)
    stop = np.cumsum([0, *(len(row_bytes) // _PACKED.itemsize for row_bytes in stored)])
    size = code_shares([]).shape[1]
    return sparse.csr_array((columns["share"].astype(np.float32), columns["column"], stop), shape=(len(stored), size))


def likeness_of_codes(stored: Sequence[bytes], query: sparse.csr_array) -> Floats:
    """(len(stored),) the cosines of packed rows and the single row of `query`."""
    whole = query.toarray().ravel()
    columns = np.frombuffer(b"".join(stored), dtype=_PACKED)
    row = np.repeat(np.arange(len(stored)), [len(row_bytes) // _PACKED.itemsize for row_bytes in stored])
    worth = whole[columns["column"]] * columns["share"].astype(np.float32)
    cosines: Floats = np.bincount(row, worth, minlength=len(stored)).astype(np.float32)
    return cosines


def _strongest(kinds: Sequence[Floats]) -> sparse.csr_array:
    parts = []
    for roots in kinds:
        most = min(MOST_CODES, roots.shape[1])
        column = np.sort(np.argpartition(-roots, most - 1, axis=1)[:, :most], axis=1)
        kept = np.take_along_axis(roots, column, axis=1)
        length = np.sqrt(len(KINDS)) * np.linalg.norm(kept, axis=1, keepdims=True)
        unit = np.divide(kept, length, out=np.zeros_like(kept), where=length > 0)
        stop = np.arange(len(roots) + 1) * most
        parts.append(sparse.csr_array((unit.ravel(), column.ravel(), stop), shape=roots.shape))
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _codes_of_first_kind() -> Sequence[str]:
    return evidences([], [], kinds=KINDS[:1])[KINDS[0]][0]
