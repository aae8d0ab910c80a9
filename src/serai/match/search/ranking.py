"""Words and meaning made one order.

Added with equal weight, likeness of words spoils what likeness of meaning finds: a paraphrase shares some common words
with many texts. So words count by the square of the share of the query's weight that a text has: all of it is worth
more than any difference in meaning, a third of it next to nothing. A name at the head of a text counts for more than
one that it mentions.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from serai.match.search.plan import Plan
from serai.match.search.terms import places

WORDS = 1.0
HEAD = 0.2
MEANING = 1.0
"""What the three are worth: see benchmarks/search.py."""

CORRECTED = 0.8
"""What a word is worth that was taken for mistyped."""

LEAST_MEANING = 0.35
"""Cosine from which a text without any of the words is shown: below, it is about something else."""


@dataclass(frozen=True)
class Candidate:
    """A text that may answer: its key, its terms in their order, and the cosine of its meaning and the query's."""

    key: int
    terms: Sequence[str]
    meaning: float | None = None
    """None where it is not known yet."""


@dataclass(frozen=True)
class Hit:
    """An answer. `words` is the share of the query's weight that the text has, `head` how far at its beginning."""

    key: int
    score: float
    words: float
    head: float
    meaning: float | None


def order(plan: Plan, candidates: Iterable[Candidate]) -> list[Hit]:
    """The candidates that answer, the best first; of equals the smaller key.

    Only what a text says and means counts, so the order is the same whatever store found the candidates.
    """
    groups = [group.terms for group in plan.groups]
    weights = [group.weight * (CORRECTED if group.corrected else 1.0) for group in plan.groups]
    whole = plan.weight
    hits = []
    for candidate in candidates:
        found = list(places(groups, candidate.terms))
        share = sum(weight for weight, place in zip(weights, found, strict=True) if place is not None)
        early = sum(
            weight / math.log2(2 + place) for weight, place in zip(weights, found, strict=True) if place is not None
        )
        if not whole:  # words that every text has, or none
            here = sum(place is not None for place in found) / (len(found) or 1)
            words = head = here
        else:
            words, head = share / whole, early / whole
        meaning = candidate.meaning or 0.0
        score = WORDS * words**2 + HEAD * head + MEANING * max(meaning, 0.0)
        if words or meaning >= LEAST_MEANING:
            hits.append(Hit(candidate.key, score, words, head, candidate.meaning))
    return sorted(hits, key=lambda hit: (-round(hit.score, 6), hit.key))
