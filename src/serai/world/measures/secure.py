"""Secure: on whom a country depends, seen through every tier of supply."""

from dataclasses import dataclass

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator, kept
from serai.world.shocks.extraction import value_added_lost_by_cell, value_added_lost_by_country
from serai.world.table import Array, Indices, WorldTable


def origin_shares(table: WorldTable) -> Array:
    """Share of each origin (row) in the value added of each country's final demand (column); columns sum to 1."""
    return ratio(table.origins, table.origins.sum(axis=0))


def foreign_shares(origins: Array) -> Array:
    """Share of each origin in the foreign part of each destination: zero diagonal, columns sum to 1."""
    foreign = origins * (1 - np.eye(len(origins)))
    return ratio(foreign, foreign.sum(axis=0))


def _foreign_origins_of_cells(table: WorldTable) -> Array:
    """Value added of each foreign country in a unit of final output of each cell, shape (N, n), the own one zero."""
    origins = table.cell_origins.copy()
    origins[table.country_of, np.arange(table.n)] = 0
    return origins


def _concentration_by_cell(table: WorldTable) -> Array:
    origins = _foreign_origins_of_cells(table)
    return ratio((origins**2).sum(axis=0), origins.sum(axis=0) ** 2)


@indicator(
    symbol="S1",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Herfindahl (1950) on look-through origins",
    by_cell=_concentration_by_cell,
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
    source="Look-through origin shares",
    by_cell=lambda table: _foreign_origins_of_cells(table).max(axis=0),
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


FPEM = "Baldwin, Freeman and Theodorakopoulos (2022), NBER WP 30525"


@kept
def _production_by_country(table: WorldTable) -> Array:
    """C'L: output of each country (row) behind a unit of final output of each cell, shape (N, n)."""
    member = np.zeros((table.n, table.n_countries))
    member[np.arange(table.n), table.country_of] = 1
    return table.solve_leontief_transposed(member).T


@kept
def _inputs_by_country(table: WorldTable) -> Array:
    """C'A: inputs from each country (row) in a unit of output of each cell, shape (N, n)."""
    bought = table.by_country(table.Z)
    return np.divide(bought, table.x, out=np.zeros(bought.shape), where=table.x != 0)


def _foreign_by_cell(table: WorldTable, by_origin: Array) -> Array:
    """Sum over the countries that aren't a cell's own, (N, n) to (n,)."""
    total: Array = by_origin.sum(axis=0) - by_origin[table.country_of, np.arange(table.n)]
    return total


def _foreign_share_of_final_output(table: WorldTable, part: Array, whole: Array) -> CountryValues:
    """`part` over `whole` (n,) of a unit of each cell, for the final output of each country and of the world."""
    weights = table.final.sum(axis=1)
    parts, wholes = table.by_country(part * weights), table.by_country(whole * weights)
    return CountryValues(table.countries, ratio(parts, wholes), quotient(parts.sum(), wholes.sum()))


def _look_through_by_cell(table: WorldTable) -> Array:
    production = _production_by_country(table)
    return _foreign_by_cell(table, production) / production.sum(axis=0)


def _face_value_by_cell(table: WorldTable) -> Array:
    return _foreign_by_cell(table, _inputs_by_country(table)) / _production_by_country(table).sum(axis=0)


@indicator(
    symbol="S3",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source=FPEM,
    by_cell=lambda table: _look_through_by_cell(table) - _face_value_by_cell(table),
)
def hidden_exposure(table: WorldTable) -> CountryValues:
    """Foreign production in a country's final output that its purchases don't show: look-through less face value."""
    production = _production_by_country(table)
    hidden = _foreign_by_cell(table, production - _inputs_by_country(table))
    return _foreign_share_of_final_output(table, hidden, production.sum(axis=0))


@indicator(
    symbol="S3.look_through",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source=f"FPEM of {FPEM}",
    by_cell=_look_through_by_cell,
)
def look_through_exposure(table: WorldTable) -> CountryValues:
    """Foreign share of the production behind a country's final output, every tier counted."""
    production = _production_by_country(table)
    return _foreign_share_of_final_output(table, _foreign_by_cell(table, production), production.sum(axis=0))


@indicator(
    symbol="S3.face_value",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source=FPEM,
    by_cell=_face_value_by_cell,
)
def face_value_exposure(table: WorldTable) -> CountryValues:
    """The part of look-through exposure that a country's direct purchases show."""
    bought = _foreign_by_cell(table, _inputs_by_country(table))
    return _foreign_share_of_final_output(table, bought, _production_by_country(table).sum(axis=0))


@indicator(
    symbol="S3.inputs",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source=f"FPEM of inputs alone, {FPEM}",
    by_cell=lambda table: ratio(
        _foreign_by_cell(table, _production_by_country(table)), _production_by_country(table).sum(axis=0) - 1
    ),
)
def look_through_exposure_of_inputs(table: WorldTable) -> CountryValues:
    """Foreign share of the inputs, direct and indirect, of a country's final output: (L - I) w."""
    production = _production_by_country(table)
    return _foreign_share_of_final_output(table, _foreign_by_cell(table, production), production.sum(axis=0) - 1)


def _sales_by_country(table: WorldTable) -> Array:
    """G C: output of each country (column) that a unit of value added of each cell passes into, shape (n, N)."""
    output = np.zeros((table.n, table.n_countries))
    output[np.arange(table.n), table.country_of] = table.x
    return ratio(table.solve_leontief(output), table.x[:, None])


@indicator(
    symbol="S3.sales",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source=f"FPEX of {FPEM}, on Ghosh's inverse",
    by_product=False,
    by_cell=lambda table: _foreign_share_of_sales(_sales_by_country(table), table.country_of),
)
def exposure_of_sales(table: WorldTable) -> CountryValues:
    """Foreign share of the production that a country's value added passes into, every tier of buyers counted."""
    passed_on = table.by_country(np.nan_to_num(_sales_by_country(table)) * table.v[:, None])
    home = np.diag(passed_on)
    shares = _foreign_share_of_sales(passed_on, np.arange(table.n_countries))
    return CountryValues(table.countries, shares, 1 - quotient(home.sum(), passed_on.sum()))


def _foreign_share_of_sales(passed_on: Array, own: Indices) -> Array:
    """Share of the columns that aren't the row's own country."""
    return 1 - ratio(passed_on[np.arange(len(passed_on)), own], passed_on.sum(axis=1))


@kept
def _visits_from_abroad(table: WorldTable) -> Array:
    """Visits to each cell per chain that starts in another country, by the country of its start: (n, N), own zero.

    Of the chains that leave cell i for final demand a share L_ik y_k / y_i passes k, where y = L f.
    """
    output = table.output_by_destination.sum(axis=1)
    weight = _weights_of_starts(table, output)
    starts = np.zeros((table.n, table.n_countries))
    starts[np.arange(table.n), table.country_of] = np.divide(weight, output, out=np.zeros(table.n), where=output > 0)
    visits = output[:, None] * table.solve_leontief_transposed(starts)
    visits[np.arange(table.n), table.country_of] = 0
    return visits


def _weights_of_starts(table: WorldTable, output: Array) -> Array:
    """How much the chains from each cell count: the extension "critical", or all the same."""
    weight = table.extensions["critical"].values if "critical" in table.extensions else np.ones(table.n)
    return np.where(output > 0, weight, 0)


def _weights_abroad(table: WorldTable) -> Array:
    """Weight of the chains that start outside each country, shape (N,)."""
    weight = _weights_of_starts(table, table.output_by_destination.sum(axis=1))
    return np.asarray(weight.sum() - table.by_country(weight))


@indicator(
    symbol="S4",
    property="secure",
    unit="visits a chain",
    range=(0, np.inf),
    sense=-1,
    source="Pass-through along value chains, after Inomata and Hanaka (OECD)",
    by_cell=lambda table: ratio(_visits_from_abroad(table).sum(axis=1), _weights_abroad(table)[table.country_of]),
    reads=(),
)
def pass_through_of_others(table: WorldTable) -> CountryValues:
    """How often the chains that start in other countries pass each country on their way to final demand.

    Every cell's chains count alike; the extension "critical" (n,) weighs them, say one mineral's alone. Over all
    countries it adds up to the part of upstreamness that lies abroad. Not on the scale of OECD's dataset.
    """
    visits = table.by_country(_visits_from_abroad(table)).sum(axis=1)
    return CountryValues(table.countries, ratio(visits, _weights_abroad(table)))


def pass_through(table: WorldTable, origin: int, destination: int) -> Array:
    """Expected visits to each cell on the chains from cell `origin` to cell `destination`, shape (n,).

    V_k = L_ik L_kj / L_ij: chains weighted by the value that flows along them, both ends counted. Two solves; by
    country it is `table.by_country` of this. Zero everywhere where no chain joins the two.
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
    source="Dietzenbacher and Lahr (2013), Economic Systems Research 25(3)",
    by_product=False,
    by_cell=lambda table: value_added_lost_by_cell(table) / table.v.sum(),
    reads=("value_added",),
)
def weight_in_the_world(table: WorldTable) -> CountryValues:
    """Share of world value added that hangs on each country: what is gone when it is extracted from the table.

    An accounting weight, not a forecast: nothing is replaced.
    """
    return CountryValues(table.countries, value_added_lost_by_country(table) / table.v.sum())


def largest_partners(table: WorldTable, country: str, most: int) -> list[tuple[str, str, float]]:
    """Relation, partner and share, largest first: the origins of a country's final demand ("depends on"), and the
    countries in whose final demand it weighs ("is needed by"), `most` of each.

    Raises KeyError for a country that the table lacks.
    """
    own = int(table.cells([country])[0]) // table.n_industries
    shares = origin_shares(table)
    partners = []
    for relation, values in (("depends on", shares[:, own]), ("is needed by", shares[own])):
        ranked = [place for place in np.argsort(-values, kind="stable") if place != own and np.isfinite(values[place])]
        partners += [(relation, table.countries[place], float(values[place])) for place in ranked[:most]]
    return partners
