"""The vectors of what the chains say of their nodes: titles, keywords, examples and summaries in all languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from serai.match.kept import fingerprint, kept_array
from serai.match.vectors import DIMENSION, PACKAGED, Vectors, meant, unit
from serai.world.cache import cache_folder
from serai.world.chains import BUILTIN, Node, builtin_chains

type Phrases = tuple[tuple[str, str, bool], ...]
"""What is said of a node: each phrase with its language, and whether it is a title."""

_MADE_BY = ("vectors.py", "sentence_encoder.py", "word_pieces.py", "text.py", "data/language_means.npz")
"""What the vectors of phrases depend on, besides the weights of the encoder, which has a name of its own."""


@dataclass(frozen=True)
class Nodes:
    """Nodes as the head reads them."""

    description: Vectors
    """(n_nodes, 512) mean vector of titles and keywords, of length 1."""
    title: Vectors
    """(n_nodes, 512) mean vector of the titles, of length 1."""
    phrases: Vectors
    """(n_phrases, 512) vectors of titles and keywords."""
    node: NDArray[np.int64]
    """(n_phrases,) the row of the node, ascending."""


def read_nodes(nodes: Sequence[Node]) -> Nodes:
    """Nodes as the head reads them, by what is said of them in all languages."""
    said = [_phrases(node) for node in nodes]
    vectors = _vectors(said)
    row = np.repeat(np.arange(len(nodes)), [len(phrases) for phrases in said])
    is_title = np.array([is_title for phrases in said for _text, _language, is_title in phrases], dtype=np.bool_)
    description, title = (np.zeros((len(nodes), DIMENSION), dtype=np.float32) for _ in range(2))
    np.add.at(description, row, vectors)
    np.add.at(title, row[is_title], vectors[is_title])
    return Nodes(unit(description), unit(title), vectors, row)


def _phrases(node: Node) -> Phrases:
    return tuple(
        (text, language, is_title)
        for is_title, texts in (
            (True, _one_each(node.title)),
            (False, node.phrases),
            (False, _one_each(node.summary)),
        )
        for language, written in texts.items()
        for text in written
    )


def _one_each(title: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {language: (text,) for language, text in title.items()}


def _vectors(said: Sequence[Phrases]) -> Vectors:
    """(n_phrases, 512) the vectors of the phrases of all nodes; those of built-in nodes are kept from process to
    process."""
    chain_of = _builtin()
    own = list(dict.fromkeys(phrases for phrases in said if phrases not in chain_of))
    vectors_of = dict(zip(own, _parted(_meant(own), own), strict=True))
    for slug in {chain_of[phrases] for phrases in said if phrases in chain_of}:
        vectors_of |= _of_builtin(slug)
    return np.concatenate([np.zeros((0, DIMENSION), np.float32), *(vectors_of[phrases] for phrases in said)])


@cache
def _builtin() -> Mapping[Phrases, str]:
    """The slug of the built-in chain in which these phrases are said of a node."""
    return {_phrases(node): chain.slug for chain in builtin_chains(BUILTIN) for node in chain.nodes}


@cache
def _of_builtin(slug: str) -> Mapping[Phrases, Vectors]:
    """The vectors of the phrases of each node of a built-in chain."""
    (chain,) = builtin_chains((slug,))
    said = [_phrases(node) for node in chain.nodes]
    made_of = fingerprint((repr(said).encode(),), made_by=_MADE_BY)
    kept = kept_array(cache_folder("nodes") / f"{PACKAGED}-{slug}-{made_of}.npy", lambda: _meant(said))
    return dict(zip(said, _parted(kept, said), strict=True))


def _meant(said: Sequence[Phrases]) -> Vectors:
    flat = [phrase for phrases in said for phrase in phrases]
    return meant([text for text, _language, _is_title in flat], [language for _text, language, _is_title in flat])


def _parted(vectors: Vectors, said: Sequence[Phrases]) -> Sequence[Vectors]:
    """The rows of the vectors, node by node."""
    return [vectors[start:stop] for start, stop in pairwise(accumulate(map(len, said), initial=0))]
