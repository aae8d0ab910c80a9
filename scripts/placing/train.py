"""Train the head of placing from labels and phrases: ``python -m scripts.placing.train`` (docs/method/placing.md).

Reads what examples.py gathers, with the texts of SERAI_DATA, and writes src/serai/match/data/node_head.npz, and for the
benchmarks how it fared out of fold. Two runs in one environment write the same bytes: nothing is drawn without a seed,
and linear algebra runs in one thread. Files of further phrases may be named, to try them.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

from scripts.placing.examples import PHRASE, Material, material
from serai.match import node_head
from serai.match.evaluation import calibration_error_by_mass
from serai.match.node_head import Head, Texts
from serai.world.chains import BUILTIN, builtin_chains

ROOT = Path(__file__).parents[2]
HEAD = ROOT / "src" / "serai" / "match" / "data" / "node_head.npz"
OUT_OF_FOLD = ROOT / "benchmarks" / "data" / "placing_out_of_fold.npz"
FOLDS = 4
"""Parts of the examples and of the nodes; a first step that scores a part has not seen it."""
NEW_FOLDS = 2
"""Of these the parts by which the second step for new nodes is fitted: plenty for its few weights."""
RIDGE = 0.1
DOUBT = (0.70, 0.76, 0.64)
"""The least chance that is told as one half or more: of offers, of needs, of offers in one sentence. Chosen out of
fold, as `report` prints it, so that .86 of what is shown is right: what is shown wrong harms more than what is not, and
a plain sentence is seldom misread."""
STEPS = 40
"""Steps of L-BFGS."""


def first_step(
    dense: NDArray[np.float32],
    words: sparse.csr_array,
    shares: NDArray[np.float32],
    weight: NDArray[np.float32],
    prior: NDArray[np.float32],
    mission_only: NDArray[np.bool_],
    elsewhere: NDArray[np.int64],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Weights of the vectors beyond the prior, of the words, and of the constants, by penalised likelihood.

    Where an example is `mission_only` (n_examples,), its share of none is that of all the columns `elsewhere` together.
    """
    apart = np.ix_(mission_only, elsewhere)
    n_classes, n_words = shares.shape[1], words.shape[1]
    base, transposed = dense @ prior.T, sparse.csr_array(words.T)
    ends = np.cumsum([n_classes * dense.shape[1], n_words * n_classes])

    def parts(flat: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        first, second, third = np.split(flat, ends)
        return first.reshape(n_classes, -1), second.reshape(n_words, n_classes), third

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        of_vectors, of_words, bias = parts(flat.astype(np.float32))
        scores = base + dense @ of_vectors.T + words @ of_words + bias
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        wanted, log_likely = shares, scores - np.log(total)
        if mission_only.any():
            among = likely[apart]
            together = among.sum(axis=1, keepdims=True)
            wanted, log_likely = shares.copy(), log_likely.copy()
            wanted[apart] = shares[mission_only, -1:] * among / together
            log_likely[apart] = np.log(together / total[mission_only])
        value = -float((weight[:, None] * wanted * log_likely).sum(dtype=np.float64))
        penalty = RIDGE / 2 * float((flat**2).sum())
        slope = weight[:, None] * (likely / total - wanted)
        pull = np.concatenate(
            [(slope.T @ dense).ravel(), np.asarray(transposed @ slope).ravel(), slope.sum(axis=0)]
        ).astype(np.float64)
        return value + penalty, pull + RIDGE * flat

    start = np.zeros(int(ends[-1]) + n_classes)
    solved = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 6})
    return parts(solved.x.astype(np.float32))  # type: ignore[return-value]


def logistic(
    signals: NDArray[np.float32], right: NDArray[np.bool_], weight: NDArray[np.float64]
) -> NDArray[np.float32]:
    """(n_signals + 1,) weights of a logistic regression, slightly drawn to zero."""
    design = np.hstack([signals, np.ones((len(signals), 1))]).astype(np.float64)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = design @ flat
        value = float((weight * (np.logaddexp(0, score) - right * score)).sum())
        slope = weight * (1 / (1 + np.exp(-score)) - right)
        return value + 0.5 * float((flat**2).sum()) * 0.1, design.T @ slope + 0.1 * flat

    return minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x.astype(np.float32)


@dataclass(frozen=True)
class Scored:
    """Examples scored by a first step that had not seen them: signals (n, n_nodes, n_signals)."""

    rows: NDArray[np.int64]
    signals: NDArray[np.float32]
    new: NDArray[np.bool_]
    """(n_nodes,) which nodes that first step was not trained on."""


def lot(text: str, of: int = FOLDS) -> int:
    """A number below `of` that the text alone decides."""
    return zlib.crc32(text.encode()) % of


