"""Evidence of codes and texts for the nodes of the chains, as sparse matrices of terms.

A term is a Harmonized System code, an ISIC class, a keyword of a node, or the core of a keyword. The chance that a term
leads to the right node is the `RELIABILITY` of its grade divided by the number of nodes with the term. Keywords are
counted within one chain, because a chain gives them to its nodes on purpose. Codes and cores are counted among all
chains: a heading such as 3002 (vaccines, for people or for animals) does not say which chain is meant.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.lexicon import lexicon, number_of_words
from serai.match.roles import clauses_of
from serai.world.chains import Node

RELIABILITY: Mapping[str, float] = {
    "hs heading": 0.9,
    "hs chapter": 0.3,
    "isic class": 0.6,
    "isic group": 0.4,
    "isic division": 0.2,
    "long keyword": 0.9,
    "keyword": 0.65,
    "long core": 0.5,
    "core": 0.3,
}
"""The chance that a piece of evidence leads to the right node if it fits one node only.

Words: measured. Of 210 random pieces found in the descriptions of 4,177 exhibitors of an electronics fair and read by
hand, right were 36 of 40 keywords of three words or more, 51 of 80 shorter ones, 14 of 50 single nouns of a keyword and
6 of 40 of its other words, which are therefore not used; a core of two words is put between. Codes: judgement, for want
of coded offers with known nodes; a heading names a product, a chapter some dozens of headings, a class a trade.
"""

LONG: Mapping[str, float] = {"keyword": 2.5, "core": 1.5}
"""Length in words from which a keyword or core is long."""

DIGITS = 12
"""Decimals of a chance."""

SHORT = 3
"""Number of words of a clause up to which a single core counts in full."""

WORDS_BETWEEN = 2
"""Number of other words that may stand among the words of a keyword."""


class EvidenceKind(StrEnum):
    """Kind of evidence for a node: a Harmonized System code, an ISIC class, words, a statement about the firm (`SAID`),
    one of its plants, or the sentence of a text that led to the node."""

    HS = "hs"
    ISIC = "isic"
    WORDS = "words"
    SAID = "said"
    PLANT = "plant"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence; `what` is the code, or the keyword or word as the chain writes it."""

    kind: EvidenceKind
    what: str


@dataclass(frozen=True)
class Terms:
    """Terms of one kind: the items that show them, and the chance of each to lead to each node."""

    kind: EvidenceKind
    names: Sequence[str]
    """How each is spelt, `UNREAD` where it is not shown."""
    found: sparse.csr_array
    """(n_items, n_terms) how far the item shows the term, 0 to 1."""
    chance: sparse.csr_array
    """(n_terms, n_nodes) the chance that the term leads to the node, below 1."""
    aside: sparse.csr_array
    """(n_items, n_terms) the same in the parts of the text that name a material or a use (`roles`)."""


# Codes

_GRADES = {
    EvidenceKind.HS: {2: "hs chapter", 4: "hs heading"},
    EvidenceKind.ISIC: {2: "isic division", 3: "isic group", 4: "isic class"},
}


def code_terms(kind: EvidenceKind, written: Sequence[Collection[str]], nodes: Sequence[tuple[str, Node]]) -> Terms:
    """Codes cut to the longest length that has a grade; a shorter code fits every node that lists a code within it."""
    grades = _GRADES[kind]
    names, chance = _listed_codes(kind, tuple(node for _, node in nodes))
    term = {name: number for number, name in enumerate(names)}
    shown = [{term[code] for code in (_cut(code, grades) for code in codes) if code in term} for codes in written]
    matrix = _indicator(shown, len(names))
    return Terms(kind, names, matrix, chance, sparse.csr_array(matrix.shape))


@lru_cache(maxsize=16)
def _listed_codes(kind: EvidenceKind, nodes: tuple[Node, ...]) -> tuple[Sequence[str], sparse.csr_array]:
    """The codes that the nodes list, and the chance of each to lead to each node."""
    grades = _GRADES[kind]
    listed = [
        {code[:length] for code in (node.hs if kind is EvidenceKind.HS else node.isic) for length in grades}
        for node in nodes
    ]
    names = sorted(set().union(*listed))
    term = {name: number for number, name in enumerate(names)}
    of_nodes = [{term[code] for code in codes} for codes in listed]
    return names, _chances(of_nodes, [""] * len(nodes), [RELIABILITY[grades[len(name)]] for name in names])


def _cut(code: str, lengths: Collection[int]) -> str:
    """The first digits of `code`, as many as the longest of `lengths` that it has; "" where it has too few."""
    digits = re.sub("[^0-9]", "", code)
    return digits[: max((length for length in lengths if length <= len(digits)), default=0)]


# Words


