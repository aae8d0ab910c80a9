"""What one more source is worth to a buyer, property by property, told only where it can be told.

A buyer in country d needs node j. Its present sourcing x by country is as it declares, else the average of its country,
f_j.->d. The new source in country s takes theta: the agreed volume over the need, else 1/(1/H(x) + 1) within bounds, so
that x' = (1 - theta) x + theta e_s. Intervals: x is drawn from a Dirichlet distribution whose concentration follows the
grade of what is known, theta within a third of its value, and what a stop takes from networks whose shares are drawn as
well. A sign is told when nine of ten draws agree and the change is more than a hundredth of the present figure.
Price and mutual shares rest on what both sides state, so they are told for a supplier, not for a country.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices
from serai.world.supply.contents import Contents, included, per_unit_contents
from serai.world.supply.figures import Figure, Figures
from serai.world.supply.further_figures import FurtherFigure, further_figures
from serai.world.supply.geography import distances
from serai.world.supply.needs import (
    CONCENTRATION,
    THETA_SPREAD,
    Needs,
    drawn_shares,
    sourcing_of,
    theta_of,
    with_makers,
)
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.propagation import missing_by_country
from serai.world.supply.records import Grade
from serai.world.supply.terms import (
    Supplier,
    Terms,
    price_change,
    share_in_input,
    share_in_sales,
    terms_of,
)
from serai.world.table import WorldTable
from serai.world.trade import Exports

DRAWS, NETWORKS = 96, 8
"""Draws of a sourcing, and of the network behind it."""


@dataclass(frozen=True)
class Headline:
    """The figure of a property: what it is, its unit, and the direction that is better: 1 or -1, 0 for none."""

    property: str
    about: str
    unit: str
    sense: int


HEADLINES = (
    Headline("secure", "largest share of one country among the sources", "share", -1),
    Headline("stable", "worst loss of the input by the stop of a single country", "share", -1),
    Headline("smooth", "mean distance of the sources", "km", -1),
    Headline("efficient", "price", "present price", -1),
    Headline("open", "effective number of source countries", "countries", 1),
    Headline("inclusive", "share from least developed, landlocked and small island countries", "share", 1),
    Headline("mutual", "supplier's share in the input beside the buyer's share in its sales", "share", 0),
    Headline("green", "emissions embodied in a unit", "as the table has it", -1),
    Headline("digital", "digital content of a unit", "share", 1),
)
PROPERTIES = tuple(headline.property for headline in HEADLINES)
NOT_MEASURED: Mapping[str, str] = {
    "efficient": "Buyer and supplier do not both state a price in the same unit.",
    "mutual": "Buyer and supplier do not both state the value of the need and the sales in the same unit.",
    "green": "The table has no emissions of this industry and country.",
    "digital": "The table does not tell the digital content of this industry and country.",
}
NO_DIFFERENCE = "no difference that can be told"
MORE_DEPENDENT: Mapping[int, str] = {
    1: "the supplier depends more on the buyer",
    -1: "the buyer depends more on the supplier",
    0: NO_DIFFERENCE,
}
"""What the sign of `mutual` says."""


@dataclass(frozen=True, eq=False)
class SourceValues:
    """What a source in each of S countries changes for each of U kinds of needs, P properties.

    A source is named by its country, or by the place of a supplier (F,): then what it states counts too (`terms`).
    `present` (U, P) is the present figure, `change` (U, S, P) its change, `low` and `high` its interval of nine draws
    in ten, `told` (U, S, P) the sign that can be told, 0 for none; NaN where not measured. `kind_of` (B,) is the kind
    of each need, `theta` (U,) what a new source takes, `grade` (U,) how well the present sourcing is known.
    """

    network: SupplyNetwork
    needs: Needs
    suppliers: tuple[Supplier, ...]
    countries: tuple[str, ...]
    terms: Terms
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

    def country(self, source: str | int) -> str:
        """The country of a source, given by itself or by the place of a supplier."""
        return source if isinstance(source, str) else self.suppliers[source].country

    def of(self, need: int, source: str | int) -> tuple[int, int]:
        """Where the value of a source in a country for a need stands: `change[of(need, source)]`."""
        return int(self.kind_of[need]), self._column[self.country(source)]

    def figure(self, need: int, source: str | int, name: str) -> Figure:
        """The figure of a property, its change and interval (1,): by the country, or by what both sides state."""
        theta = float(self.theta[self.kind_of[need]])
        if isinstance(source, int) and name == "efficient":
            return price_change(self.terms.price[need, [source]], theta)
        if isinstance(source, int) and name == "mutual":
            return share_in_input(self.terms.weight[need, [source]], theta)
        kind, column = self.of(need, source)
        place = PROPERTIES.index(name)
        at = kind, [column], place
        return Figure(float(self.present[kind, place]), self.change[at], self.low[at], self.high[at], self.told[at])

    def verdict(self, need: int, source: str | int) -> tuple[tuple[str, int, str], ...]:
        """The told signs and sizes to two digits, by property."""
        figures = ((name, self.figure(need, source, name)) for name in PROPERTIES)
        return tuple(
            (name, int(figure.told[0]), f"{figure.change[0]:.1e}") for name, figure in figures if figure.told[0]
        )

    def better(self, need: int, source: str | int) -> int:
        """How many properties get better, less those that get worse, of those told."""
        return sum(headline.sense * int(self.figure(need, source, headline.property).told[0]) for headline in HEADLINES)

    def records(self, need: int, source: str | int) -> list[dict[str, Any]]:
        """One record a property: what it is now, its change with interval, and whether it can be told."""
        grade = self.grade[self.kind_of[need]]
        return [_record(headline, self.figure(need, source, headline.property), grade) for headline in HEADLINES]

    def further(self, need: int, source: str | int, *, exports: Exports | None = None) -> list[FurtherFigure]:
        """The figures that stand beside the headlines, computed when asked for: see `further_figures`. Those of the
        trade of both sides, price and share in the sales, come last, where a supplier is given."""
        figures = further_figures(self.network, self.needs, need, self.country(source), exports=exports)
        if isinstance(source, str):
            return figures
        grade = Grade.STATED.value
        price = float(self.terms.price[need, source])
        sales = share_in_sales(self.terms.weight[need, [source]], float(self.theta[self.kind_of[need]]))
        return [
            *figures,
            FurtherFigure(
                "efficient",
                "price of the supplier",
                "present price",
                1.0,
                price - 1,
                grade=grade,
                reason=NOT_MEASURED["efficient"],
            ),
            FurtherFigure(
                "mutual",
                "buyer's share in the supplier's sales",
                "share",
                sales.present,
                float(sales.change[0]),
                float(sales.low[0]),
                float(sales.high[0]),
                grade=grade,
                reason=NOT_MEASURED["mutual"],
            ),
        ]


def _record(headline: Headline, figure: Figure, grade: str) -> dict[str, Any]:
    sign = int(figure.told[0])
    change, low, high = (float(values[0]) for values in (figure.change, figure.low, figure.high))
    measured = bool(np.isfinite(change))
    if headline.sense:
        verdict = NO_DIFFERENCE if not sign else "better" if sign == headline.sense else "worse"
    else:
        verdict = MORE_DEPENDENT[sign]
    stated = headline.property in {"efficient", "mutual"}
    return {
        "property": headline.property,
        "about": headline.about,
        "unit": headline.unit,
        "present": figure.present if measured else None,
        "change": change if measured else None,
        "low": low if measured else None,
        "high": high if measured else None,
        "told": verdict if measured else "not measured",
        "reason": "" if measured else NOT_MEASURED[headline.property],
        "grade": Grade.STATED.value if stated else grade,
    }


def source_values(
    network: SupplyNetwork,
    needs: Needs,
    suppliers: Sequence[str | Supplier],
    *,
    asked: Mapping[str, Collection[str]] | None = None,
    table: WorldTable | None = None,
    contents: Contents | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> SourceValues:
    """What a new source in the country of each supplier is worth to each need; needs alike are computed once.

    `suppliers` are countries of the network, or suppliers in them, which may state prices and sales. `asked` names by
    node the countries of those whose value is asked for there: all others are NaN; it saves most of the time where few
    suppliers meet a node. The table gives emissions and digital content; `contents` are those that `per_unit_contents`
    gave before. Raises KeyError.
    """
    sellers = tuple(Supplier(supplier) if isinstance(supplier, str) else supplier for supplier in suppliers)
    countries = tuple(dict.fromkeys(seller.country for seller in sellers))
    places = np.array([network.country(code) for code in countries], dtype=np.intp)
    kinds, kind_of = _kinds(needs)
    wide = with_makers(network, needs, places)
    random = np.random.default_rng(seed)
    nodes = np.unique(needs.node[kinds])
    stops = _stops(wide, nodes, random)
    per_unit = per_unit_contents(network, nodes, table) if contents is None else contents
    inclusive = included(network.countries)
    km = distances(network.countries)
    P, U, S = len(PROPERTIES), len(kinds), len(countries)
    columns = _columns(network, nodes, countries, asked)
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
        part = np.minimum(theta * random.uniform(1 - THETA_SPREAD, 1 + THETA_SPREAD, draws), 1)
        column = columns[node]
        figures = Figures(drawn, part, x, theta, places[column])
        by_unit = {
            "smooth": np.nan_to_num(km[:, buyer], nan=float(np.nanmean(km[:, buyer]))),
            "inclusive": inclusive,
            "green": per_unit["green"][node],
            "digital": per_unit["digital"][node],
        }
        by_property = {name: figures.linear(values) for name, values in by_unit.items()}
        by_property["secure"], by_property["open"] = figures.largest(), figures.effective()
        by_property["stable"] = figures.worst(stops[node])
        for name, figure in by_property.items():
            at = PROPERTIES.index(name)
            present[number, at], change[number, column, at] = figure.present, figure.change
            low[number, column, at], high[number, column, at] = figure.low, figure.high
            told[number, column, at] = figure.told
    return SourceValues(
        network=network,
        needs=needs,
        suppliers=sellers,
        countries=countries,
        terms=terms_of(network, needs, sellers),
        present=present,
        change=change,
        low=low,
        high=high,
        told=told,
        kind_of=kind_of,
        theta=thetas,
        grade=tuple(grades),
    )


def _columns(
    network: SupplyNetwork, nodes: Indices, countries: Sequence[str], asked: Mapping[str, Collection[str]] | None
) -> Mapping[int, Indices]:
    """By node the places among the countries of those whose value is asked for there."""
    every = np.arange(len(countries))
    if asked is None:
        return dict.fromkeys(nodes.tolist(), every)
    place_of = {country: place for place, country in enumerate(countries)}
    return {
        node: np.array(sorted(place_of[country] for country in asked.get(network.nodes[node], ())), dtype=np.intp)
        for node in nodes.tolist()
    }


def _kinds(needs: Needs) -> tuple[Indices, Indices]:
    """One need of each kind, and the kind of each: those alike in node, country and all that is declared."""
    rows = np.column_stack([needs.node, needs.country, needs.theta, needs.sources, needs.present])
    _, first, kind_of = np.unique(np.nan_to_num(rows, nan=-1.0), axis=0, return_index=True, return_inverse=True)
    return first, kind_of.ravel()


def _stops(network: SupplyNetwork, nodes: Indices, random: np.random.Generator) -> Mapping[int, Array]:
    """By node, what is missing by maker (1 + NETWORKS, K - 1, K) when each country stops: in the network as it is
    known, and in networks of drawn shares."""
    missing = [missing_by_country(network, nodes)]
    missing += [missing_by_country(drawn_network(network, random), nodes) for _ in range(NETWORKS)]
    return {node: np.stack([by_node[node] for by_node in missing]) for node in nodes.tolist()}


def drawn_network(network: SupplyNetwork, random: np.random.Generator) -> SupplyNetwork:
    """A network whose shares are drawn around those known, as closely as their grades say."""
    makers = []
    for shares in network.makers:
        parts = np.array([*shares.named.values(), shares.others, shares.unattributed])
        drawn = drawn_shares(parts, CONCENTRATION[shares.grade.value], 1, random)[0]
        named = dict(zip(shares.named, drawn.tolist(), strict=False))
        makers.append(replace(shares, named=named, others=float(drawn[-2]), unattributed=float(drawn[-1])))
    return replace(network, makers=tuple(makers))
