"""Concordances between classifications, with all weights and all codes without a match.

The classifications are connected through ISIC Rev.4: headings of the Harmonized System, products of the CPC and the
industries of world tables are linked to it, and a path between any two consists of these links. Sources: SOURCES.md in
data/classifications and industries.md in data/tables.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from serai.world.classifications import cpc, isic
from serai.world.classifications import harmonized_system as hs
from serai.world.classifications.industries import codes as isic_codes
from serai.world.classifications.industries import divisions, industries, industry_classifications

type Weights = Mapping[str, Mapping[str, float]]
type Edition = hs.Edition

EDITIONS: Mapping[str, Edition] = MappingProxyType({"hs2017": 2017, "hs2022": 2022})
CPC = "cpc2.1"
LEVELS = MappingProxyType(
    {
        "isic4": isic.Level.CLASS,
        "isic4-groups": isic.Level.GROUP,
        "isic4-divisions": isic.Level.DIVISION,
        "isic4-sections": isic.Level.SECTION,
    }
)


@dataclass(frozen=True)
class Concordance:
    """The counterparts of each code of `source` in `target`.

    `weights` holds, for every source code, the target codes and the share of it that goes to each; a row adds up to 1,
    or to less where a part of the code has no counterpart. `steps` are the classifications passed on the way.
    """

    source: str
    target: str
    source_codes: tuple[str, ...]
    target_codes: tuple[str, ...]
    weights: Weights
    steps: tuple[str, ...]

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The source codes that have no counterpart at all."""
        return tuple(code for code in self.source_codes if not self.weights[code])

    @property
    def unreached(self) -> tuple[str, ...]:
        """The target codes to which no source code leads."""
        reached = {code for row in self.weights.values() for code in row}
        return tuple(code for code in self.target_codes if code not in reached)

    @property
    def mapping(self) -> Mapping[str, str]:
        """Source code -> the one target code that holds it whole, as `WorldTable.aggregate` takes it.

        Raises ValueError where a code is in several or in none.
        """
        for code, row in self.weights.items():
            if len(row) != 1:
                targets = ", ".join(row) or "none"
                raise ValueError(f"'{code}' of {self.source} is in more or less than one of {self.target}: {targets}.")
        return MappingProxyType({code: next(iter(row)) for code, row in self.weights.items()})

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """The weights as an array (source codes, target codes): amounts by source times this are amounts by target."""
        place = {code: position for position, code in enumerate(self.target_codes)}
        matrix = np.zeros((len(self.source_codes), len(place)))
        for row, code in enumerate(self.source_codes):
            for other, weight in self.weights[code].items():
                matrix[row, place[other]] = weight
        matrix.flags.writeable = False
        return matrix


@cache
def concord(source: str, target: str) -> Concordance:
    """The concordance between two of `classifications()`, the shortest way over the links that there are.

    A heading maps to the classes that make its 6-digit lines, an activity to the one that contains it. A coarse code
    maps to finer codes in proportion to the links in the other direction, in equal parts within ISIC: these weights
    count kinds of products, not money. Raises LookupError for an unknown classification.
    """
    for name in (source, target):
        if name not in classifications():
            raise LookupError(f"There is no classification '{name}'; there are {', '.join(classifications())}.")
    steps = _way(source, target)
    codes = _codes(source)
    weights: Weights = {code: {code: 1.0} for code in codes}
    for here, there in pairwise(steps):
        link = _link(here, there)
        weights = {code: _through(row, link) for code, row in weights.items()}
    return Concordance(source, target, codes, _codes(target), MappingProxyType(weights), steps)


@cache
def classifications() -> tuple[str, ...]:
    """The names that `concord` knows."""
    return tuple(dict.fromkeys((*EDITIONS, CPC, *LEVELS, *industry_classifications())))


def _codes(name: str) -> tuple[str, ...]:
    if name in EDITIONS:
        return tuple(heading.code for heading in hs.headings(EDITIONS[name]))
    if name == CPC:
        return tuple(product.code for product in cpc.products(cpc.Level.SUBCLASS))
    if name in LEVELS:
        return tuple(activity.code for activity in isic.activities(LEVELS[name]))
    return tuple(industries(name))


