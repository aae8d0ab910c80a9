"""How well texts are placed that nobody trained on: real ones with their nodes, and concepts worded in six languages.

The real texts are `placing/labelled.jsonl` of the folder that SERAI_DATA names, for measuring only. The phrases are the
project's own: forty concepts in roundabout words that were set aside before training, twice eighty by writers who saw
nothing of the project, half of them without the product's name, and one for each node (three in Arabic) by which
glosses were weighed. The head saw none of them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import DATA, Finding, trial, with_interval
from benchmarks.text import LANGUAGES
from serai.match import node_head
from serai.match.evaluation import Interval, calibration_error_by_mass, interval, interval_of
from serai.match.placing import Item, Placement, Side, place
from serai.world.chains import builtin_chains

PHRASES = {
    "roundabout phrases": Path(__file__).parent / "data" / "placing_phrases.jsonl",
    "phrases set aside": Path(__file__).parent / "data" / "placing_set_aside.jsonl",
    "phrases of all nodes": Path(__file__).parent / "data" / "placing_concepts.jsonl",
}
LABELLED = "placing/labelled.jsonl"
OUT_OF_FOLD = Path(__file__).parent / "data" / "placing_out_of_fold.npz"
"""Own labels at their likeliest nodes, as first steps of training saw them that had not seen the text."""
BARS = {"ces": 0.75, "co": 0.80, "ted": 0.60}
SOURCES = {"ces": "exhibitors", "co": "companies", "ted": "tenders"}
SHOWN = 0.5
ERROR = 0.05
"""Most calibration error."""
BEHIND = 0.10
"""How far the first node of Spanish, Arabic, Russian and French phrases may be behind English and Chinese ones."""

type Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """A text, with the nodes that are right and those that are acceptable besides, by "chain/node"."""

    key: str
    side: str
    text: str
    best: frozenset[str]
    also: frozenset[str] = frozenset()
    language: str = ""

    def acceptable(self, placement: Placement) -> bool:
        """Whether the node of a placement is right or acceptable."""
        return f"{placement.chain}/{placement.node}" in self.best | self.also


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def labelled_texts() -> list[Text]:
    """The real texts that are read for measuring only."""
    return [
        Text(row["id"], row["side"], row["text"], frozenset(row["best"]), frozenset(row["also"]))
        for row in lines(DATA / LABELLED)
    ]


def phrases_set_aside(path: Path) -> list[Text]:
    """The phrases of a file that stand at a node of the chains of the mission."""
    mission = {f"{chain.slug}/{node.code}" for chain in builtin_chains() for node in chain.nodes}
    texts = [
        Text(f"{number:05}", row["side"], row["text"], frozenset(row["nodes"]), language=row["language"])
        for number, row in enumerate(lines(path))
    ]
    return [text for text in texts if text.best & mission]


def placements_of(texts: Sequence[Text]) -> Mapping[str, list[Placement]]:
    """The three likeliest nodes of each text by its key, the surest first, as the product places it."""
    placed: dict[str, list[Placement]] = {text.key: [] for text in texts}
    for placement in place([Item(text.key, Side(text.side), text.text) for text in texts], builtin_chains(), floor=0.0):
        placed[placement.item].append(placement)
    return placed


def first_right(texts: Sequence[Text], placed: Mapping[str, list[Placement]]) -> Shares:
    """(n_texts,) 1 where the surest node is acceptable."""
    return np.array([any(map(text.acceptable, placed[text.key][:1])) for text in texts], dtype=np.float64)


def phrases_right(texts: Sequence[Text]) -> Mapping[str, Shares]:
    """For each language whether the first node of each of its phrases is right, in the order of the concepts."""
    placed = placements_of(texts)
    of_language = {language: [text for text in texts if text.language == language] for language in LANGUAGES}
    return {language: first_right(some, placed) for language, some in of_language.items()}


def shares_of(texts: Sequence[Text], placed: Mapping[str, list[Placement]]) -> dict[str, tuple[Shares, float]]:
    """What is right of real texts, one figure a row, each with its bar; without those of which there are no texts."""
    shares: dict[str, tuple[Sequence[bool] | Shares, float]] = {}
    for source, name in SOURCES.items():
        own = [text for text in texts if text.key.startswith(f"{source}:") and text.best]
        shares[f"{name}: first node"] = first_right(own, placed), BARS[source]
    firms = [text for text in texts if not text.key.startswith("ted:")]
    shown = {
        text.key: [text.acceptable(placement) for placement in placed[text.key] if placement.confidence >= SHOWN]
        for text in texts
    }
    right = [is_right for text in firms for is_right in shown[text.key]]
    found = [any(shown[text.key]) for text in firms if text.best]
    silent = [not shown[text.key] for text in texts if not text.best | text.also]
    shares["firms: right of what is shown"] = right, 0.90
    shares["firms with a node: a right one is shown"] = found, 0.65
    shares["texts without a node: nothing is shown"] = silent, 0.90
    return {what: (np.array(values, dtype=np.float64), bar) for what, (values, bar) in shares.items() if len(values)}


@trial("placing", tiny={"most": 4}, data=[LABELLED])
def of_real_texts(most: int | None = None) -> Iterator[Finding]:
    """Does a real text come to a node that a careful reading finds right, and to none where none is?"""
    texts = labelled_texts()[:most]
    placed = placements_of(texts)
    for what, (shares, bar) in shares_of(texts, placed).items():
        yield with_interval(what, interval(shares), least=bar)
    pairs = [(placement.confidence, text.acceptable(placement)) for text in texts for placement in placed[text.key]]
    confidence, is_right = (np.array(column) for column in zip(*pairs, strict=True))
    yield Finding("calibration error of the three likeliest nodes", calibration_error_by_mass(confidence, is_right))


def figures_of_texts() -> dict[str, Interval]:
    """The quality on real texts, with intervals."""
    texts = labelled_texts()
    shares = shares_of(texts, placements_of(texts))
    return {f"placing, {what}": interval(values) for what, (values, _bar) in shares.items()}


def figures_of_phrases() -> dict[str, Interval]:
    """The quality on phrases by language, with intervals."""
    return {
        f"placing, {which} in {code}: first node": interval(shares)
        for which, path in PHRASES.items()
        for code, shares in phrases_right(phrases_set_aside(path)).items()
    }


def calibration(samples: int = 500) -> dict[str, Interval]:
    """By the source one less the calibration error of the chances that the head tells, in five bins of equal mass.

    The bins are those of all pairs of a text and a node; what is drawn for the interval stays in its bin.
    """
    head = node_head.packaged_head()
    with np.load(OUT_OF_FOLD, allow_pickle=False) as stored:
        sources, source, right = stored["sources"].tolist(), stored["source"], stored["right"].astype(np.float64)
        signals = stored["signals"].astype(np.float32)
    need, short = (signals[:, node_head.SIGNALS.index(name)] > 0 for name in ("need", "short"))
    chance = 1 / (1 + np.exp(-(signals @ head.trained[:-1] + head.trained[-1])))
    told = node_head.told(chance, head.doubt[node_head.doubt_of(need, short)])
    figures = {}
    for number, name in enumerate(sources):
        own = np.flatnonzero(source == number)
        parts = np.array_split(own[np.argsort(told[own], kind="stable")], 5)
        bin_ = np.repeat(np.arange(5), [len(part) for part in parts])
        excess = np.concatenate([told[part] - right[part] for part in parts])

        def reached(rows: NDArray[np.int64], bin_: NDArray[np.int64] = bin_, excess: Shares = excess) -> float:
            size = np.bincount(bin_[rows], minlength=5)
            return 1 - float(np.mean(np.abs(np.bincount(bin_[rows], excess[rows], 5)) / np.maximum(size, 1)))

        figures[SOURCES[name]] = interval_of(reached, len(own), samples=samples)
    return figures


def figures_of_calibration() -> dict[str, Interval]:
    """How near the chances are to the shares right, with intervals."""
    return {f"placing, {name}: one less the calibration error": figure for name, figure in calibration().items()}


@trial("placing-calibration", tiny={"samples": 2})
def of_chances(samples: int = 500) -> Iterator[Finding]:
    """Is a chance the share that is right, on texts that the first step had not seen?"""
    for name, figure in calibration(samples).items():
        yield with_interval(f"{name}: one less the calibration error", figure, least=1 - ERROR)


@trial("placing-phrases", tiny={"most": 1})
def of_phrases(most: int | None = None) -> Iterator[Finding]:
    """Is a concept placed as well in any of six languages?"""
    for which, path in PHRASES.items():
        aside = phrases_set_aside(path)
        texts = [
            text for language in LANGUAGES for text in [text for text in aside if text.language == language][:most]
        ]
        right = {language: interval(shares) for language, shares in phrases_right(texts).items()}
        for language, reached in right.items():
            least = max(right["en"].mean, right["zh-hans"].mean) - BEHIND
            bars = {} if language in {"en", "zh-hans"} else {"least": least}
            yield with_interval(f"{which}, {language}: first node", reached, **bars)
