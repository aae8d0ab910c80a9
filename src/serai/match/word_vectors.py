"""Vectors of the words of texts: each word and its pieces, weighted by how few texts have it.

Pieces are shared by the forms of a word, by the parts of a compound and by words that languages have in common:
Wasserwerk and Wasser, catalyst and catalizador.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.glosses import gloss
from serai.match.language import detect_language
from serai.match.roles import what_is_offered
from serai.match.text import SCRIPTS, pieces, script_of, tokens

type Integers = NDArray[np.int64]

TEXTS_REMEMBERED = 50_000
"""Texts whose words are kept in memory: a page that lists partners reads the same texts again."""

WORDS_REMEMBERED = 200_000

LONG = 40
"""Number of words and pieces from which a text is long. A longer text is measured as if it had this number, so that the
words of a short text also count against a description of ten lines (pivoted length: Singhal et al. 1996)."""


LEAST_KNOWN = 0.5
"""Share of the words of a text that its gloss knows, from which the gloss is read as words of the text."""

_LATIN = 1 << tuple(SCRIPTS).index("latin")


@lru_cache(maxsize=TEXTS_REMEMBERED)
def word_hashes(text: str) -> tuple[Integers, int]:
    """The words of a text and their pieces as hashes, each once, and the scripts of the text as bits.

    A hash has 64 bits made of the letters, and is the same in every process. A script counts if it writes a quarter of
    the words; its bit is its place in `text.SCRIPTS`. A text whose gloss knows half of its words has these English
    words too, and counts as written in Latin letters: so a need in Arabic shares words with an offer in English.
    """
    words = tokens(text)
    counts = Counter(script_of(word) for word in words)
    scripts = sum(1 << bit for bit, script in enumerate(SCRIPTS) if 0 < len(words) <= 4 * counts[script])
    in_english = gloss(text, detect_language(text))
    if in_english.known >= LEAST_KNOWN:
        words += tokens(in_english.english)
        scripts |= _LATIN
    hashes = [number for word in words for number in _hashes_of_word(word)]
    return np.unique(np.array(hashes, dtype=np.int64)), scripts


@lru_cache(maxsize=TEXTS_REMEMBERED)
def whole_word_hashes(text: str) -> Integers:
    """The words of a text without their pieces as hashes, each once."""
    return np.unique(np.array([_hashes_of_word(word)[0] for word in tokens(text)], dtype=np.int64))


@lru_cache(maxsize=TEXTS_REMEMBERED)
def word_hashes_of_offer(text: str) -> tuple[Integers, int]:
    """`word_hashes` of the parts of an offer that name what is offered.

    A firm that says that it buys separators is not like a need of separators.
    """
    return word_hashes(what_is_offered(text))


@lru_cache(maxsize=WORDS_REMEMBERED)
def _hashes_of_word(word: str) -> tuple[int, ...]:
    return tuple(
        int.from_bytes(blake2b(piece.encode(), digest_size=8).digest(), "big", signed=True) for piece in pieces(word)
    )


def word_vectors(hashes: Sequence[Integers]) -> sparse.csr_array:
    """(n_texts, n_words) weight of each word in each text: log(1 + texts / texts with the word).

    `hashes` are the words of each text as `word_hashes` gives them. Rows have length 1. A row of more than `LONG` words
    is longer, as if the text had no more words; a product of two such rows may exceed 1.
    """
    if not hashes:
        return sparse.csr_array((0, 0))
    size = np.array([len(words) for words in hashes], dtype=np.int64)
    indptr = np.cumsum([0, *size])
    vocabulary, indices = np.unique(np.concatenate(hashes), return_inverse=True)
    rarity = np.log1p(len(hashes) / np.bincount(indices, minlength=len(vocabulary)))[indices]
    # Each row is summed by itself, so that its length does not depend on the other rows.
    length = np.sqrt(np.add.reduceat(np.append(rarity**2, 0.0), indptr[:-1]))
    weight = rarity / np.repeat(length * np.sqrt(LONG / np.maximum(size, LONG)), size)
    return sparse.csr_array((weight, indices, indptr), shape=(len(hashes), len(vocabulary)))
