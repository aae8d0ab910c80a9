"""Vocabulary of the texts: document frequencies of terms, and corrections of mistyped words."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from serai.match.search.terms import STEM_MARK
from serai.match.text import script_of


class Vocabulary:
    """Document frequencies of terms; texts can be added and removed."""

    def __init__(self, texts: Iterable[Iterable[str]] = ()) -> None:
        self.documents = 0
        self._count: Counter[str] = Counter()
        for text in texts:
            self.add(text)

    @classmethod
    def of(cls, documents: int, count: Mapping[str, int]) -> "Vocabulary":
        """From frequencies that a database keeps."""
        made = cls()
        made.documents, made._count = documents, Counter(count)
        return made

    def add(self, text: Iterable[str]) -> None:
        self.documents += 1
        self._count.update(set(text))
        self._forget()

    def remove(self, text: Iterable[str]) -> None:
        self.documents -= 1
        self._count.subtract(set(text))
        self._forget()

    def _forget(self) -> None:
        self.__dict__.pop("_by_initial", None)
        self.__dict__.pop("_in_order", None)

    def frequency(self, term: str) -> int:
        """How many texts have the term."""
        return self._count[term]

    def weight(self, term: str) -> float:
        """Inverse document frequency: log((N + 1) / (n + 1/2)), at least 0, if n of N texts have it (Robertson
        2004)."""
        return max(0.0, math.log((self.documents + 1) / (max(self._count[term], 0) + 0.5)))

    def corrections(self, word: str, most: int = 3) -> tuple[str, ...]:
        """The known words nearest to a mistyped one, the commonest first.

        A mistake is a letter too few, too many or wrong, or two letters exchanged. Words from 4 letters may have one
        mistake, from 8 letters two. Numbers, Han and the first letter are never corrected.
        """
        slips = (len(word) >= 4) + (len(word) >= 8)
        if not slips or not word.isalpha() or script_of(word) in {"han", "kana"}:
            return ()
        near = [
            candidate for candidate in self._by_initial.get(word[0], ()) if abs(len(candidate) - len(word)) <= slips
        ]
        close = process.extract(word, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        ranked = sorted((distance, -self._count[candidate], candidate) for candidate, distance, _ in close)
        nearest = [candidate for distance, _, candidate in ranked if distance == ranked[0][0]]
        return tuple(nearest[:most])

    def completions(self, beginning: str, most: int = 20) -> tuple[str, ...]:
        """The known words that begin so, the commonest first; none for a single letter of an alphabet."""
        if len(beginning) < 2 and script_of(beginning) not in {"han", "kana"}:
            return ()
        first = bisect_left(self._in_order, beginning)
        last = bisect_left(self._in_order, f"{beginning}\U0010ffff", first)
        return tuple(sorted(self._in_order[first:last], key=lambda term: (-self._count[term], term))[:most])

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(term for term, count in self._count.items() if count > 0 and not term.endswith(STEM_MARK))

    @cached_property
    def _by_initial(self) -> Mapping[str, list[str]]:
        by_initial: dict[str, list[str]] = {}
        for term, count in self._count.items():
            if count > 0 and len(term) >= 3 and not term.endswith(STEM_MARK):
                by_initial.setdefault(term[0], []).append(term)
        return by_initial
