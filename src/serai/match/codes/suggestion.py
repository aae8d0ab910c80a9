"""The likeliest codes of a text, with their chance and the phrases that led there.

A phrase is evidence for its codes: the more, the closer it lies to the text in meaning and the more of its rare words
the text has. Its strength is exp(SHARPNESS (cosine - 1) + SPOKEN f r), where r is the rarity of its words found in the
text, each the logarithm of the inverse share of phrases with it, and f their share of the rarity of all its words. The
evidence for a code is the sum over its phrases. `SHARPNESS` and `SPOKEN` were chosen, and `CALIBRATION` fitted
(scripts/code_calibration.py), on half of the concepts in tests/match/codes_phrases.csv (for nodes of
placing_phrases.csv); benchmarks/codes.py measures the other half. From 16 to 20 and 0.2 to 0.4 the two make no
difference beyond chance.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.codes.kept_index import builtin_index
from serai.match.codes.phrases import CodeKind, PhraseIndex, phrase_index
from serai.match.codes.vectors import phrase_vectors, text_vectors
from serai.match.codes.words import telling, without_each_word
from serai.match.kept import fingerprint, kept_json
from serai.match.language import detect_language
from serai.match.text import base_language, tokens
from serai.match.vectors import Vectors
from serai.world.cache import cache_folder
from serai.world.chains import Chain

SHARPNESS = 18.0
SPOKEN = 0.3

CALIBRATION: Mapping[CodeKind, tuple[float, float, float]] = {
    CodeKind.HS: (1.55, 0.11, 0.61),
    CodeKind.ISIC: (1.53, 0.0, 1.23),
    CodeKind.NODE: (1.59, 0.21, 0.44),
}
"""Coefficients of the log-odds that a code is right: the constant, the weight of the logarithm of its evidence, and the
weight of the logarithm of its share of all evidence of its kind."""

MOST_SAYINGS = 3
READ_SAYINGS = 12
"""Of a code, among which those in the language of the text or in English are told, if there are any."""

_AT_ONCE = 256

SERVICE = (1.50, 1.32)
"""Coefficients of the log-odds that a text is about a service, which has no heading: the constant, and the weight of
the logarithm of the evidence for classes of services over that for classes of goods. Fitted as `CALIBRATION` is."""
FIRST_SERVICE = 33
"""The first division of ISIC, repair and installation, whose classes make no goods; those below do."""
NONE_BELOW = 0.2
"""Chance of the likeliest code below which no code of the classification fits."""

type Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Suggestion:
    """A code that a text may have; `confidence` is the chance, above 0 and below 1, that it is right."""

    kind: CodeKind
    code: str
    confidence: float
    sayings: tuple[str, ...]
    """The titles and keywords that led there, the strongest first; in the language of the text or English if
    possible."""
    words: tuple[str, ...]
    """The words of the text that contribute most to the strength of the first phrase, in their order."""


type Suggestions = Mapping[CodeKind, tuple[Suggestion, ...]]


def suggest(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    *,
    kinds: Collection[CodeKind] = tuple(CodeKind),
    chains: Sequence[Chain] | None = None,
    most: int = 5,
) -> list[Suggestions]:
    """For each text at most `most` codes of each kind, the likeliest first; none for a text without a letter or digit.

    By default the languages are detected from the texts, and the chains are those of the mission.
    """
    comparison = _comparison(None if chains is None else tuple(chains))
    suggestions: list[Suggestions] = []
    for text, language, support in _supports(comparison, texts, languages):
        best = {kind: _best(comparison, kind, support, most) for kind in kinds}
        suggestions.append(_explained(comparison, text, language, support, best))
    return suggestions


def evidence(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    *,
    kind: CodeKind,
    chains: Sequence[Chain] | None = None,
) -> tuple[Sequence[str], Floats]:
    """The codes of a kind, and the evidence for each: shape (n_texts, n_codes), at least 0."""
    return evidences(texts, languages, kinds=[kind], chains=chains)[kind]


def evidences(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    *,
    kinds: Collection[CodeKind],
    chains: Sequence[Chain] | None = None,
) -> Mapping[CodeKind, tuple[Sequence[str], Floats]]:
    """`evidence` of several kinds; each text is read once for all of them."""
    comparison = _comparison(None if chains is None else tuple(chains))
    told = [detect_language(text) for text in texts] if languages is None else languages
    by_kind: dict[CodeKind, list[Floats]] = {
        kind: [np.zeros((0, len(comparison.index.codes[kind])), np.float32)] for kind in kinds
    }
    for start in range(0, len(texts), _AT_ONCE):
        support = comparison.support(texts[start : start + _AT_ONCE], told[start : start + _AT_ONCE])
        for kind, parts in by_kind.items():
            parts.append(np.ascontiguousarray(comparison.evidence(kind, support.T).T))
    return {kind: (comparison.index.codes[kind], np.concatenate(parts)) for kind, parts in by_kind.items()}


def service_chances(texts: Sequence[str], languages: Sequence[str | None] | None = None) -> NDArray[np.float64]:
    """(n_texts,) the chance that a text is about a service or works, so that no heading of the HS is right."""
    classes, found = evidence(texts, languages, kind=CodeKind.ISIC)
    serves = np.array([int(name[:2]) >= FIRST_SERVICE for name in classes])
    least = np.finfo(np.float32).tiny
    lead = np.log(np.maximum(found[:, serves].sum(axis=1), least)) - np.log(
        np.maximum(found[:, ~serves].sum(axis=1), least)
    )
    constant, weight = SERVICE
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-(constant + weight * lead.astype(np.float64))))
    return chance


def log_odds(kind: CodeKind, evidence: Floats) -> Floats:
    """The log-odds that each code is right, given the evidence (..., n_codes) for all codes of a kind."""
    constant, absolute, relative = CALIBRATION[kind]
    strength = np.log(np.maximum(evidence, np.finfo(np.float32).tiny))
    share = strength - np.log(np.maximum(evidence.sum(axis=-1, keepdims=True), np.finfo(np.float32).tiny))
    odds: Floats = (constant + absolute * strength + relative * share).astype(np.float32)
    return odds


@dataclass(frozen=True)
class _Comparison:
    """The phrases of the classifications and chains, ready to be compared with texts."""

    index: PhraseIndex

    @cached_property
    def sharpened(self) -> Vectors:
        """(d, n_phrases) the vectors times `SHARPNESS`."""
        vectors = np.ascontiguousarray(phrase_vectors(self.index.phrases).T)
        vectors *= np.float32(SHARPNESS)
        return vectors

    @cached_property
    def column(self) -> Mapping[str, int]:
        return {word: number for number, word in enumerate(sorted({w for words in self._words for w in words}))}

    @cached_property
    def _words(self) -> Sequence[Sequence[str]]:
        """The words of each phrase, each once, in their order."""
        phrases = [phrase.text for phrase in self.index.phrases]
        name = fingerprint(("\n".join(phrases).encode(),), made_by=("text.py",))
        words: Sequence[Sequence[str]] = kept_json(
            cache_folder("codes") / f"words-{name}.json", lambda: [sorted({*tokens(phrase)}) for phrase in phrases]
        )
        return words

    @cached_property
    def rarity(self) -> sparse.csr_array:
        """(n_words, n_phrases) of each word over the root of that of the phrase: the square of a sum over words found
        is their share times their rarity."""
        has = _indicator([[self.column[word] for word in words] for words in self._words], len(self.column))
        weighted = has @ sparse.diags_array(np.log(1 + has.shape[0] / has.sum(axis=0)))
        total = weighted.sum(axis=1)
        scaled = sparse.diags_array(np.divide(1, np.sqrt(total), out=np.zeros_like(total), where=total > 0)) @ weighted
        return sparse.csr_array(scaled.T, dtype=np.float32)

    @cached_property
    def leads(self) -> Mapping[CodeKind, sparse.csr_array]:
        """(n_codes, n_phrases)."""
        return {kind: sparse.csr_array(matrix.T) for kind, matrix in self.index.leads.items()}

    def support(self, texts: Sequence[str], languages: Sequence[str | None]) -> Floats:
        """(n_texts, n_phrases) strength of each phrase as evidence; zeros for a text without a letter or digit."""
        vectors = text_vectors(texts, languages)
        columns = [sorted({self.column[word] for word in tokens(text) if word in self.column}) for text in texts]
        spoken = _indicator(columns, len(self.column)) @ self.rarity
        spoken.data = np.float32(SPOKEN) * spoken.data**2
        strength: Floats = vectors @ self.sharpened
        strength -= np.float32(SHARPNESS)
        for row, (start, stop) in enumerate(pairwise(spoken.indptr)):
            strength[row, spoken.indices[start:stop]] += spoken.data[start:stop]
        np.exp(strength, out=strength)
        strength *= vectors.any(axis=1, keepdims=True)
        return strength

    def evidence(self, kind: CodeKind, support: Floats) -> Floats:
        """(n_codes, ...) for `support` (n_phrases, ...)."""
        total: Floats = self.leads[kind] @ support
        return total


@lru_cache(maxsize=4)
def _comparison(chains: tuple[Chain, ...] | None) -> _Comparison:
    return _Comparison(builtin_index() if chains is None else phrase_index(chains))


def _supports(
    comparison: _Comparison, texts: Sequence[str], languages: Sequence[str | None] | None
) -> Iterator[tuple[str, str | None, Floats]]:
    told = [detect_language(text) for text in texts] if languages is None else languages
    for start in range(0, len(texts), _AT_ONCE):
        some, of_some = texts[start : start + _AT_ONCE], told[start : start + _AT_ONCE]
        yield from zip(some, of_some, comparison.support(some, of_some), strict=True)


def _best(comparison: _Comparison, kind: CodeKind, support: Floats, most: int) -> list[tuple[int, float]]:
    """The columns of the likeliest codes, and the chance of each."""
    strength = comparison.evidence(kind, support)
    chance = 1 / (1 + np.exp(-log_odds(kind, strength)))
    order = np.lexsort((np.arange(len(strength)), -strength))[:most]
    return [(int(column), float(chance[column])) for column in order if strength[column] > 0]


def _explained(
    comparison: _Comparison,
    text: str,
    language: str | None,
    support: Floats,
    best: Mapping[CodeKind, Sequence[tuple[int, float]]],
) -> Suggestions:
    words, shortened = without_each_word(text)
    left = comparison.support(shortened, [language] * len(shortened)) if any(best.values()) else support[None][:0]
    by_kind: dict[CodeKind, tuple[Suggestion, ...]] = {}
    for kind, codes in best.items():
        suggestions = []
        for column, chance in codes:
            row = comparison.leads[kind][[column]]
            leading = row.indices[np.lexsort((row.indices, -row.data * support[row.indices]))]
            told = telling(text, words, 1 - left[:, leading[0]] / support[leading[0]])
            spoken = [comparison.index.phrases[number] for number in leading[:READ_SAYINGS]]
            readable = [
                phrase
                for phrase in spoken
                if base_language(phrase.language) in {language and base_language(language), "en"}
            ]
            phrases = tuple(dict.fromkeys(phrase.text for phrase in readable or spoken))[:MOST_SAYINGS]
            suggestions.append(Suggestion(kind, comparison.index.codes[kind][column], chance, phrases, told))
        by_kind[kind] = tuple(suggestions)
    return by_kind


def _indicator(rows: Sequence[Sequence[int]], width: int) -> sparse.csr_array:
    """(len(rows), width) 1 in the columns that each row names."""
    stop = np.cumsum([0, *map(len, rows)])
    column = np.array([column for row in rows for column in row], dtype=np.int64)
    return sparse.csr_array((np.ones(len(column), dtype=np.float32), column, stop), shape=(len(rows), width))
