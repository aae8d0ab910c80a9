"""The words that name the nodes of the chains: their keywords, and the cores of keywords and titles."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from serai.match.text import clauses, is_han, stop_words, tokens
from serai.world.chains import Node

UNREAD = ""
"""The spelling of a term that counts and is not shown."""

_TITLE_PARTS = re.compile("[,:、，：]| and | & |[与和及]")


@dataclass(frozen=True)
class Names:
    """Sets of words that name nodes: keywords or cores."""

    names: Mapping[frozenset[str], str]
    """The spelling of each as a chain writes it; `UNREAD` for a part that nobody would read as a word."""
    of_nodes: Sequence[Collection[int]]
    """Which of the names, by row, each node has."""


@lru_cache(maxsize=8)
def lexicon(nodes: tuple[Node, ...]) -> tuple[Names, Names]:
    """The keywords of the nodes, and the cores of their keywords and titles."""
    keywords: list[dict[frozenset[str], str]] = []
    cores: list[dict[frozenset[str], str]] = []
    for node in nodes:
        own: dict[frozenset[str], str] = {}
        core: dict[frozenset[str], str] = {}
        for language, written, is_title in _names(node):
            keyword = _keyword(written)
            if keyword and (len(keyword) > 1 or not is_title):
                own.setdefault(keyword, written)
            core |= _cores(written, language)
        keywords.append(own)
        cores.append({words: spelt for words, spelt in core.items() if words not in own})
    return _collect(keywords), _collect(cores)


def _collect(of_nodes: Sequence[Mapping[frozenset[str], str]]) -> Names:
    spelt: dict[frozenset[str], str] = {}
    for own in of_nodes:
        for name, written in own.items():
            spelt[name] = spelt.get(name, UNREAD) or written
    names = {name: spelt[name] for name in sorted(spelt, key=sorted)}
    row = {name: number for number, name in enumerate(names)}
    return Names(names, [{row[name] for name in own} for own in of_nodes])


def _names(node: Node) -> Iterator[tuple[str, str, bool]]:
    """Language and spelling of the keywords, the examples and the parts of the titles, which are marked True."""
    for language, phrases in node.phrases.items():
        yield from ((language, written, False) for written in phrases)
    for language, title in node.title.items():
        yield from ((language, part.strip(), True) for part in _TITLE_PARTS.split(title))


def _keyword(written: str) -> frozenset[str]:
    """The words of a keyword that a text must have; none if it is one generic word besides stop words."""
    words = [word for clause in clauses(written) for word in clause]
    pairs = any(len(word) == 2 and is_han(word) for word in words)
    needed = frozenset(word for word in words if len(word) > 1 or not (pairs and is_han(word)))
    telling = needed - stop_words()
    return needed if len(telling) > 1 or telling - _generic_words() else frozenset()


def _cores(written: str, language: str) -> dict[frozenset[str], str]:
    """The cores of a keyword, with their spelling: its words without generic ones, and its noun alone."""
    spelt = {word: part for part in re.split(r"[\s\-/]+", written) for word in tokens(part)}
    words = [word for word in spelt if word not in _generic_words() and not word.isdigit()]
    if any(is_han(word) for word in words):
        pairs = [word for word in words if len(word) == 2]
        ends = [word for word in spelt if len(word) == 2]
        # Without 智能, 智能手机制造 begins with 能手: it tells of the node, but is no word that a reader knows.
        read = {*ends[:1], *ends[-1:]}
        return {frozenset({pair}): pair if pair in read else UNREAD for pair in (*pairs[:1], *pairs[-1:])}
    noun = words[0 if language.split("-", maxsplit=1)[0] in _NOUN_FIRST else -1 :][:1]
    return {frozenset(core): " ".join(spelt[word] for word in core) for core in (noun, words) if len("".join(core)) > 2}


_NOUN_FIRST = frozenset({"ar", "es", "fr", "it", "pt"})


def number_of_words(words: Iterable[str]) -> float:
    """Number of words without stop words; a pair of Han characters counts half, because each character is in two
    pairs."""
    return sum((len(word) - 1) / 2 if is_han(word) else 1.0 for word in words if word not in stop_words())


@cache
def _generic_words() -> frozenset[str]:
    lines = (files("serai.match") / "data" / "generic_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in tokens(line))
