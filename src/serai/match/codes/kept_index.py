"""The phrases of the built-in chains, kept between processes: to work them out takes most of a second.

The file of what is kept is named by a hash of all that it is made of, data and code, so it is never out of date.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from scipy import sparse

from serai.match.codes.phrases import CodeKind, Phrase, PhraseIndex, phrase_index
from serai.match.kept import fingerprint, kept_json
from serai.world.cache import cache_folder
from serai.world.chains import builtin_chains

MADE_OF = {
    "serai.world": ("data/classifications", "data/chains", "classifications", "chains"),
    "serai.match": ("data/heading_names", "codes"),
}
"""Folders of data and of code, by package."""


@cache
def builtin_index() -> PhraseIndex:
    """`phrase_index` of the built-in chains."""
    kept = kept_json(cache_folder("codes") / f"phrases-{fingerprint(_contents())}.json", _made)
    matrices = {
        CodeKind(kind): sparse.csr_array(
            (np.array(data, dtype=np.float32), np.array(columns, dtype=np.int64), stops),
            shape=(len(kept["phrases"]), len(kept["codes"][kind])),
        )
        for kind, (data, columns, stops) in kept["leads"].items()
    }
    codes = {CodeKind(kind): codes for kind, codes in kept["codes"].items()}
    return PhraseIndex([Phrase(*phrase) for phrase in kept["phrases"]], codes, matrices)


def _made() -> dict[str, Any]:
    index = phrase_index(builtin_chains())
    return {
        "phrases": [(phrase.text, phrase.language) for phrase in index.phrases],
        "codes": index.codes,
        "leads": {
            kind: (matrix.data.tolist(), matrix.indices.tolist(), matrix.indptr.tolist())
            for kind, matrix in index.leads.items()
        },
    }


def _contents() -> Iterator[bytes]:
    for package, folders in MADE_OF.items():
        for folder in folders:
            for file in sorted(_files(files(package).joinpath(folder)), key=lambda file: file.name):
                yield file.read_bytes()


def _files(folder: Traversable) -> Iterator[Traversable]:
    return (file for file in folder.iterdir() if file.name.endswith((".csv", ".toml", ".txt", ".py")))
