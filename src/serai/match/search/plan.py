"""What a query asks for, before any text is looked at."""

from dataclasses import dataclass

from serai.match.language import detect_language
from serai.match.search.terms import alternatives
from serai.match.search.vocabulary import Vocabulary
from serai.match.text import is_han, tokens

MOST_GROUPS = 24
"""Words of a query that are looked for; a longer one is a description, whose meaning counts."""


@dataclass(frozen=True)
class Group:
    """One word of a query and all terms that stand for it."""

    word: str
    terms: tuple[str, ...]
    weight: float
    """How much it tells: that of the commonest of its terms that any text has."""
    corrected: bool = False
    """No text has the word itself: the terms are those that it may have been meant to be."""


@dataclass(frozen=True)
class Plan:
    """A query: its words in their order, and its language as far as it tells."""

    query: str
    language: str | None
    groups: tuple[Group, ...]

    @property
    def weight(self) -> float:
        return sum(group.weight for group in self.groups)

    def corrected(self) -> tuple[Group, ...]:
        """The words that were taken for mistyped."""
        return tuple(group for group in self.groups if group.corrected)


def plan(query: str, vocabulary: Vocabulary, language: str | None = None) -> Plan:
    """How to look for `query` among texts with this vocabulary.

    Of a run of Han characters the pairs are looked for and a character only where it stands alone: each is in a pair.
    A word that no text has is taken for the known words it may mean; if there is none, it stays and finds nothing.
    """
    told = language or detect_language(query)
    words = dict.fromkeys(tokens(query))
    paired = {character for word in words if len(word) == 2 and is_han(word) for character in word}
    wanted = [word for word in words if word not in paired][:MOST_GROUPS]
    return Plan(query, told, tuple(_group(word, vocabulary, told) for word in wanted))


def _group(word: str, vocabulary: Vocabulary, language: str | None) -> Group:
    matched = tuple(term for term in alternatives(word, language) if vocabulary.frequency(term))
    meant = () if matched else vocabulary.corrections(word)
    terms = matched or meant or (word,)
    return Group(word, terms, min(map(vocabulary.weight, terms)), corrected=bool(meant))


def rarest(asked: Plan, vocabulary: Vocabulary, most: int) -> tuple[Group, ...]:
    """The words that tell most, in the order of the query: as many as no more than `most` texts have, but at least one.

    A text that has only commoner ones has little of what the query asks for, and would have to be found among many.
    """
    kept: list[int] = []
    texts = 0
    for number in sorted(range(len(asked.groups)), key=lambda number: -asked.groups[number].weight):
        texts += sum(map(vocabulary.frequency, asked.groups[number].terms))
        if kept and texts > most:
            break
        kept.append(number)
    return tuple(asked.groups[number] for number in sorted(kept))
