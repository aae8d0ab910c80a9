"""What one more source is worth to a buyer, property by property, told only where it can be told.

A buyer in country d needs node j. Its present sourcing x by country is as it declares, else the average of its country,
f_j.->d. The new source in country s takes theta: the agreed volume over the need, else 1/(1/H(x) + 1) within bounds, so
that x' = (1 - theta) x + theta e_s. Intervals: x is drawn from a Dirichlet distribution whose concentration follows the
grade of what is known, theta within a third of its value, and what a stop takes from networks whose shares are drawn as
well. A sign is told when nine of ten draws agree and the change is more than a hundredth of the present figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices
from serai.world.supply.contents import included, per_unit_contents
from serai.world.supply.figures import Figures
from serai.world.supply.geography import distances
from serai.world.supply.hits import every_country
from serai.world.supply.needs import CONCENTRATION, THETA_SPREAD, Needs, drawn_shares, sourcing_of, theta_of
from serai.world.supply.network import UNKNOWN, SupplyNetwork
from serai.world.supply.propagation import propagate
from serai.world.supply.shares import NodeShares
from serai.world.table import WorldTable

DRAWS, NETWORKS = 96, 8
"""Draws of a sourcing, and of the network behind it."""

TRACE = 1e-6
"""Share by which a supplier's country is taken in among the makers of a node that are known."""


@dataclass(frozen=True)
class Headline:
    """The figure of a property: what it is, its unit, and the direction that is better (1 or -1)."""

    property: str
    about: str
    unit: str
    sense: int


HEADLINES = (
    Headline("secure", "largest share of one country among the sources", "share", -1),
    Headline("stable", "worst loss of the input by the stop of a single country", "share", -1),
    Headline("smooth", "mean distance of the sources", "km", -1),
    Headline("efficient", "price", "per cent", -1),
    Headline("open", "effective number of source countries", "countries", 1),
    Headline("inclusive", "share from least developed, landlocked and small island countries", "share", 1),
    Headline("mutual", "supplier's share in the input beside the buyer's share in the sales", "share", 1),
    Headline("green", "emissions embodied in a unit", "as the table has it", -1),
    Headline("digital", "digital content of a unit", "share", 1),
)
PROPERTIES = tuple(headline.property for headline in HEADLINES)
NOT_MEASURED: Mapping[str, str] = {
    "efficient": "Buyer and supplier state no price both.",
    "mutual": "The value of the need or the sales of the supplier are not known.",
    "green": "The table has no emissions of this industry and country.",
    "digital": "The table does not tell the digital content of this industry and country.",
}


@dataclass(frozen=True, eq=False)
class SourceValues:
    """What a source in each of S countries changes for each of U kinds of needs, P properties.

    `present` (U, P) is the present figure, `change` (U, S, P) its change, `low` and `high` its interval of nine draws
    in ten, `told` (U, S, P) the sign that can be told, 0 for none; NaN where not measured. `kind_of` (B,) is the kind
    of each need, `theta` (U,) what a new source takes, `grade` (U,) how well the present sourcing is known.
    """

    network: SupplyNetwork
    countries: tuple[str, ...]
    present: Array
    change: Array
    low: Array
    high: Array
    told: NDArray[np.int8]
    kind_of: Indices
    theta: Array
    grade: tuple[str, ...]

    @cached_property
    def _column(self) -> Mapping[str, int]:
        return {country: place for place, country in enumerate(self.countries)}

    def of(self, need: int, country: str) -> tuple[int, int]:
        """Where the value of a source in a country for a need stands: `change[of(need, country)]`."""
        return int(self.kind_of[need]), self._column[country]

    def verdict(self, need: int, country: str) -> tuple[tuple[str, int, str], ...]:
        """The told signs and sizes to two digits, by property."""
        at = self.of(need, country)
        return tuple(
            (headline.property, int(sign), f"{change:.1e}")
            for headline, sign, change in zip(HEADLINES, self.told[at], self.change[at], strict=True)
            if sign
        )

    def better(self, need: int, country: str) -> int:
        """How many properties get better, less those that get worse, of those told."""
        sense = np.array([headline.sense for headline in HEADLINES])
        return int((self.told[self.of(need, country)] * sense).sum())

    def records(self, need: int, country: str) -> list[dict[str, Any]]:
        """One record a property: what it is now, its change with interval, and whether it can be told."""
        at = self.of(need, country)
        return [
            self._record(
                headline,
                float(self.present[at[0], place]),
                *(float(values[at][place]) for values in (self.change, self.low, self.high)),
                sign=int(self.told[at][place]),
                grade=self.grade[at[0]],
            )
            for place, headline in enumerate(HEADLINES)
        ]

    def _record(
        self, headline: Headline, present: float, change: float, low: float, high: float, *, sign: int, grade: str
    ) -> dict[str, Any]:
        measured = np.isfinite(change)
        said = "no difference that can be told" if not sign else "better" if sign == headline.sense else "worse"
        return {
            "property": headline.property,
            "about": headline.about,
            "unit": headline.unit,
            "present": present if measured else None,
            "change": change if measured else None,
            "low": low if measured else None,
            "high": high if measured else None,
            "told": said if measured else "not measured",
            "reason": "" if measured else NOT_MEASURED[headline.property],
            "grade": grade,
        }


