"""The trained part of placing: how a text scores at a node, and how sure a score is.

Two steps, both written by ``scripts/placing/train.py`` (docs/method/placing.md):

1. Multinomial logistic regression over the nodes of the built-in chains and "none", on the vectors of a text and on its
   words. Its prior for a node is the node's own description, so a node that was never trained has that prior alone.
2. Logistic regression on what tells a right node from a wrong one (`SIGNALS`): the score against its rivals and against
   none, the closeness of the description, and the evidence of the words. It was fitted on texts that the first step had
   not seen, once for trained nodes and once for nodes left out of the first step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.glosses import gloss
from serai.match.language import detect_language
from serai.match.meanings import meant_with_gloss
from serai.match.node_phrases import Nodes, read_nodes
from serai.match.roles import tells_history
from serai.match.text import sentences
from serai.match.vectors import DIMENSION, Vectors, unit
from serai.match.word_vectors import whole_word_hashes
from serai.world.chains import BUILTIN, Node, builtin_chains

type Floats = NDArray[np.float32]

DOUBTED = (0.45, 0.499)
"""What chances from the lower one up to the doubt of the head are told as: a place is shown from one half on, and what
is shown wrong harms more than what is not shown. All other chances are told as they are."""

PRIOR = 12.0
"""Factor of the cosine between a text and the description of a node, before anything is learned. Chosen by trial."""

RIVAL = 0.6
"""Cosine of two descriptions from which two nodes are the same to a reader, and so no rivals."""

SIGNALS = (
    "share",
    "against none",
    "against rivals",
    "title",
    "nearest keyword",
    "evidence",
    "no evidence",
    "first",
    "first by far",
    "need",
    "short",
    "by the vectors",
    "by the words",
    "by the best sentence",
)
"""What the second step weighs, in the order of its weights; the last weight is that of the constant."""


@dataclass(frozen=True)
class Texts:
    """Texts as the head reads them."""

    dense: Floats
    """(n_texts, 1024) the vector of the whole text and the mean vector of its sentences, each of length 1."""
    words: sparse.csr_array
    """(n_texts, n_words) weights of the words of the head, rows of length 1."""
    sentences: Sequence[str]
    """(n_sentences,) the sentences of all texts."""
    vectors: Vectors
    """(n_sentences, 512) their vectors."""
    text: NDArray[np.int64]
    """(n_sentences,) the row of the text."""


@dataclass(frozen=True)
class Head:
    """What was trained. The last row and column of the first step are those of "none"."""

    nodes: Mapping[str, int]
    """The row of each trained node, by "chain/node"."""
    description: Floats
    """(n_nodes, 512) mean vector of the titles and keywords of each trained node, of length 1."""
    dense: Floats
    """(n_nodes + 1, 1024) weights of the vectors, beyond the prior."""
    vocabulary: NDArray[np.int64]
    """(n_words,) hashes of the words, ascending."""
    rarity: Floats
    """(n_words,) log(1 + texts / texts with the word)."""
    words: Floats
    """(n_words, n_nodes + 1) weights of the words."""
    bias: Floats
    """(n_nodes + 1,)."""
    trained: Floats
    """(n_signals + 1,) the second step for trained nodes."""
    new: Floats
    """(n_signals + 1,) the same for nodes that were never trained."""
    doubt: Floats
    """(3,) the least chance that is told as one half or more: of an offer, of a need, of an offer in one sentence."""


def read_texts(texts: Sequence[str], vocabulary: NDArray[np.int64], rarity: Floats) -> Texts:
    """Texts as the head reads them, with their glosses; the row of a text does not depend on the others."""
    languages = [detect_language(text) for text in texts]
    parts = [sentences(text) for text in texts]
    row = np.repeat(np.arange(len(texts)), [len(some) for some in parts])
    flat = [sentence for some in parts for sentence in some]
    whole = meant_with_gloss(texts, languages)
    vectors = meant_with_gloss(flat, [languages[number] for number in row.tolist()])
    mean = np.zeros_like(whole)
    np.add.at(mean, row, vectors)
    english = [gloss(text, language).english for text, language in zip(texts, languages, strict=True)]
    words = word_matrix([f"{text} {also}" for text, also in zip(texts, english, strict=True)], vocabulary, rarity)
    return Texts(np.hstack([whole, unit(mean)]), words, flat, vectors, row)


def word_matrix(texts: Sequence[str], vocabulary: NDArray[np.int64], rarity: Floats) -> sparse.csr_array:
    """(n_texts, n_words) the rarity of the words of each text that are in the vocabulary, rows of length 1."""
    columns = []
    for text in texts:
        hashes = whole_word_hashes(text)
        place = np.minimum(np.searchsorted(vocabulary, hashes), len(vocabulary) - 1)
        columns.append(place[vocabulary[place] == hashes])
    lengths = [max(float(np.sqrt((rarity[column] ** 2).sum())), 1e-9) for column in columns]
    data = [rarity[column] / length for column, length in zip(columns, lengths, strict=True)]
    stop = np.cumsum([0, *map(len, columns)])
    flat = np.concatenate(data, dtype=np.float32) if data else np.zeros(0, np.float32)
    column = np.concatenate(columns) if columns else np.zeros(0, np.int64)
    return sparse.csr_array((flat, column, stop), shape=(len(texts), len(vocabulary)))


def prior(description: Floats) -> Floats:
    """(n_nodes, 1024) the weights of the first step before anything is learned."""
    return np.hstack([description, description]) * np.float32(PRIOR / 2)


@dataclass(frozen=True)
class First:
    """What the first step says of texts at nodes."""

    scores: Floats
    """(n_texts, n_nodes)"""
    none: Floats
    """(n_texts,) the score of none."""
    rivals: Floats
    """(n_texts, n_others) the scores of nodes that compete and are not asked for."""
    by_vectors: Floats
    """(n_texts, n_nodes) the score by the vectors alone, less that of none."""
    by_words: Floats
    """(n_texts, n_nodes) the score by the words alone, less that of none."""
    by_sentence: Floats
    """(n_texts, n_nodes) the score of the best sentence by its vector alone, less that of none."""


def first_scores(texts: Texts, weights: Floats, words: Floats, bias: Floats, rivals: Floats | None = None) -> First:
    """What the first step says, by weights whose last row is that of none.

    `words` (n_texts, n_nodes + 1) are the scores by the words, the last column that of none.
    """
    vectors = texts.dense @ weights.T + bias
    scores = vectors + words
    of_sentence = texts.vectors @ (weights[:, :DIMENSION] + weights[:, DIMENSION:]).T
    return First(
        scores[:, :-1],
        scores[:, -1],
        np.zeros((len(scores), 0), np.float32) if rivals is None else rivals,
        vectors[:, :-1] - vectors[:, -1:],
        words[:, :-1] - words[:, -1:],
        _largest(of_sentence[:, :-1] - of_sentence[:, -1:], texts.text, len(scores)),
    )


def signals(texts: Texts, first: First, nodes: Nodes, evidence: Floats, needs: NDArray[np.bool_]) -> Floats:
    """(n_texts, n_nodes, n_signals) what the second step weighs, in the order of `SIGNALS`.

    `evidence` (n_texts, n_nodes) is the chance by the words, and `needs` (n_texts,) says which texts are needs.
    """
    scores, none, rivals = first.scores, first.none, first.rivals
    n_texts, n_nodes = scores.shape
    every = np.hstack([scores, rivals, none[:, None]])
    top = every.max(axis=1, keepdims=True)
    total = np.log(np.exp(every - top).sum(axis=1, keepdims=True)) + top
    best_other = _best_other(scores, rivals)
    near_title = _largest(texts.vectors @ nodes.title.T, texts.text, n_texts)
    near_phrases = _largest(texts.vectors @ nodes.phrases.T, texts.text, n_texts)
    near_phrase = np.maximum.reduceat(near_phrases, np.searchsorted(nodes.node, np.arange(n_nodes)), axis=1)
    lead = scores - best_other
    length = np.bincount(texts.text, minlength=n_texts)[:, None]
    parts = (
        np.maximum(scores - total, -12),
        np.clip(scores - none[:, None], -8, 8),
        np.clip(lead, -8, 8),
        near_title,
        near_phrase,
        np.log1p(-np.minimum(evidence, 0.995)) * -1,
        evidence.max(axis=1, keepdims=True, initial=0) == 0,
        lead > 0,
        np.clip(lead, 0, 4),
        needs[:, None],
        length <= 1,
        np.clip(first.by_vectors, -8, 8),
        np.clip(first.by_words, -8, 8),
        np.clip(first.by_sentence, -12, 12),
    )
    return np.stack(np.broadcast_arrays(*[np.asarray(part, dtype=np.float32) for part in parts]), axis=2)


def _best_other(scores: Floats, rivals: Floats) -> Floats:
    """(n_texts, n_nodes) the largest score of any other node."""
    outside = rivals.max(axis=1, initial=-30)[:, None]
    if scores.shape[1] == 1:
        return outside
    order = np.argsort(-scores, axis=1, kind="stable")
    first, second = (np.take_along_axis(scores, order[:, [place]], axis=1) for place in (0, 1))
    best = np.broadcast_to(first, scores.shape).copy()
    np.put_along_axis(best, order[:, [0]], second, axis=1)
    return np.maximum(best, outside)


def _largest(values: Floats, row: NDArray[np.int64], n_rows: int) -> Floats:
    """(n_rows, n_columns) the largest value of the rows of each group; 0 for a group without any."""
    largest = np.zeros((n_rows, values.shape[1]), dtype=np.float32)
    if len(row):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        largest[row[starts]] = np.maximum.reduceat(values, starts, axis=0)
    return largest


def doubt_of(needs: NDArray[np.bool_], short: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n_texts,) which of the doubts of the head is that of each text."""
    return np.where(needs, 1, np.where(short, 2, 0))


