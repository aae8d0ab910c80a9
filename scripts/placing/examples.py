"""What placing is trained on: labelled texts, written phrases, and the keywords of the nodes.

The labels and the phrases stand beside this file; the texts that the labels name are read from SERAI_DATA.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from scripts.placing.agreement import readings
from serai.match import node_head
from serai.match.evidence import joined, word_terms
from serai.match.node_head import Texts
from serai.match.node_phrases import Nodes, read_nodes
from serai.match.word_vectors import whole_word_hashes
from serai.world.chains import BUILTIN, MISSION, builtin_chains

PHRASES = Path(__file__).with_name("phrases.jsonl")
"""The phrases that the head was trained on. Those of benchmarks/data are for measuring."""
ALSO, ALSO_ALONE = 0.4, 0.25
"""Weight of an acceptable node beside a clearly right one, and without one."""
PHRASE, KEYWORD = 0.25, 0.2
"""Weight of a written phrase and of a keyword of a node, beside a labelled text."""
LEAST_TEXTS = 4
"""A word counts if so many texts have it."""
LONGEST = 700
"""Characters of a text that are read."""


@dataclass(frozen=True)
class Example:
    """A text with its clearly right nodes and its acceptable ones, by row; `group` is the same for one firm."""

    text: str
    is_need: bool
    best: frozenset[int]
    acceptable: frozenset[int]
    weight: float
    group: str
    mission_only: bool
    """Whether it was judged by the six chains of the mission alone: "none" may be a node of another chain."""
    kind: str
    """The source if it was drawn at random, "searched", a language for a phrase, or "keyword"."""


def texts_by_id(data: Path) -> dict[str, str]:
    """The texts of the real sources, by the ids of the labels: name and description."""
    exhibitors = pl.read_parquet(data / "firms" / "ces2026_exhibitors.parquet", columns=["name", "description"])
    companies = pl.read_parquet(data / "firms" / "companies.parquet", columns=["name", "summary"])
    tenders = pl.read_parquet(data / "needs" / "ted_notices.parquet", columns=["id", "title", "descr"])
    texts = {f"ces:{name}": f"{name}. {text or ''}" for name, text in exhibitors.iter_rows()}
    texts |= {f"co:{name}": f"{name}. {text or ''}" for name, text in companies.iter_rows()}
    texts |= {f"ted:{key}": f"{title}. {text or ''}" for key, title, text in tenders.iter_rows()}
    return {key: " ".join(text.split())[:LONGEST] for key, text in texts.items()}


def labelled(row_of: Mapping[str, int], texts: Mapping[str, str]) -> list[Example]:
    """The labelled texts, one a reading: of two readings each counts half."""
    count = Counter(reading.id for reading in readings())
    examples = []
    for reading in readings():
        best, also = (frozenset(row_of[name] for name in names) for names in (reading.best, reading.also))
        text = texts[reading.id]
        examples.append(
            Example(
                text,
                reading.source == "ted",
                best,
                best | also,
                1 / count[reading.id],
                text[:24].casefold(),
                reading.chains == "mission",
                reading.source if reading.drawn == "random" else "searched",
            )
        )
    return examples


def written(row_of: Mapping[str, int], phrases: Sequence[Path]) -> list[Example]:
    """The written phrases of these files; those of one concept, worded in several languages, are of one group."""
    lines = [json.loads(line) for path in phrases for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(line["text"], line["side"] == "need", nodes, nodes, PHRASE, group, False, line["language"])
        for number, line in enumerate(lines)
        for nodes in [frozenset(row_of[name] for name in line["nodes"])]
        for group in [line.get("concept", f"phrase {number}")]
    ]


def targets(examples: Sequence[Example], n_nodes: int) -> NDArray[np.float32]:
    """(n_examples, n_nodes + 1) the shares of the nodes, and of none, in each example."""
    shares = np.zeros((len(examples), n_nodes + 1), dtype=np.float32)
    for row, example in enumerate(examples):
        shares[row, list(example.best)] = 1
        shares[row, list(example.acceptable - example.best)] = ALSO if example.best else ALSO_ALONE
        shares[row, n_nodes] = not example.best
    return shares / shares.sum(axis=1, keepdims=True)


def vocabulary_of(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The words that enough texts have, and how rare each is."""
    words, count = np.unique(np.concatenate([whole_word_hashes(text) for text in texts]), return_counts=True)
    often = count >= LEAST_TEXTS
    return words[often], np.log1p(len(texts) / count[often]).astype(np.float32)


@dataclass(frozen=True)
class Material:
    """All that is trained on."""

    examples: Sequence[Example]
    texts: Texts
    shares: NDArray[np.float32]
    nodes: Nodes
    evidence: NDArray[np.float32]
    elsewhere: NDArray[np.int64]
    """The nodes of chains that are not of the mission."""
    vocabulary: NDArray[np.int64]
    rarity: NDArray[np.float32]


def material(data: Path, *, further: Sequence[Path] = (), every: int = 1) -> Material:
    """The examples, or one of `every`, with the texts of `data` and `further` phrases, as the head reads them."""
    chains = builtin_chains(BUILTIN)
    nodes = [(chain.slug, node) for chain in chains for node in chain.nodes]
    row_of = {f"{slug}/{node.code}": row for row, (slug, node) in enumerate(nodes)}
    examples = labelled(row_of, texts_by_id(data)) + written(row_of, [PHRASES, *further])
    for row, (_slug, node) in enumerate(nodes):
        for word in (word for words in node.keywords.values() for word in words):
            examples.append(
                Example(word, False, frozenset({row}), frozenset({row}), KEYWORD, f"keyword {word}", False, "keyword")
            )
    examples = examples[::every]
    written_texts = [example.text for example in examples]
    vocabulary, rarity = vocabulary_of(written_texts)
    texts = node_head.read_texts(written_texts, vocabulary, rarity)
    offered = [not example.is_need for example in examples]
    evidence = joined([word_terms(written_texts, offered, nodes)])[0].toarray().astype(np.float32)
    shares = targets(examples, len(nodes))
    described = read_nodes([node for _slug, node in nodes])
    elsewhere = np.array([row for row, (slug, _node) in enumerate(nodes) if slug not in MISSION])
    return Material(examples, texts, shares, described, evidence, elsewhere, vocabulary, rarity)
