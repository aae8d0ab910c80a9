"""What one more source is worth to a buyer, property by property, told only where it can be told.

A buyer in country d needs node j. Its present sourcing x by country is as it declares, else the average of its country,
f_j.->d. The new source in country s takes theta: the agreed volume over the need, else 1/(1/H(x) + 1) within bounds, so
that x' = (1 - theta) x + theta e_s. Intervals: x is drawn from a Dirichlet distribution whose concentration follows the
grade of what is known, theta within a third of its value, and what a stop takes from networks whose shares are drawn as
well. A sign is told when nine of ten draws agree and the change is more than a hundredth of the present figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices
from serai.world.classifications import country_groups
from serai.world.classifications.countries import find
from serai.world.industries import members
from serai.world.supply.geography import distances
from serai.world.supply.hits import every_country
from serai.world.supply.network import UNKNOWN, SupplyNetwork
from serai.world.supply.propagation import propagate
from serai.world.supply.records import Grade
from serai.world.supply.requirement_groups import industries_of_nodes
from serai.world.supply.shares import NodeShares
from serai.world.table import NotMeasured, WorldTable

CONCENTRATION: Mapping[str, float] = {"A": 400.0, "B": 100.0, "C": 30.0, "D": 8.0}
"""By grade, the concentration of the Dirichlet distribution around shares."""

LEAST_THETA, MOST_THETA = 0.05, 0.5
THETA_SPREAD = 1 / 3
AGREE, CHANGE = 0.9, 0.01
"""Share of the draws that must agree, and least change relative to the present figure, for a sign to be told."""

DRAWS, NETWORKS = 96, 8
"""Draws of a sourcing, and of the network behind it."""

LEAST_KNOWN = 0.25
"""Share of a sourcing whose content must be known for its mean to stand for the whole."""

TRACE = 1e-6
"""Share by which a supplier's country is taken in among the makers of a node that are known."""

POOREST = ("LDC", "LLDC", "SIDS")
"""Groups of countries that count as included: least developed, landlocked developing, small island developing."""


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
class Needs:
    """B needs: `node` (B,) and `country` (B,) of the buyers as places in the network; `present` (B, K) their sourcing
    by country, NaN in the rows of those that declare none; `theta` (B,) what a new source takes, NaN where not agreed;
    `sources` (B,) the effective number of present sources (firms), NaN where not known."""

    node: Indices
    country: Indices
    present: Array
    theta: Array
    sources: Array

    def __len__(self) -> int:
        return len(self.node)


def needs_of(
    network: SupplyNetwork,
    needs: Sequence[tuple[str, str]],
    *,
    present: Mapping[int, Mapping[str, float]] | None = None,
    theta: Mapping[int, float] | None = None,
    sources: Mapping[int, float] | None = None,
) -> Needs:
    """Needs from (node, country of the buyer), with what is declared by the place of the need. Raises KeyError."""
    count, K = len(needs), len(network.countries)
    shares = np.full((count, K), np.nan)
    for place, declared in (present or {}).items():
        shares[place] = 0.0
        for country, share in declared.items():
            shares[place, network.country(country)] += share
        shares[place] /= shares[place].sum()
    agreed, known = np.full(count, np.nan), np.full(count, np.nan)
    agreed[list(theta or ())] = list((theta or {}).values())
    known[list(sources or ())] = list((sources or {}).values())
    return Needs(
        np.array([network.node(node) for node, _ in needs], dtype=np.intp),
        np.array([network.country(country) for _, country in needs], dtype=np.intp),
        shares,
        agreed,
        known,
    )


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
        figures = _Figures(drawn, part, x, theta, places)
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


def sourcing_of(network: SupplyNetwork, needs: Needs, need: int) -> tuple[Array, str, float]:
    """The present sourcing of a need by country (K,), its grade and concentration: declared, or the average of the
    country, which misses a buyer by what one differs from the average and by what the shares may be wrong."""
    declared = needs.present[need]
    if not np.isnan(declared).any():
        return declared, Grade.STATED.value, CONCENTRATION[Grade.STATED.value]
    node = int(needs.node[need])
    average = network.flows.shares[node, :, needs.country[need]]
    spread = 1 / CONCENTRATION[Grade.ASSUMED.value] + 1 / CONCENTRATION[network.grades[node].value]
    return average, Grade.ASSUMED.value, 1 / spread