def source_values(
    network: SupplyNetwork,
    needs: Needs,
    suppliers: Sequence[str],
    *,
    table: WorldTable | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> SourceValues:
    """What a new source in the country of each supplier is worth to each need; needs alike are computed once.

    `suppliers` are countries of the network. The table gives emissions and digital content. Raises KeyError.
    """
    countries = tuple(dict.fromkeys(suppliers))
    places = np.array([network.country(code) for code in countries], dtype=np.intp)
    kinds, kind_of = _kinds(needs)
    wide = with_makers(network, needs, places)
    random = np.random.default_rng(seed)
    nodes = np.unique(needs.node[kinds])
    stops = _stops(wide, nodes, random)
    per_unit = per_unit_contents(network, nodes, table)
    inclusive = included(network.countries)
    km = distances(network.countries)
    P, U, S = len(PROPERTIES), len(kinds), len(countries)
    present = np.full((U, P), np.nan)
    change, low, high = (np.full((U, S, P), np.nan) for _ in range(3))
    told = np.zeros((U, S, P), dtype=np.int8)
    thetas, grades = np.zeros(U), []
    for number, need in enumerate(kinds.tolist()):
        node, buyer = int(needs.node[need]), int(needs.country[need])
        x, grade, concentration = sourcing_of(network, needs, need)
        theta = theta_of(needs, need, x)
        thetas[number] = theta
        grades.append(grade)
        drawn = drawn_shares(x, concentration, draws, random)
        part = theta * random.uniform(1 - THETA_SPREAD, 1 + THETA_SPREAD, draws)
        figures = Figures(drawn, part, x, theta, places)
        by_unit = {
            "smooth": np.nan_to_num(km[:, buyer], nan=float(np.nanmean(km[:, buyer]))),
            "inclusive": inclusive,
            "green": per_unit["green"][node],
            "digital": per_unit["digital"][node],
        }
        found = {name: figures.linear(values) for name, values in by_unit.items()}
        found["secure"], found["open"] = figures.largest(), figures.effective()
        found["stable"] = figures.worst(stops[node])
        for name, figure in found.items():
            at = PROPERTIES.index(name)
            present[number, at], change[number, :, at] = figure.present, figure.change
            low[number, :, at], high[number, :, at], told[number, :, at] = figure.low, figure.high, figure.told
    return SourceValues(network, countries, present, change, low, high, told, kind_of, thetas, tuple(grades))


def _kinds(needs: Needs) -> tuple[Indices, Indices]:
    """One need of each kind, and the kind of each: those alike in node, country and all that is declared."""
    rows = np.column_stack([needs.node, needs.country, needs.theta, needs.sources, needs.present])
    _, first, kind_of = np.unique(np.nan_to_num(rows, nan=-1.0), axis=0, return_index=True, return_inverse=True)
    return first, kind_of.ravel()


def with_makers(network: SupplyNetwork, needs: Needs, places: Indices) -> SupplyNetwork:
    """The network with the suppliers' countries, and those that buyers declare, among the makers of what is needed."""
    makers = list(network.makers)
    for node in np.unique(needs.node).tolist():
        declared = np.nan_to_num(needs.present[needs.node == node]).max(axis=0, initial=0)
        wanted = {network.countries[place] for place in [*places.tolist(), *np.flatnonzero(declared).tolist()]}
        missing = wanted - {code for code, share in makers[node].named.items() if share > 0} - {UNKNOWN}
        if missing:
            makers[node] = _taken_in(makers[node], missing)
    return replace(network, makers=tuple(makers))


def _taken_in(makers: NodeShares, missing: set[str]) -> NodeShares:
    left = 1 - TRACE * len(missing)
    named = {code: share * left for code, share in makers.named.items()} | dict.fromkeys(sorted(missing), TRACE)
    return replace(makers, named=named, others=makers.others * left, unattributed=makers.unattributed * left)


def _stops(network: SupplyNetwork, nodes: Indices, random: np.random.Generator) -> Mapping[int, NDArray[np.float32]]:
    """By node, what is missing by maker (1 + NETWORKS, stops, K) when each country stops: in the network as it is
    known, and in networks of drawn shares."""
    K = len(network.countries)
    found = {int(node): np.zeros((1 + NETWORKS, K, K), dtype=np.float32) for node in nodes}
    for number in range(1 + NETWORKS):
        drawn = network if number == 0 else drawn_network(network, random)
        hits = every_country(drawn)
        stopped = np.array([network.country(code) for code in hits.names], dtype=np.intp)
        missing = propagate(drawn, hits, keep=True, single=True).d
        assert missing is not None
        for node, values in found.items():
            values[number, stopped] = missing[:, 0, node]
    for values in found.values():
        values[:, np.arange(K), np.arange(K)] = 1  # who stops sends nothing
    return found


def drawn_network(network: SupplyNetwork, random: np.random.Generator) -> SupplyNetwork:
    """A network whose shares are drawn around those known, as closely as their grades say."""
    makers = []
    for known in network.makers:
        parts = np.array([*known.named.values(), known.others, known.unattributed])
        drawn = drawn_shares(parts, CONCENTRATION[known.grade.value], 1, random)[0]
        named = dict(zip(known.named, drawn.tolist(), strict=False))
        makers.append(replace(known, named=named, others=float(drawn[-2]), unattributed=float(drawn[-1])))
    return replace(network, makers=tuple(makers))
