"""Fairs with known partners: 40 exhibitors and 40 buyers with 50 right pairs, in six languages and many trades.

Written for measuring, in and outside the built-in chains; a need paraphrases the offer, most often in another language.
The weights and limits were tuned on "workshop" only.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import Finding, trial, with_interval
from serai.match.codes.likeness import code_shares
from serai.match.evaluation import Interval, interval
from serai.match.language import detect_language
from serai.match.market import Firm
from serai.match.meanings import meanings
from serai.match.partners import Match, Spread, partners
from serai.match.placing import Item, Side, place
from serai.world.chains import builtin_chains

FAIRS = Path(__file__).parent / "data" / "fairs"
NAMES = ("workshop", "bazaar")


@dataclass(frozen=True)
class Fair:
    """A list of firms as an organiser has it, and the right exhibitors of each buyer."""

    firms: Sequence[Firm]
    items: Sequence[Item]
    right: Mapping[str, frozenset[str]]

    def lists(self, *, per_firm: int = 5, spread: Spread | None = Spread()) -> dict[str, list[Match]]:  # noqa: B008  (frozen)
        """The partners of all, by the path that the product takes: place, mean, match."""
        chains = builtin_chains()
        texts = [item.text for item in self.items]
        languages = [detect_language(text) for text in texts]
        return partners(
            self.firms,
            self.items,
            place(self.items, chains),
            chains,
            per_firm=per_firm,
            vectors=meanings(texts, languages),
            codes=code_shares(texts, languages),
            spread=spread,
        )


@dataclass(frozen=True)
class Quality:
    """What lists reach: by right pair whether it is in the first five, by buyer whether the first is right and whether
    there is anybody."""

    in_five: NDArray[np.float64]
    first: NDArray[np.float64]
    nobody: int


def quality(right: Mapping[str, frozenset[str]], listed: Mapping[str, Sequence[str]]) -> Quality:
    """How well `listed`, the partners of each buyer, holds the right ones."""
    pairs = [(buyer, exhibitor) for buyer, exhibitors in right.items() for exhibitor in sorted(exhibitors)]
    return Quality(
        in_five=np.array([exhibitor in listed[buyer][:5] for buyer, exhibitor in pairs], dtype=np.float64),
        first=np.array([not right[buyer].isdisjoint(listed[buyer][:1]) for buyer in right], dtype=np.float64),
        nobody=sum(not listed[buyer] for buyer in right),
    )


def fair(name: str) -> Fair:
    """The fair of this name."""
    firms, items = [], []
    with (FAIRS / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            own = [
                Item(f"{row['Company']}/{side}{number}", side, text.strip())
                for side, column in ((Side.OFFER, "Offers"), (Side.NEED, "Needs"))
                for number, text in enumerate(filter(None, row[column].split(";")))
            ]
            items += own
            firms.append(Firm(row["Company"], tuple(item.key for item in own), row["Country"]))
    right: dict[str, set[str]] = {}
    with (FAIRS / f"{name}_pairs.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            right.setdefault(row["buyer"], set()).add(row["exhibitor"])
    return Fair(firms, items, {buyer: frozenset(exhibitors) for buyer, exhibitors in right.items()})


def by_command(name: str) -> dict[str, list[str]]:
    """The partners of each firm, by its name, that `serai import --create` and `serai match` give on an empty home."""
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as home:
        environment = os.environ | {"SERAI_HOME": home, "DATABASE_URL": ""}
        commands = (
            ("import", str(FAIRS / f"{name}.csv"), "--edition", "fair", "--create", "--country", "DE"),
            ("match", "--edition", "fair"),
        )
        for command in commands:
            done = subprocess.run(
                [sys.executable, "-m", "serai", *command, "--json"], env=environment, check=True, stdout=subprocess.PIPE
            )
    listed = json.loads(done.stdout)["firms"]
    return {firm["name"]: [partner["name"] for partner in firm["partners"]] for firm in listed}


@trial("ranking-fairs", tiny={"names": NAMES[:1]})
def fairs_with_known_partners(names: Sequence[str] = NAMES) -> Iterator[Finding]:
    """Of 50 right pairs of a fair, how many do the lists of `serai match` hold, and has any buyer nobody?"""
    for name in names:
        reached = quality(fair(name).right, by_command(name))
        yield with_interval(f"{name}: right partners in the first five", interval(reached.in_five), least=46 / 50)
        yield with_interval(f"{name}: buyers whose first partner is right", interval(reached.first), least=34 / 40)
        yield Finding(f"{name}: buyers with nobody", reached.nobody, most=0)


# The figures that are committed (benchmarks/quality.py)

NEEDS = 120
"""Tenders that are looked at for the committed figures, each with its winners among those of all."""


def figures_of_fairs() -> dict[str, Interval]:
    """The quality on the fairs by the path of the product without its database."""
    figures = {}
    for name in NAMES:
        known = fair(name)
        lists = {firm: [match.partner for match in matches] for firm, matches in known.lists().items()}
        reached = quality(known.right, lists)
        somebody = np.array([bool(lists[buyer]) for buyer in known.right], dtype=np.float64)
        figures |= {
            f"{name}: right partners in the first five": interval(reached.in_five),
            f"{name}: buyers whose first partner is right": interval(reached.first),
            f"{name}: buyers with somebody": interval(somebody),
        }
    return figures


def figures_of_tenders() -> dict[str, Interval]:
    """The quality on the first tenders: nDCG at 10 of their winners."""
    from benchmarks.ranking import LISTED, TENDER, asking, first, tenders
    from serai.match.evaluation import gains_of, ndcg_at, ranked

    asked, offered = first(tenders(), NEEDS)
    relevant = np.array([[bool(a.answers & b.answers) for b in offered] for a in asked])
    gains = gains_of(ranked(asking(asked, offered).scores(TENDER, LISTED)), relevant)
    return {"tenders: nDCG@10 of the winners": interval(ndcg_at(gains, 10))}