def theta_of(needs: Needs, need: int, x: Array) -> float:
    """What a new source takes: as agreed, else 1/(n + 1) of n effective sources, within bounds."""
    if np.isfinite(needs.theta[need]):
        return float(np.clip(needs.theta[need], 0, 1))
    n = needs.sources[need] if np.isfinite(needs.sources[need]) else 1 / (x**2).sum()
    return float(np.clip(1 / (n + 1), LEAST_THETA, MOST_THETA))


def included(countries: Sequence[str]) -> Array:
    """1 for a country of one of the groups POOREST today, else 0, shape (K,)."""
    today = date.today()  # noqa: DTZ011  membership is by day, whatever the zone
    poorest = {code for group in POOREST for code in country_groups.members(group, today)}
    return np.array([float((entry := find(code)) is not None and entry.alpha2 in poorest) for code in countries])


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


def drawn_shares(x: Array, concentration: float, draws: int, random: np.random.Generator) -> Array:
    """Draws (draws, K) of shares around x; what is 0 stays 0."""
    weights = random.standard_gamma(np.where(x > 0, concentration * x, 1.0), (draws, len(x))) * (x > 0)
    whole = weights.sum(axis=1, keepdims=True)
    return np.where(whole > 0, weights / np.where(whole > 0, whole, 1), x)


def per_unit_contents(
    network: SupplyNetwork, nodes: Indices, table: WorldTable | None
) -> Mapping[str, Mapping[int, Array]]:
    """By property and node, what a unit from each country has in it (K,), NaN where the table doesn't tell."""
    nothing = {int(node): np.full(len(network.countries), np.nan) for node in nodes}
    if table is None:
        return {"green": nothing, "digital": nothing}
    inside = np.array([_label(table, code) for code in network.countries])
    industries = industries_of_nodes(network.chain, table)
    contents = {"green": _emissions(table), "digital": _digital(table)}
    found: dict[str, dict[int, Array]] = {}
    for name, content in contents.items():
        by_node = {}
        for node in nodes.tolist():
            values = np.full(len(network.countries), np.nan)
            if content is not None and len(industries[node]):
                S = table.n_industries
                output = table.x.reshape(-1, S)[:, industries[node]]
                made = content.reshape(-1, S)[:, industries[node]]
                mean = np.where(
                    output.sum(axis=1) > 0, (made * output).sum(axis=1) / np.maximum(output.sum(axis=1), 1e-9), np.nan
                )
                values = np.where(inside >= 0, mean[np.maximum(inside, 0)], np.nan)
            by_node[node] = values
        found[name] = by_node
    return found


def _label(table: WorldTable, code: str) -> int:
    return table.countries.index(code) if code in table.countries else -1


def _emissions(table: WorldTable) -> Array | None:
    """Emissions embodied in a unit of each cell's output, every tier counted, (n,); None without emissions."""
    emissions = table.extensions.get("emissions")
    if emissions is None or emissions.values.shape != (table.n,):
        return None
    direct = np.divide(emissions.values, table.x, out=np.zeros(table.n), where=table.x > 0)
    embodied: Array = direct @ table.L
    return embodied


def _digital(table: WorldTable) -> Array | None:
    """Share of value added of ICT industries in a unit of each cell's output, (n,); None on a coarse table."""
    try:
        ict = members(table, "ict")
    except NotMeasured:
        return None
    content: Array = (table.vc * ict) @ table.L
    return content


