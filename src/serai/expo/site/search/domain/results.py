"""What a search finds, kind by kind: each kind is a function that is told what is asked and by whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise

from serai.expo.base.collation import fold
from serai.expo.base.revisions import Revisions, revisions
from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Said
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.market.domain.visibility import named_to
from serai.expo.offers.market.models import MarketItem
from serai.expo.offers.search.domain.search import NEAR, NEAR_TOO, Found, search
from serai.expo.people.account.models import User
from serai.registry import Registry

ENTRIES = 100
"""How many firms, offers and needs are looked at, before what the reader may not see is left out."""

ALL_WORDS = 0.999
"""Share of the weight of the words from which an entry has all of them."""

MOST_WORDS = 0.6
"""The share from which an entry is shown that lacks some."""


@dataclass(frozen=True)
class Result:
    """Something found: its name in a language, a few words on what it is, and where it is shown."""

    title: Said
    address: str
    about: str = ""


@dataclass(frozen=True)
class Asked:
    """What is looked for in a fair, by whom, and for whom the reader has chosen to act."""

    edition: Edition
    reader: User | AnonymousUser
    words: str
    most: int
    """How many results of each kind."""
    role: str = ""
    """The reader's as an organiser of the fair, empty without one."""
    chosen: str = ""
    """Identifier of the firm for which the reader acts, empty where it has chosen none."""

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(fold(self.words).split())

    @cached_property
    def revisions(self) -> Revisions:
        return revisions()

    @cached_property
    def is_named(self) -> Callable[[MarketItem], bool]:
        """Whether the firm of an offer or a need is named to the reader."""
        return named_to(self.reader, self.edition)

    @cached_property
    def entries(self) -> list[Found]:
        """Firms, offers and needs by words and meaning, the best first. They are not yet narrowed to the reader's."""
        found = search(self.edition, self.words, most=ENTRIES, typing=True).found
        least = NEAR_TOO if any(entry.hit.words >= ALL_WORDS for entry in found) else NEAR
        return [entry for entry in found if entry.hit.words >= MOST_WORDS or (entry.hit.meaning or 0) >= least]

    def entries_of(self, kind: str) -> list[Found]:
        return [entry for entry in self.entries if entry.kind == kind]

    def best[Key](self, texts: Iterable[tuple[Key, str, str]]) -> list[Key]:
        """The keys of the texts that have each word, or a word that begins with it, in their title or in the rest.

        Each text is a key, its folded title and the rest of it, folded. A word of a script without spaces, or with
        articles that are written together, may stand within another.
        """
        ranked = []
        for number, (key, title, rest) in enumerate(texts):
            if all(_has(title, word) or _has(rest, word) for word in self.folded):
                begins, in_title = title.startswith(self.folded[0]), all(_has(title, word) for word in self.folded)
                ranked.append((not (begins and in_title), not in_title, number, key))
        return [key for *_order, key in sorted(ranked, key=lambda row: row[:3])[: self.most]]


def _has(text: str, word: str) -> bool:
    return text.startswith(word) or f" {word}" in text or (not word.isascii() and word in text)


@dataclass(frozen=True)
class Kind:
    """A kind of things that are found."""

    key: str
    title: str | Promise
    find: Callable[[Asked], list[Result]]
    more: str
    """The name of the address that lists all that have the words, empty where there is none."""


_kinds: Registry[Kind] = Registry("kind of results")


def kind(
    key: str, title: str | Promise, *, more: str = ""
) -> Callable[[Callable[[Asked], list[Result]]], Callable[[Asked], list[Result]]]:
    """Declare the function below as one that finds a kind of things. Kinds are shown as they are declared."""

    def declare(find: Callable[[Asked], list[Result]]) -> Callable[[Asked], list[Result]]:
        _kinds.add(key, Kind(key, title, find, more))
        return find

    return declare


def results(asked: Asked) -> list[tuple[Kind, list[Result]]]:
    """The kinds of which something is found, each with its results, the best first. In the scope of the edition."""
    if not asked.folded:
        return []
    load_hooks()
    found = [(kind, kind.find(asked)) for kind in _kinds.values()]
    return [(kind, listed) for kind, listed in found if listed]