def word_terms(texts: Sequence[str], offered: Sequence[bool], nodes: Sequence[tuple[str, Node]]) -> Terms:
    """Keywords found whole in a clause and, among its words outside these, cores of keywords.

    A core counts by its share of the clause, in full in a clause of `SHORT` words or fewer; mentions add up to one.
    `offered` (len(texts),) are the texts of offers, in which products that the firm buys do not count.
    """
    known = _vocabulary(tuple(nodes))
    clauses = _numbered_clauses(texts, offered, known.number)
    whole = _found_whole(clauses.whole, known.keywords)
    # A core is looked for among the words outside of the keywords that were found.
    rest = _Words(clauses.whole.numbers, _without(clauses.whole.has, whole @ known.keywords.made_of))
    core = _found_whole(rest, known.cores)
    shares = sparse.diags_array(clauses.share)
    n_clauses = len(clauses.text)
    of_text = sparse.csr_array(
        (np.ones(n_clauses), (clauses.text, np.arange(n_clauses))), shape=(len(texts), n_clauses)
    )
    keyword_sides, core_sides = (
        _split_aside(clauses, whole, known.keywords),
        _split_aside(clauses, core, known.cores),
    )
    itself, aside = (
        sparse.csr_array(sparse.hstack([of_text @ of_whole, of_text @ (shares @ of_part)], format="csr"))
        for of_whole, of_part in zip(keyword_sides, core_sides, strict=True)
    )
    itself.data, aside.data = np.minimum(itself.data, 1.0), np.minimum(aside.data, 1.0)
    return Terms(EvidenceKind.WORDS, known.spelt, itself, known.chance, aside)


@dataclass(frozen=True)
class _Names:
    """Keywords or cores, and the words that they are made of."""

    made_of: sparse.csr_array
    """(n_names, n_words)"""
    words: Sequence[NDArray[np.int32]]
    """The same, name by name."""
    around: sparse.csr_array
    """(n_names, n_names) 1 where the name of the row has all words of that of the column, and more."""


@dataclass(frozen=True)
class _Vocabulary:
    """The words by which some nodes are found; the same for every text, and made once."""

    number: Mapping[str, int]
    keywords: _Names
    cores: _Names
    spelt: Sequence[str]
    """How each keyword, and then each core, is spelt."""
    chance: sparse.csr_array
    """(n_keywords + n_cores, n_nodes)"""


@lru_cache(maxsize=8)
def _vocabulary(nodes: tuple[tuple[str, Node], ...]) -> _Vocabulary:
    keywords, cores = lexicon(tuple(node for _, node in nodes))
    number = {word: n for n, word in enumerate(sorted(set().union(*keywords.names, *cores.names)))}
    chance = [
        _chances(keywords.of_nodes, [slug for slug, _ in nodes], _reliabilities(keywords.names, "keyword")),
        _chances(cores.of_nodes, [""] * len(nodes), _reliabilities(cores.names, "core")),
    ]
    return _Vocabulary(
        number,
        _names([{number[word] for word in name} for name in keywords.names], len(number)),
        _names([{number[word] for word in name} for name in cores.names], len(number)),
        [*keywords.names.values(), *cores.names.values()],
        sparse.csr_array(sparse.vstack(chance, format="csr")),
    )


def _names(names: Sequence[Collection[int]], n_words: int) -> _Names:
    made_of = _indicator(names, n_words)
    size = made_of.sum(axis=1)
    within = (made_of @ made_of.T).tocoo()
    inside = (within.data == size[within.row]) & (size[within.row] < size[within.col])
    around = sparse.csr_array((np.ones(inside.sum()), (within.col[inside], within.row[inside])), shape=within.shape)
    return _Names(made_of, np.split(made_of.indices, made_of.indptr[1:-1]), around)


@dataclass(frozen=True)
class _Words:
    """Words of clauses by their number in the vocabulary, -1 for a word outside of it."""

    numbers: Sequence[Sequence[int]]
    """The words of each clause in their order."""
    has: sparse.csr_array
    """(n_clauses, n_words) 1 where the clause has the word."""


@dataclass(frozen=True)
class _Clauses:
    """The clauses that have a word of the vocabulary."""

    text: Sequence[int]
    """(n_clauses,) the row of the text."""
    whole: _Words
    itself: _Words
    """Without words aside; empty where a clause has none aside."""
    aside: _Words
    share: Sequence[float]
    """(n_clauses,) the weight of a single core, by the length of the clause."""


def _numbered_clauses(texts: Sequence[str], offered: Sequence[bool], number: Mapping[str, int]) -> _Clauses:
    text_rows: list[int] = []
    whole: list[list[int]] = []
    itself: list[list[int]] = []
    aside: list[list[int]] = []
    share: list[float] = []
    for row, (text, is_offer) in enumerate(zip(texts, offered, strict=True)):
        for clause in clauses_of(text, offered=is_offer):
            words = [number.get(word, -1) for word in clause.whole]
            if max(words) >= 0:
                text_rows.append(row)
                whole.append(words)
                itself.append([number.get(word, -1) for word in clause.itself] if clause.aside else [])
                aside.append([number.get(word, -1) for word in clause.aside])
                share.append(SHORT / max(SHORT, number_of_words(clause.whole)))
    whole_words, own_words, words_aside = (
        _Words(numbers, _indicator([set(words) - {-1} for words in numbers], len(number)))
        for numbers in (whole, itself, aside)
    )
    return _Clauses(text_rows, whole_words, own_words, words_aside, share)