def told(chances: Floats, doubt: Floats) -> Floats:
    """The chances as they are told: what lies between one half and the doubt is told as less than one half."""
    lower, upper = DOUBTED
    squeezed = lower + (chances - lower) * (upper - lower) / (doubt - lower)
    return np.where((chances > lower) & (chances < doubt), squeezed, chances)


# The head that comes with Serai


@dataclass(frozen=True)
class Scores:
    """How texts score at nodes."""

    confidence: Floats
    """(n_texts, n_nodes) the chance that the node is right, by the text alone; 0 for a text without a word."""
    texts: Texts
    weights: Floats
    """(n_nodes, 1024) the weights of the vectors, by which the sentence that led to a node is found."""

    def sentence(self, text: int, node: int) -> str:
        """The sentence of a text that led to the node most, of those that tell what a firm does if there are any."""
        every = np.flatnonzero(self.texts.text == text)
        telling = [row for row in every.tolist() if not tells_history(self.texts.sentences[row])]
        own = np.array(telling) if telling else every
        pull = self.texts.vectors[own] @ (self.weights[node, :DIMENSION] + self.weights[node, DIMENSION:])
        return str(self.texts.sentences[own[int(pull.argmax())]])


def score(
    texts: Sequence[str], needs: NDArray[np.bool_], nodes: Sequence[tuple[str, Node]], evidence: Floats
) -> Scores:
    """How texts score at nodes, each given with the slug of its chain; any nodes, trained or not.

    The nodes of the built-in chains that are not among `nodes` are rivals: a text about one of them is not about
    another. One whose description is like that of a node among `nodes` is no rival.
    """
    head = packaged_head()
    own = _described(tuple(node for _slug, node in nodes))
    row = np.array([_trained_row(slug, node) for slug, node in nodes], dtype=np.int64)
    is_new = row < 0
    weights = prior(own.description)
    weights[~is_new] += head.dense[row[~is_new]]
    bias = np.where(is_new, head.bias[:-1].mean(), head.bias[row]).astype(np.float32)
    other = np.setdiff1d(np.arange(len(head.description)), row)
    if is_new.any():
        alike = head.description[other] @ own.description[is_new].T
        other = other[alike.max(axis=1) < RIVAL]
    rivals = head.dense[other] + prior(head.description[other])

    read = read_texts(texts, head.vocabulary, head.rarity)
    by_words = np.asarray(read.words @ head.words)  # of all trained nodes: taking some columns of many rows is slower
    rival_scores = read.dense @ rivals.T + by_words[:, other] + head.bias[other]
    first = first_scores(
        read,
        np.vstack([weights, head.dense[-1:]]),
        np.hstack([np.where(is_new, 0, by_words[:, row]).astype(np.float32), by_words[:, -1:]]),
        np.append(bias, head.bias[-1]),
        rival_scores,
    )
    seen = signals(read, first, own, evidence, needs)
    second = np.where(is_new[:, None], head.new, head.trained)
    odds = np.einsum("tns,ns->tn", seen, second[:, :-1]) + second[:, -1]
    length = np.bincount(read.text, minlength=len(texts))
    confidence = told(1 / (1 + np.exp(-odds)), head.doubt[doubt_of(needs, length <= 1)][:, None])
    confidence[length == 0] = 0
    return Scores(confidence.astype(np.float32), read, weights)