@dataclass(frozen=True, eq=False)
class _Figure:
    """A figure now, and its change by a source in each of S countries."""

    present: float
    change: Array
    low: Array
    high: Array
    told: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class _Figures:
    """The figures of one need: `drawn` (R, K) and `part` (R,) are draws of its sourcing `x` (K,) and of `theta`;
    `places` (S,) are the countries of new sources."""

    drawn: Array
    part: Array
    x: Array
    theta: float
    places: Indices

    def linear(self, values: Array) -> _Figure:
        """A mean of values by country (K,): the new source brings its own."""
        known = np.isfinite(values)
        if self.x[known].sum() < LEAST_KNOWN:
            return self._nothing()
        filled = np.where(known, values, 0.0)
        weight = self.drawn @ known
        mean = (self.drawn @ filled) / np.where(weight > 0, weight, 1)
        own = np.where(known, values, np.nan)[self.places]
        present = float(self.x @ filled / (self.x @ known))
        return self._told(present, self.theta * (own - present), self.part[:, None] * (own - mean[:, None]))

    def largest(self) -> _Figure:
        """The largest share of one country; the unknown are none."""
        present, drawn = float(self.x[:-1].max()), self.drawn[:, :-1].max(axis=1)
        change = self._with(self.x[None], np.array([self.theta]))[0] - present
        return self._told(present, change, self._with(self.drawn, self.part) - drawn[:, None])

    def _with(self, x: Array, theta: Array) -> Array:
        """The largest share with a new source in each country, (R, S)."""
        kept = (1 - theta)[:, None]
        first = x[:, :-1].max(axis=1, keepdims=True) * kept
        largest: Array = np.maximum(first, x[:, self.places] * kept + theta[:, None])
        return largest

    def effective(self) -> _Figure:
        """The effective number of countries, the unknown counted as one."""

        def number(x: Array, theta: Array) -> Array:
            kept, new = (1 - theta)[:, None], theta[:, None]
            squares = (x**2).sum(axis=1, keepdims=True) * kept**2
            effective: Array = 1 / (squares + 2 * kept * new * x[:, self.places] + new**2)
            return effective

        present = float(1 / (self.x**2).sum())
        now = 1 / (self.drawn**2).sum(axis=1, keepdims=True)
        change = number(self.x[None], np.array([self.theta]))[0] - present
        return self._told(present, change, number(self.drawn, self.part) - now)

    def worst(self, stops: NDArray[np.float32]) -> _Figure:
        """The worst loss by the stop of a single country; `stops` (1 + networks, stops, K) is what is missing by maker,
        first in the network that is known."""
        stops = stops[:, :-1]  # nobody stops the unknown
        of_draw = 1 + np.arange(len(self.drawn)) % (len(stops) - 1)
        losses = np.empty((len(self.drawn), stops.shape[1]))
        for number in range(1, len(stops)):
            rows = of_draw == number
            losses[rows] = self.drawn[rows] @ stops[number].T
        now = losses.max(axis=1)
        own = stops[:, :, self.places]  # (networks, stops, S)
        least = float(((1 - self.part) * now).min())
        can = (losses * (1 - self.part)[:, None]).max(axis=0) + self.part.max() * own.max(axis=(0, 2)) >= least
        kept = losses[:, can] * (1 - self.part)[:, None]
        worst = np.empty((len(self.drawn), len(self.places)))
        for number in range(1, len(stops)):
            rows = np.flatnonzero(of_draw == number)
            worst[rows] = (kept[rows][:, :, None] + self.part[rows][:, None, None] * own[number][can]).max(axis=1)
        central = self.x @ stops[0].T
        change = ((1 - self.theta) * central[:, None] + self.theta * own[0]).max(axis=0) - central.max()
        return self._told(float(central.max()), change, worst - now[:, None])

    def _told(self, present: float, change: Array, drawn: Array) -> _Figure:
        """The interval of nine draws in ten, and the sign where it can be told."""
        ordered = np.sort(drawn, axis=0)
        count = len(ordered)
        low, high = ordered[int(0.05 * count)], ordered[min(int(0.95 * count), count - 1)]
        sign = np.sign(change)
        agree = (np.sign(drawn) == sign).mean(axis=0)
        large = np.abs(change) > CHANGE * abs(present)
        told = np.where((agree >= AGREE) & large & np.isfinite(change), np.nan_to_num(sign), 0).astype(np.int8)
        return _Figure(present, change, low, high, told)

    def _nothing(self) -> _Figure:
        missing = np.full(len(self.places), np.nan)
        return _Figure(np.nan, missing, missing, missing, np.zeros(len(self.places), dtype=np.int8))
