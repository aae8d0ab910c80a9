"""Print what the placing labels hold and how far two readers agree: ``python scripts/placing/agreement.py``.

`labels.jsonl` has one line a reading: `id` of the text, `reader`, `drawn` ("random", "search" for rare nodes, or
"industry"), the clearly right nodes `best`, the acceptable ones `also`, and `chains` where the reader knew all nine.
docs/method/placing-labels.md has the guide and these tables.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

LABELS = Path(__file__).with_name("labels.jsonl")
SOURCES = {"ces": "exhibitors", "co": "companies", "ted": "tenders"}
FEW = 5


class Reading(NamedTuple):
    """One reading of one text."""

    id: str
    reader: str
    drawn: str
    best: list[str]
    also: list[str]
    chains: str = "mission"
    """The chains that the reader knew: the six of the "mission", or "all" nine."""

    @property
    def source(self) -> str:
        """The source of the text: ces, co or ted."""
        return self.id.split(":", 1)[0]


def readings(path: Path = LABELS) -> list[Reading]:
    """All readings, by text and reader."""
    with path.open(encoding="utf-8") as file:
        return sorted((Reading(**json.loads(line)) for line in file), key=lambda reading: (reading.id, reading.reader))


def cohen_kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa of two readers: agreement beyond chance, 1 where they never differ (Cohen 1960)."""
    observed = sum(first == second for first, second in pairs) / len(pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(count * seconds[answer] for answer, count in firsts.items()) / len(pairs) ** 2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def agreement(pairs: Sequence[tuple[Reading, Reading]]) -> list[str]:
    """One cell a figure: texts, agreement and kappa on "has a node", and on the node where both name one."""
    placed = [(bool(first.best), bool(second.best)) for first, second in pairs]
    both = [(first, second) for first, second in pairs if first.best and second.best]
    same = [(first.best[0], second.best[0]) for first, second in both]
    shared = sum(bool({*first.best} & {*second.best}) for first, second in both)
    accepted = sum(
        first.best[0] in second.best + second.also and second.best[0] in first.best + first.also
        for first, second in both
    )
    return [
        str(len(pairs)),
        f"{sum(first == second for first, second in placed) / len(placed):.2f}",
        f"{cohen_kappa(placed):.2f}",
        str(len(both)),
        f"{sum(first == second for first, second in same) / len(same):.2f}",
        f"{cohen_kappa(same):.2f}",
        f"{shared / len(both):.2f}",
        f"{accepted / len(both):.2f}",
    ]


def table(header: str, rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n| {header} |\n|{' --- |' * (header.count('|') + 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def main() -> None:
    every = readings()
    texts = [list(group) for _, group in groupby(every, key=lambda reading: reading.id)]
    counts = []
    for source, name in SOURCES.items():
        firsts = [group[0] for group in texts if group[0].source == source]
        drawn = [reading for reading in firsts if reading.drawn == "random"]
        with_node = sum(bool(reading.best) for reading in drawn) / len(drawn)
        only_also = sum(not reading.best and bool(reading.also) for reading in drawn) / len(drawn)
        twice = sum(len(group) > 1 for group in texts if group[0].source == source)
        counts.append(
            [name, str(len(firsts)), str(len(drawn)), str(twice), f"{with_node:.2f}", f"{only_also:.2f}"],
        )
    table("texts | read | drawn at random | read twice | random: has a node | random: only `also`", counts)
    pairs = [(group[0], group[1]) for group in texts if len(group) > 1]
    if pairs:
        rows = [
            [name, *agreement([pair for pair in pairs if pair[0].source in sources])]
            for name, sources in [("all", {*SOURCES}), *((name, {source}) for source, name in SOURCES.items())]
        ]
        table(
            "read twice | texts | node or none | kappa | both name one | same first | kappa | share one | accept", rows
        )
    nodes = Counter(node for group in texts for node in {node for reading in group for node in reading.best})
    chains = groupby(sorted(nodes), key=lambda node: node.split("/", 1)[0])
    named = ([chain, ", ".join(f"{node.split('/', 1)[1]} {nodes[node]}" for node in group)] for chain, group in chains)
    table("chain | texts with the node in `best`", named)
    few = [f"{node} {count}" for node, count in sorted(nodes.items()) if count < FEW]
    print(f"\n{len(texts)} texts, {len(nodes)} nodes. Fewer than {FEW} texts: {', '.join(few)}.")


if __name__ == "__main__":
    main()