@cache
def packaged_head() -> Head:
    """The head that comes with Serai."""
    with as_file(files("serai.match") / "data" / "node_head.npz") as path, np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Head(
        nodes={str(name): row for row, name in enumerate(arrays["nodes"])},
        description=arrays["description"],
        dense=arrays["dense"].astype(np.float32),
        vocabulary=arrays["vocabulary"],
        rarity=arrays["rarity"],
        words=arrays["words"].astype(np.float32) * arrays["word_scale"],
        bias=arrays["bias"],
        trained=arrays["trained"],
        new=arrays["new"],
        doubt=arrays["doubt"],
    )


@lru_cache(maxsize=8)
def _described(nodes: tuple[Node, ...]) -> Nodes:
    return read_nodes(nodes)


def _trained_row(slug: str, node: Node) -> int:
    """The row of a node of a built-in chain, or of an organiser's copy of one; -1 for any other."""
    rows = packaged_head().nodes
    copied = _titles().get((node.code, node.title.get("en", "")), "")
    return rows.get(f"{slug}/{node.code}", rows.get(copied, -1))


@cache
def _titles() -> Mapping[tuple[str, str], str]:
    """The name "chain/node" of each node of the built-in chains by its code and its English title."""
    return {
        (node.code, node.title["en"]): f"{chain.slug}/{node.code}"
        for chain in builtin_chains(BUILTIN)
        for node in chain.nodes
    }
