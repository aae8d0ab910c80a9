"""Secure: on whom a country depends, seen through every tier of supply."""

from dataclasses import dataclass

import numpy as np

from serai.world.measures import CountryValues, indicator, ratio
from serai.world.shocks.extraction import value_added_lost_by_country
from serai.world.table import Array, WorldTable


def origin_shares(table: WorldTable) -> Array:
    """Share of each origin (row) in the value added of each country's final demand (column); columns sum to 1."""
    return ratio(table.origins, table.origins.sum(axis=0))


def foreign_shares(origins: Array) -> Array:
    """Share of each origin in the foreign part of each destination: zero diagonal, columns sum to 1."""
    foreign = origins * (1 - np.eye(len(origins)))
    return ratio(foreign, foreign.sum(axis=0))


@indicator(
    symbol="S1",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Herfindahl (1950) on look-through origins; measures.md S1",
)
def origin_concentration(table: WorldTable) -> CountryValues:
    """Concentration of the foreign value added in each country's final demand.

    Look-through shares: a chip made in A with B's lithography counts for A and for B by the value each added.

    Returns shape (n_countries,), 1/(N-1) evenly spread to 1 a single foreign origin.
    """
    share = foreign_shares(table.origins)  # (origin, destination), columns sum to 1 without the diagonal
    return CountryValues(table.countries, (share**2).sum(axis=0))


@indicator(
    symbol="S2",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Look-through origin shares; measures.md S2",
)
def largest_dependence(table: WorldTable) -> CountryValues:
    """Share of the largest single foreign origin in each country's final demand, domestic value added included."""
    share = origin_shares(table) * (1 - np.eye(table.n_countries))
    return CountryValues(table.countries, share.max(axis=0))


@dataclass(frozen=True, eq=False)
class Exposure:
    """Shares of each origin country (row) in what baskets (columns) need, shape (N, k).

    `look_through` counts every tier, `face_value` the goods themselves and their direct inputs only; `hidden` is the
    difference, what a buyer doesn't see in its own purchases.
    """

    look_through: Array
    face_value: Array

    @property
    def hidden(self) -> Array:
        """Look-through less face value, never negative."""
        return self.look_through - self.face_value


def exposure(table: WorldTable, basket: Array) -> Exposure:
    """Production exposure of baskets of output, shape (n, k): look-through L w against face value (I + A) w.

    Both in gross output and relative to 1'L w (Baldwin, Freeman and Theodorakopoulos 2022, FPEM).
    """
    needed = table.solve_leontief(basket)
    total = needed.sum(axis=0)
    return Exposure(ratio(table.by_country(needed), total), ratio(table.by_country(basket + table.A @ basket), total))


def input_exposure(table: WorldTable, basket: Array) -> Exposure:
    """The same for inputs alone: (L - I) w against A w, each relative to its own sum, so that the shares add to 1."""
    indirect = table.solve_leontief(basket) - basket
    direct = table.A @ basket
    return Exposure(
        ratio(table.by_country(indirect), indirect.sum(axis=0)), ratio(table.by_country(direct), direct.sum(axis=0))
    )


@indicator(
    symbol="S3",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Baldwin, Freeman and Theodorakopoulos (2022), NBER WP 30525; measures.md S3",
)
def hidden_exposure(table: WorldTable) -> CountryValues:
    """Foreign production in a country's final output that its purchases don't show: look-through less face value."""
    basket = np.zeros((table.n, table.n_countries))
    basket[np.arange(table.n), table.country_of] = table.final.sum(axis=1)
    hidden = exposure(table, basket).hidden * (1 - np.eye(table.n_countries))
    return CountryValues(table.countries, hidden.sum(axis=0))


def pass_through(table: WorldTable, origin: int, destination: int) -> Array:
    """Expected visits to each cell on the chains from cell `origin` to cell `destination`, shape (n,).

    V_k = L_ik L_kj / L_ij: chains weighted by the value that flows along them, both ends counted (measures.md S4). Two
    solves; by country it is `table.by_country` of this. Zero everywhere where no chain joins the two.
    """
    unit = np.zeros((table.n, 2))
    unit[origin, 0] = unit[destination, 1] = 1
    forward = table.solve_leontief_transposed(unit[:, 0])
    backward = table.solve_leontief(unit[:, 1])
    between = backward[origin]
    return forward * backward / between if between > 0 else np.zeros(table.n)


def propagation_length(table: WorldTable, origin: int, destination: int) -> float:
    """Average number of steps from cell `origin` to cell `destination`: [L(L-I)]_ij / [L-I]_ij, NaN without a chain.

    Dietzenbacher, Romero and Bosma (2005), Estudios de Economía Aplicada 23(2).
    """
    unit = np.zeros((table.n, 2))
    unit[origin, 0] = unit[destination, 1] = 1
    forward = table.solve_leontief_transposed(unit[:, 0])
    backward = table.solve_leontief(unit[:, 1]) - unit[:, 1]
    return float(ratio(forward @ backward, backward[origin]))


@indicator(
    symbol="S6",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Dietzenbacher and Lahr (2013), Economic Systems Research 25(3); measures.md S6",
    by_product=False,
)
def weight_in_the_world(table: WorldTable) -> CountryValues:
    """Share of world value added that hangs on each country: what is gone when it is extracted from the table.

    An accounting weight, not a forecast: nothing is replaced.
    """
    return CountryValues(table.countries, value_added_lost_by_country(table) / table.v.sum())
