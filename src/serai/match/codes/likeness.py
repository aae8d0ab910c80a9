"""Texts as the codes that they may have, to be compared in whatever languages they are."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from serai.match.codes.sayings import CodeKind
from serai.match.codes.suggestion import evidence

KINDS = (CodeKind.HS, CodeKind.ISIC)

MOST_CODES = 24
"""Of each kind, the likeliest: what comes after adds nothing to a cosine that could be seen."""


def code_shares(texts: Sequence[str], languages: Sequence[str | None] | None = None) -> sparse.csr_array:
    """(len(texts), n_codes) rows whose products are cosines of the roots of the shares of evidence, from 0 to 1.

    Headings and classes count half each. A row of zeros is of a text that says nothing.
    """
    parts = []
    for kind in KINDS:
        _, found = evidence(texts, languages, kind=kind)
        most = min(MOST_CODES, found.shape[1])
        column = np.sort(np.argpartition(-found, most - 1, axis=1)[:, :most], axis=1)
        roots = np.sqrt(np.take_along_axis(found, column, axis=1))
        length = np.sqrt(len(KINDS)) * np.linalg.norm(roots, axis=1, keepdims=True)
        unit = np.divide(roots, length, out=np.zeros_like(roots), where=length > 0)
        stop = np.arange(len(texts) + 1) * most
        parts.append(sparse.csr_array((unit.ravel(), column.ravel(), stop), shape=found.shape))
    return sparse.csr_array(sparse.hstack(parts, format="csr"))