def _split_aside(
    clauses: _Clauses, found: sparse.csr_array, names: _Names
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The names that a clause speaks of by itself or across both parts, and those found only in its part aside."""
    in_aside, in_itself = _found_whole(clauses.aside, names), _found_whole(clauses.itself, names)
    only = _without(in_aside, in_itself).multiply(found)
    return _without(found, only), sparse.csr_array(only)


def _reliabilities(names: Iterable[frozenset[str]], what: str) -> list[float]:
    return [RELIABILITY[f"long {what}" if number_of_words(name) >= LONG[what] else what] for name in names]


def _found_whole(clauses: _Words, names: _Names) -> sparse.csr_array:
    """(n_clauses, n_names) 1 where the clause has all words of the name together, and no longer such name."""
    size = names.made_of.sum(axis=1)
    common = (clauses.has @ names.made_of.T).tocoo()
    rows = [
        row
        for row in np.flatnonzero(common.data == size[common.col])
        if _together(clauses.numbers[common.row[row]], names.words[common.col[row]])
    ]
    whole = sparse.csr_array((np.ones(len(rows)), (common.row[rows], common.col[rows])), shape=common.shape)
    return _without(whole, whole @ names.around)


def _together(clause: Sequence[int], keyword: Collection[int]) -> bool:
    """Whether the words of `keyword`, in any order, stand in `said` with at most `WORDS_BETWEEN` others among them."""
    wanted = set(keyword)
    last: dict[int, int] = {}
    for place, word in enumerate(clause):
        if word in wanted:
            last[word] = place
            if len(last) == len(wanted) and place - min(last.values()) < len(wanted) + WORDS_BETWEEN:
                return True
    return False


def _without(these: sparse.csr_array, those: sparse.csr_array) -> sparse.csr_array:
    """`these`, of ones, without the entries where `those` has any."""
    those = sparse.csr_array(those)
    those.data[:] = 1
    left = sparse.csr_array(these - these.multiply(those))
    left.eliminate_zeros()
    return left


# Matrices


def joined(kinds: Sequence[Terms]) -> tuple[sparse.csr_array, sparse.csr_array]:
    """The chance of each item at each node, and how far each item shows each term of all kinds.

    (n_items, n_nodes) by noisy-or, 1 - (1 - p1)(1 - p2)... (Pearl 1988, section 4.3.2), and (n_items, n_terms). A
    product that a text names only as a material or a use of another counts less: by the square of the chance that no
    other evidence of the text leads right.
    """
    itself, aside = (
        sparse.csr_array(sparse.hstack(matrices, format="csr"))
        for matrices in ([terms.found for terms in kinds], [terms.aside for terms in kinds])
    )
    doubt = sparse.csr_array(sparse.vstack([terms.chance for terms in kinds], format="csr")).multiply(-1).log1p()
    # The chance that the text is about a product by itself.
    spoken = -np.expm1((itself @ doubt).min(axis=1).toarray().ravel())
    shown = sparse.csr_array(itself + sparse.diags_array((1 - spoken) ** 2) @ aside)
    shown.data = np.minimum(shown.data, 1.0)
    chance = sparse.csr_array(shown @ doubt)
    # The order of this sum depends on the other items, so the last digits are rounded away.
    chance.data = np.minimum(np.round(-np.expm1(chance.data), DIGITS), 1 - 10.0**-DIGITS)
    return chance, shown


def _chances(
    terms_of_nodes: Sequence[Collection[int]], among: Sequence[str], reliability: Sequence[float]
) -> sparse.csr_array:
    """(n_terms, n_nodes) the reliability of each term, shared by the nodes that have it and are `among` the same."""
    node = np.repeat(np.arange(len(among)), [len(terms) for terms in terms_of_nodes])
    term = np.array([term for terms in terms_of_nodes for term in sorted(terms)], dtype=np.int64)
    group = np.unique(among, return_inverse=True)[1][node]
    size = sparse.csr_array((np.ones(len(term)), (term, group)), shape=(len(reliability), len(among))).toarray()
    chance = np.asarray(reliability)[term] / size[term, group]
    return sparse.csr_array((chance, (term, node)), shape=(len(reliability), len(among)))


def _indicator(rows: Sequence[Collection[int]], width: int) -> sparse.csr_array:
    """(len(rows), width) 1 in the columns that each row names."""
    stop = np.cumsum([0, *map(len, rows)])
    column = np.array([column for row in rows for column in sorted(row)], dtype=np.int64)
    return sparse.csr_array((np.ones(len(column)), column, stop), shape=(len(rows), width))
