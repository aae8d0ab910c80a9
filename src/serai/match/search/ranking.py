"""Ranking of search results by words, meaning and codes.

Added with equal weight, the likeness of words would spoil that of meaning: a paraphrase shares some common words with
many texts. So words count by the fourth power of the share of the query's weight that a text has: the whole query is
worth more than any likely difference in meaning, half of it almost nothing. A text that begins with the words, such as
a name, comes before one that mentions them. The likely codes of query and text show in every language which of two
texts of equal meaning is the product.

Chosen on the half of the phrases that is for fitting, on exhibitors' names, right and mistyped, on half of their
categories and on tenders. There the first ten were by nDCG (meaning alone, with words, with codes too): for English
product names among English offers .90, .92, .95, among French ones .76, .79, .88, among Chinese ones .80, .80, .90; for
mistyped names .44, .97, .97; for titles of tenders .23, .27, .32 among English ones, .21, .22, .26 among those of other
languages; for categories .55, .66, .66. benchmarks/search.py measures on others.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from serai.match.search.plan import Plan

WORDS = 1.0
POWER = 4
HEAD = 0.2
"""Weights of words and of their place, against the cosine of the meanings, and the power of the share of words."""

CODES = 0.4
"""Weight of the likeness of the codes."""

CORRECTED = 0.8
"""Weight of a corrected word against the word itself."""

LEAST_MEANING = 0.1
"""Least cosine of a text without any of the words. One in ten texts that have nothing in common with a query are as
near, and nine in ten texts of the same meaning in another language are nearer."""


@dataclass(frozen=True)
class Candidate:
    """A text that may be a result: its key, its terms in their order, and the cosine of its meaning and the query's."""

    key: int
    terms: Sequence[str]
    meaning: float | None = None
    """None if it was not computed."""
    codes: float = 0.0
    """Cosine of its likely codes and the query's (`codes.likeness`)."""


@dataclass(frozen=True)
class Hit:
    """A result. `words` is the share of the query's weight that the text has; `head` is larger for words at its
    beginning."""

    key: int
    score: float
    words: float
    head: float
    meaning: float | None


def order(plan: Plan, candidates: Iterable[Candidate], *, least_meaning: float = LEAST_MEANING) -> list[Hit]:
    """The candidates that have a word or at least the cosine `least_meaning`, the best first; of equal ones the smaller
    key first. The order does not depend on the store that found the candidates.
    """
    weights = [group.weight * (CORRECTED if group.corrected else 1.0) for group in plan.groups]
    whole = plan.weight
    if not whole:  # all texts have these words, or there are none: then each word counts alike
        weights, whole = [1.0] * len(plan.groups), float(len(plan.groups) or 1)
    wanted: dict[str, list[int]] = {}
    for number, group in enumerate(plan.groups):
        for term in group.terms:
            wanted.setdefault(term, []).append(number)
    hits = []
    for candidate in candidates:
        first_places = _first_places(wanted, candidate.terms)
        words = sum(weights[number] for number, _place in first_places) / whole
        head = sum(weights[number] / math.log2(2 + place) for number, place in first_places) / whole
        meaning = candidate.meaning or 0.0
        if first_places or meaning >= least_meaning:
            score = WORDS * words**POWER + HEAD * head * words + max(meaning, 0.0) + CODES * candidate.codes
            hits.append(Hit(candidate.key, score, words, head, candidate.meaning))
    return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.key))


def _first_places(wanted: Mapping[str, Sequence[int]], terms: Sequence[str]) -> list[tuple[int, int]]:
    """The groups of the plan that a text has, by number, each with the first place of one of its terms."""
    first: dict[int, int] = {}
    for place, term in enumerate(terms):
        for number in wanted.get(term, ()):
            first.setdefault(number, place)
    return sorted(first.items())