def _through(row: Mapping[str, float], link: Weights) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for middle, share in row.items():
        for code, weight in link.get(middle, {}).items():
            weights[code] = weights.get(code, 0.0) + share * weight
    return MappingProxyType(dict(sorted(weights.items())))


# The links, each in the direction in which its weights are known


def _makers(name: str) -> Callable[[], Weights]:
    edition = EDITIONS[name]
    return lambda: {code: _shares(hs.isic_of_heading(code, edition)) for code in _codes(name)}


def _makers_of_products() -> Weights:
    return {code: _shares(cpc.isic_of(code)) for code in _codes(CPC)}


def _products_of_headings() -> Weights:
    return {code: _shares(cpc.of_heading(code)) for code in _codes("hs2017")}


def _former_headings() -> Weights:
    return {code: _equal_parts(hs.formerly(code)) for code in _codes("hs2022")}


def _parents(name: str) -> Callable[[], Weights]:
    return lambda: {code: _equal_parts([parent] if (parent := isic.parent(code)) else []) for code in _codes(name)}


def _industries_of_divisions(name: str) -> Callable[[], Weights]:
    def link() -> Weights:
        holders: dict[str, list[str]] = {code: [] for code in _codes("isic4-divisions")}
        for code, row in industries(name).items():
            for division in divisions(row["isic4"]):
                holders[division].append(code)
        return {division: _equal_parts(codes) for division, codes in holders.items()}

    return link


def _industries_of_classes(name: str) -> Callable[[], Weights]:
    """A class goes to the industries that name it most closely: by class, else group, else division."""

    def link() -> Weights:
        holders: dict[str, list[str]] = {}
        for code, row in industries(name).items():
            for named in {*isic_codes(row["isic4"]), *divisions(row["isic4"])}:
                holders.setdefault(named, []).append(code)
        close = {code: next((code[:n] for n in (4, 3, 2) if code[:n] in holders), "") for code in _codes("isic4")}
        return {code: _equal_parts(holders.get(named, [])) for code, named in close.items()}

    return link


def _shares(row: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(row.values())
    return {code: weight / total for code, weight in row.items()}


def _equal_parts(codes: Iterable[str]) -> Mapping[str, float]:
    listed = tuple(codes)
    return dict.fromkeys(listed, 1 / len(listed)) if listed else {}


@cache
def _links() -> Mapping[tuple[str, str], Callable[[], Weights]]:
    levels = tuple(LEVELS)
    links: dict[tuple[str, str], Callable[[], Weights]] = {("hs2022", "hs2017"): _former_headings}
    links |= {(name, "isic4"): _makers(name) for name in EDITIONS}
    links |= {(fine, coarse): _parents(fine) for fine, coarse in pairwise(levels)}
    links |= {("hs2017", CPC): _products_of_headings, (CPC, "isic4"): _makers_of_products}
    for name in industry_classifications():
        if name not in LEVELS:
            by_class = any(len(code) > 2 for row in industries(name).values() for code in isic_codes(row["isic4"]))
            link = ("isic4", _industries_of_classes) if by_class else ("isic4-divisions", _industries_of_divisions)
            links[link[0], name] = link[1](name)
    return links


@cache
def _link(here: str, there: str) -> Weights:
    """The weights of one step; if only the opposite direction is known, in proportion to its weights."""
    links = _links()
    if (here, there) in links:
        return links[here, there]()
    back: dict[str, dict[str, float]] = {}
    for code, row in links[there, here]().items():
        for other, weight in row.items():
            back.setdefault(other, {})[code] = weight
    return {code: {other: weight / sum(row.values()) for other, weight in row.items()} for code, row in back.items()}


def _way(source: str, target: str) -> tuple[str, ...]:
    """The shortest way over the links, in either direction."""
    ways: list[tuple[str, ...]] = [(source,)]
    for way in ways:  # breadth first: the list grows while it is read
        if way[-1] == target:
            return way
        for pair in _links():
            if way[-1] in pair:
                following = pair[1 - pair.index(way[-1])]
                if following not in way:
                    ways.append((*way, following))
    raise LookupError(f"No links lead from {source} to {target}.")
