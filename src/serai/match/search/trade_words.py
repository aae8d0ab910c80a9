"""Trade words: what a word of a chain is called in English, whatever language it is asked in.

An encoder knows few technical words of each language by themselves: كاثود lies near to nothing. The chains have titles
and keywords in several languages for each node, so a query that is one of them is also asked by the node's title.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from serai.match.text import tokens
from serai.world.chains import builtin_chains

MOST = 3
"""Nodes that a query may be a word of; a word of more of them is too general to say anything."""


def titles_of(query: str) -> tuple[str, ...]:
    """The English titles of the nodes of which `query` is a title or keyword, or at least half of one."""
    asked = frozenset(tokens(query))
    if not asked:
        return ()
    phrases = set.intersection(*(_phrases_with().get(word, set()) for word in asked))
    titles = sorted({title for phrase, title in phrases if 2 * len(asked) >= len(phrase)})
    return tuple(titles) if len(titles) <= MOST else ()


@cache
def _phrases_with() -> Mapping[str, set[tuple[frozenset[str], str]]]:
    """By word, the titles and keywords with this word as sets of words, each with the English title of its node."""
    phrases: dict[str, set[tuple[frozenset[str], str]]] = defaultdict(set)
    for chain in builtin_chains():
        for node in chain.nodes:
            for phrase in (*node.title.values(), *(word for words in node.keywords.values() for word in words)):
                words = frozenset(tokens(phrase))
                for word in words:
                    phrases[word].add((words, node.title["en"]))
    return phrases
