"""Query plan: the words of a query and the terms to look for, before any text is read."""

from dataclasses import dataclass

from serai.match.language import detect_language
from serai.match.search.terms import alternatives
from serai.match.search.vocabulary import Vocabulary
from serai.match.text import is_han, tokens

MOST_GROUPS = 24
"""Largest number of words of a query that are looked for; a longer query is a description, and its meaning counts."""


@dataclass(frozen=True)
class Group:
    """One word of a query and all terms that match it."""

    word: str
    terms: tuple[str, ...]
    weight: float
    """The least weight of its terms (`Vocabulary.weight`)."""
    corrected: bool = False
    """No text has the word: the terms are its likely corrections."""


@dataclass(frozen=True)
class Plan:
    """A query: its words in their order, and its language if it was detected."""

    query: str
    language: str | None
    groups: tuple[Group, ...]

    @property
    def weight(self) -> float:
        return sum(group.weight for group in self.groups)

    def corrected(self) -> tuple[Group, ...]:
        """The words that were corrected."""
        return tuple(group for group in self.groups if group.corrected)


def plan(query: str, vocabulary: Vocabulary, language: str | None = None, *, typing: bool = False) -> Plan:
    """The plan of `query` for texts with this vocabulary.

    With `typing` the last word may be unfinished: words that begin with it match it too.

    In a run of Han characters the pairs are looked for, and a character only if it stands alone. A word that no text
    has is replaced by its corrections; without any it stays and finds nothing.
    """
    told = language or detect_language(query)
    words = dict.fromkeys(tokens(query))
    paired = {character for word in words if len(word) == 2 and is_han(word) for character in word}
    wanted = [word for word in words if word not in paired][:MOST_GROUPS]
    last = wanted[-1] if typing and wanted else None
    return Plan(query, told, tuple(_group(word, vocabulary, told, unfinished=word == last) for word in wanted))


def _group(word: str, vocabulary: Vocabulary, language: str | None, *, unfinished: bool) -> Group:
    likely = (*alternatives(word, language), *(vocabulary.completions(word) if unfinished else ()))
    matched = tuple(term for term in dict.fromkeys(likely) if vocabulary.frequency(term))
    meant = () if matched else vocabulary.corrections(word)
    terms = matched or meant or (word,)
    return Group(word, terms, min(map(vocabulary.weight, terms)), corrected=bool(meant))


def rarest(asked: Plan, vocabulary: Vocabulary, most: int) -> tuple[Group, ...]:
    """The rarest words in the order of the query: as long as at most `most` texts have them, but at least one.

    Texts that have only the common words match little of the query, and there are many of them.
    """
    kept: list[int] = []
    texts = 0
    for number in sorted(range(len(asked.groups)), key=lambda number: -asked.groups[number].weight):
        texts += sum(map(vocabulary.frequency, asked.groups[number].terms))
        if kept and texts > most:
            break
        kept.append(number)
    return tuple(asked.groups[number] for number in sorted(kept))
