"""What publications print beside the indicators, each as labelled numbers of one table."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from serai.world.arrays import ratio
from serai.world.industries import bounded_elasticities, members
from serai.world.measures import CountryValues
from serai.world.measures.decomposition import wang_wei_zhu
from serai.world.measures.efficient import (
    gains_from_trade_many_sectors,
    gains_from_trade_monopolistic_competition,
    gains_from_trade_one_sector,
    gains_from_trade_with_intermediates,
)
from serai.world.measures.green import accounts
from serai.world.measures.gvc import export_content
from serai.world.measures.position import downstreamness, upstreamness
from serai.world.measures.secure import exposure, input_exposure, pass_through, propagation_length
from serai.world.measures.smooth import border_crossings, trade_costs
from serai.world.measures.stable import buffer
from serai.world.published import quantity
from serai.world.table import Array, WorldTable
from serai.world.trade import Exports

OUTSIDE_THE_TABLE = ("BGR", "CYP", "EST", "LTU", "LUX", "LVA", "MLT")
"""Countries that Costinot and Rodríguez-Clare count to the rest of the world."""

BUFFERED = (("DEU", "c1"), ("KOR", "c14"), ("USA", "c2"), ("IND", "c1"))
"""Cells whose shocks at home are buffered by trade in docs/method/indicators.md, R4."""

GAINS: Mapping[str, Callable[[WorldTable], CountryValues]] = {
    "one sector": gains_from_trade_one_sector,
    "many sectors": gains_from_trade_many_sectors,
    "monopolistic competition": gains_from_trade_monopolistic_competition,
    "intermediates": gains_from_trade_with_intermediates,
}


def _cells(table: WorldTable, values: Array) -> dict[str, float]:
    return {" ".join(label): value for label, value in zip(table.labels, values, strict=True)}


def _countries(table: WorldTable, values: Array) -> dict[str, float]:
    return dict(zip(table.countries, values, strict=True))


def _pairs(rows: Iterable[str], columns: Iterable[str], joined: str, values: Array) -> dict[str, float]:
    columns = tuple(columns)
    return {f"{row}{joined}{column}": values[i, j] for i, row in enumerate(rows) for j, column in enumerate(columns)}


@quantity("upstreamness")
def upstreamness_of_cells(table: WorldTable) -> Mapping[str, float]:
    """Steps from each cell to final use."""
    return _cells(table, upstreamness(table))


@quantity("downstreamness")
def downstreamness_of_cells(table: WorldTable) -> Mapping[str, float]:
    """Steps from primary factors to each cell."""
    return _cells(table, downstreamness(table))


def _one_industry(table: WorldTable) -> WorldTable:
    return table.aggregate(industries=dict.fromkeys(table.industries, "all"))


@quantity("upstreamness of countries")
def upstreamness_of_countries(table: WorldTable) -> Mapping[str, float]:
    """Steps from each country to final use, on the table of countries by countries."""
    return _countries(table, upstreamness(_one_industry(table)))


@quantity("downstreamness of countries")
def downstreamness_of_countries(table: WorldTable) -> Mapping[str, float]:
    """Steps from primary factors to each country, on the table of countries by countries."""
    return _countries(table, downstreamness(_one_industry(table)))


@quantity("gains from trade, per cent")
def gains_from_trade(table: WorldTable) -> Mapping[str, float]:
    """Gains from trade in the four columns of the table, with small countries counted to the rest of the world."""
    merged = table.aggregate(dict.fromkeys(OUTSIDE_THE_TABLE, "RoW"))
    gains = {form: function(merged).values for form, function in GAINS.items()}
    return {
        f"{country}, {form}": 100 * values[position]
        for form, values in gains.items()
        for position, country in enumerate(merged.countries)
    }


@quantity("value added in exports")
def value_added_in_exports(table: WorldTable) -> Mapping[str, float]:
    """Value added of a cell in the gross exports of another: diag(v) L diag(e)."""
    labels = [" ".join(label) for label in table.labels]
    return _pairs(labels, labels, " in ", table.vc[:, None] * table.L * table.exports)


@quantity("Wang-Wei-Zhu term")
def terms_of_wang_wei_and_zhu(table: WorldTable) -> Mapping[str, float]:
    """The sixteen terms of the exports of each cell to each country."""
    labels = [" ".join(label) for label in table.labels]
    terms: dict[str, float] = {}
    for name, term in wang_wei_zhu(table).terms.items():
        terms |= _pairs(labels, (f"{country} {name}" for country in table.countries), " to ", term)
    return terms


@quantity("origins of final demand")
def origins_of_final_demand(table: WorldTable) -> Mapping[str, float]:
    """Value added of a country in another's final demand."""
    return _pairs(table.countries, table.countries, " in ", table.origins)