def scored(
    given: Material, rows: NDArray[np.int64], weights: Sequence[NDArray[np.float32]], new: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(n_rows, n_nodes, n_signals) of these examples by a first step."""
    texts, needs = given.texts, np.array([given.examples[row].is_need for row in rows])
    of_vectors, of_words, bias = weights
    prior = node_head.prior(given.nodes.description)
    level = bias.copy()
    level[:-1][new] += bias[:-1][~new].mean() - bias[:-1][new]
    own = np.flatnonzero(np.isin(texts.text, rows))
    row_of = np.full(len(given.examples), -1)
    row_of[rows] = np.arange(len(rows))
    part = Texts(texts.dense[rows], texts.words[rows], (), texts.vectors[own], row_of[texts.text[own]])
    first = node_head.first_scores(
        part, np.vstack([prior, 0 * prior[:1]]) + of_vectors, np.asarray(part.words @ of_words), level
    )
    return node_head.signals(part, first, given.nodes, given.evidence[rows], needs)


def out_of_fold(given: Material, *, leave_nodes: bool) -> Iterator[Scored]:
    """The labelled texts and phrases of each fold, scored by a first step that saw neither them nor, where
    `leave_nodes`, a share of the nodes."""
    examples, n_nodes = given.examples, given.nodes.title.shape[0]
    fold = np.array([-1 if example.kind == "keyword" else lot(example.group) for example in examples])
    prior = node_head.prior(given.nodes.description)
    for number in range(NEW_FOLDS if leave_nodes else FOLDS):
        new = np.array([leave_nodes and lot(f"node {row}") == number for row in range(n_nodes)])
        knows = np.array([not any(new[row] for row in example.acceptable) for example in examples])
        seen = np.flatnonzero((fold != number) & knows)
        weights = fit(given, seen, prior)
        rows = np.flatnonzero(fold == number)
        print(f"fold {number}: {len(seen)} seen, {len(rows)} scored", flush=True)
        for some in np.array_split(rows, 8):
            yield Scored(some, scored(given, some, weights, new), new)


def fit(given: Material, rows: NDArray[np.int64], prior: NDArray[np.float32]) -> Sequence[NDArray[np.float32]]:
    """The first step, by some of the examples."""
    some = [given.examples[row] for row in rows]
    return first_step(
        given.texts.dense[rows],
        given.texts.words[rows],
        given.shares[rows],
        np.array([example.weight for example in some], dtype=np.float32),
        np.vstack([prior, 0 * prior[:1]]),
        np.array([example.mission_only for example in some]),
        np.append(given.elsewhere, len(prior)),
    )


WEIGHT = {"ces": 1.0, "co": 1.0, "ted": 1.0, "searched": 0.5}
OF_PHRASES = 0.15
"""Weight of a pair in the second step. Phrases are plainer than real texts: with a larger weight real texts are told as
too sure."""
SOURCES = ("ces", "co", "ted")
"""The kinds of texts that were drawn at random."""
CANDIDATES = 8
"""Nodes of a text, the best by score, that the second step is fitted on."""


@dataclass(frozen=True)
class Pairs:
    """Texts and their best nodes by score: an array a column."""

    signals: NDArray[np.float32]
    right: NDArray[np.bool_]
    """Whether the node is acceptable."""
    weight: NDArray[np.float64]
    text: NDArray[np.int64]
    node: NDArray[np.int64]


def pairs(given: Material, parts: Iterable[Scored], *, new: bool) -> Pairs:
    """The pairs of each text and its best nodes; `new` or not are those that the first step was not trained on."""
    chosen, right, weight, rows, columns = [], [], [], [], []
    for part in parts:
        for place, row in enumerate(part.rows):
            example = given.examples[row]
            order = np.argsort(-part.signals[place, :, 0], kind="stable")[:CANDIDATES]
            order = order[part.new[order] == new]
            if example.mission_only:
                order = order[~np.isin(order, given.elsewhere)]
            chosen.append(part.signals[place, order])
            right += [node in example.acceptable for node in order]
            weight += [WEIGHT.get(example.kind, OF_PHRASES) * min(1, example.weight / PHRASE)] * len(order)
            rows += [row] * len(order)
            columns += list(order)
    return Pairs(np.concatenate(chosen), np.array(right), np.array(weight), np.array(rows), np.array(columns))


def report(given: Material, pair: Pairs) -> None:
    """Print what came of the texts that were drawn at random, each scored by steps that had not seen it."""
    half = np.array([lot(given.examples[row].group, 2) for row in pair.text])
    confidence = np.zeros(len(half))
    for part in (0, 1):
        weights = logistic(pair.signals[half != part], pair.right[half != part], pair.weight[half != part])
        confidence[half == part] = expit(pair.signals[half == part] @ weights[:-1] + weights[-1])
    need, short = (pair.signals[:, node_head.SIGNALS.index(name)] > 0 for name in ("need", "short"))
    doubt = np.array(DOUBT)[node_head.doubt_of(need, short)]
    confidence = node_head.told(confidence, doubt)
    print(f"{'':12}{'texts':>6}{'first':>7}{'shown':>7}{'right':>7}{'silent':>8}{'error':>7}")
    kinds = np.array([given.examples[row].kind for row in pair.text])
    for kind in dict.fromkeys(kinds):
        chosen = kinds == kind
        places: dict[int, list[tuple[float, bool]]] = {}
        for row, sure, right in zip(pair.text[chosen], confidence[chosen], pair.right[chosen], strict=True):
            places.setdefault(row, []).append((sure, bool(right)))
        ranked = {row: sorted(of_text, reverse=True) for row, of_text in places.items()}
        has = [row for row in ranked if given.examples[row].best]
        none = [row for row in ranked if not given.examples[row].acceptable]
        shown = {row: [right for sure, right in of_text[:3] if sure >= 0.5] for row, of_text in ranked.items()}
        figures = (
            share([ranked[row][0][1] for row in has]),
            share([any(shown[row]) for row in has]),
            share([right for rights in shown.values() for right in rights]),
            share([not shown[row] for row in none]),
            calibration_error_by_mass(confidence[chosen], pair.right[chosen]),
        )
        print(f"{kind:12}{len(ranked):6}" + "".join(f"{figure:7.3f}" for figure in figures))


def share(true: Sequence[bool]) -> float:
    """How many of these are true; not a number where there is none."""
    return float(np.mean(true)) if true else np.nan


def save(head: Head, path: Path = HEAD) -> None:
    """Write a head small: half precision, and words in 255 steps."""
    scale = np.maximum(np.abs(head.words).max(axis=0), 1e-9) / 127
    np.savez_compressed(  # which dates no part, so that the same arrays are the same bytes
        path,
        allow_pickle=False,
        nodes=np.array(list(head.nodes)),
        description=head.description,
        dense=head.dense.astype(np.float16),
        vocabulary=head.vocabulary,
        rarity=head.rarity,
        words=np.round(head.words / scale).astype(np.int8),
        word_scale=scale.astype(np.float32),
        bias=head.bias,
        trained=head.trained,
        new=head.new,
        doubt=head.doubt,
    )


def save_out_of_fold(given: Material, pair: Pairs, head: Path, path: Path) -> None:
    """Write the pairs of the texts drawn at random, by which benchmarks/placing.py measures the chances."""
    kinds = [given.examples[row].kind for row in pair.text]
    source = np.array([SOURCES.index(kind) if kind in SOURCES else -1 for kind in kinds])
    np.savez_compressed(
        path,
        allow_pickle=False,
        head=sha256(head.read_bytes()).hexdigest(),
        sources=np.array(SOURCES),
        source=source[source >= 0].astype(np.int8),
        signals=pair.signals[source >= 0].astype(np.float16),
        right=pair.right[source >= 0],
    )


def main(
    data: Path, path: Path = HEAD, out_of_fold_path: Path = OUT_OF_FOLD, *, further: Sequence[Path] = (), every: int = 1
) -> None:
    """Train both steps, print how they fare out of fold, and write the head and what it was measured by.

    With the phrases of `further` files; by one of `every` examples, to try it.
    """
    given = material(data, further=further, every=every)
    print(f"{len(given.examples)} examples, {len(given.vocabulary)} words", flush=True)
    known = pairs(given, out_of_fold(given, leave_nodes=False), new=False)
    fresh = pairs(given, out_of_fold(given, leave_nodes=True), new=True)
    trained, new = (logistic(pair.signals, pair.right, pair.weight) for pair in (known, fresh))
    report(given, known)
    dense, words, bias = fit(given, np.arange(len(given.examples)), node_head.prior(given.nodes.description))
    names = [f"{chain.slug}/{node.code}" for chain in builtin_chains(BUILTIN) for node in chain.nodes]
    nodes = {name: row for row, name in enumerate(names)}
    save(
        Head(
            nodes,
            given.nodes.description,
            dense,
            given.vocabulary,
            given.rarity,
            words,
            bias,
            trained,
            new,
            np.array(DOUBT, np.float32),
        ),
        path,
    )
    save_out_of_fold(given, known, path, out_of_fold_path)
    print(f"{path}: SHA-256 {sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main(Path(os.environ["SERAI_DATA"]), further=[Path(name) for name in sys.argv[1:]])