@quantity("border crossings")
def border_crossings_of_cells(table: WorldTable) -> Mapping[str, float]:
    """Borders crossed by the inputs of a unit of each cell's final output."""
    return _cells(table, border_crossings(table))


@quantity("domestic value added in exports")
def domestic_value_added(table: WorldTable) -> Mapping[str, float]:
    """Domestic value added in each country's exports, in money."""
    return _countries(table, table.by_country(export_content(table).domestic))


@quantity("exports absorbed by the importer")
def absorbed_by_the_importer(table: WorldTable) -> Mapping[str, float]:
    """Domestic value added in exports that the direct importer absorbs, in money."""
    return _countries(table, table.by_country(export_content(table).absorbed_directly))


@quantity("domestic value added counted twice")
def counted_twice(table: WorldTable) -> Mapping[str, float]:
    """v_s B_ss E_s less domestic value added: what leaves and comes home more than once."""
    content = table.cell_origins[table.country_of, np.arange(table.n)] * table.exports
    return _countries(table, table.by_country(content - export_content(table).domestic))


@quantity("visits on the way")
def visits_on_the_way(table: WorldTable) -> Mapping[str, float]:
    """Expected visits to each cell between the two cells of the worked example."""
    start, end = table.cell("TUR", "agriculture"), table.cell("ARG", "textile-leather")
    visits = _cells(table, pass_through(table, start, end))
    return {f"TUR agriculture to ARG textile-leather: {cell}": count for cell, count in visits.items()}


@quantity("propagation length")
def length_of_the_way(table: WorldTable) -> Mapping[str, float]:
    """Average steps between the two cells of the worked example."""
    start, end = table.cell("TUR", "agriculture"), table.cell("ARG", "textile-leather")
    return {"TUR agriculture to ARG textile-leather": propagation_length(table, start, end)}


@quantity("trade cost")
def trade_cost_of_pairs(table: WorldTable) -> Mapping[str, float]:
    """Implied trade cost of each pair of countries."""
    return _pairs(table.countries, table.countries, " ", trade_costs(table))


@quantity("American manufacturing from")
def origins_of_american_manufacturing(table: WorldTable) -> Mapping[str, float]:
    """Where the output of American manufactures (c3 to c16) and its inputs are made."""
    basket = np.zeros((table.n, 1))
    cells = table.cells(["USA"], [f"c{number}" for number in range(3, 17)])
    basket[cells, 0] = table.x[cells]
    every, inputs = exposure(table, basket), input_exposure(table, basket)
    columns = {
        "look-through": every.look_through,
        "inputs, look-through": inputs.look_through,
        "inputs, face value": inputs.face_value,
    }
    return _pairs(table.countries, columns, ", ", np.column_stack(list(columns.values())))


@quantity("loss at home that trade takes away")
def buffered_by_trade(table: WorldTable) -> Mapping[str, float]:
    """What trade takes away of the loss from a shock at home, for a few cells that make three tenths less."""
    elasticity = bounded_elasticities(table)
    return {f"{country} {industry}": buffer(table, country, [industry], elasticity) for country, industry in BUFFERED}


@quantity("share of world manufacturing, per cent")
def share_of_world_manufacturing(table: WorldTable) -> Mapping[str, float]:
    """Share of each country in the world's manufactures, by gross output and by value added."""
    chosen = members(table, "manufacturing")
    output, added = table.by_country(table.x * chosen), table.by_country(table.v * chosen)
    shares = np.column_stack([100 * output / output.sum(), 100 * added / added.sum()])
    return _pairs(table.countries, ("gross output", "value added"), ", ", shares)


@quantity("economic complexity")
def economic_complexity_of_exporters(exports: Exports) -> Mapping[str, float]:
    """The economic complexity index of each exporting country."""
    countries, _ = exports.complexity
    return dict(zip(exports.countries, countries, strict=True))


@quantity("consumption over territorial emissions")
def consumption_over_territory(table: WorldTable) -> Mapping[str, float]:
    """What is emitted for a country's final demand anywhere over what is emitted on its territory."""
    carbon = accounts(table)
    return _countries(table, ratio(carbon.consumption, carbon.production))
