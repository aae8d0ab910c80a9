"""Digital and innovative: what information industries and research add to what countries use, what exports reveal."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import quotient, ratio
from serai.world.complexity import complexity
from serai.world.industries import members
from serai.world.measures import CountryValues, indicator
from serai.world.readers import data_folders
from serai.world.readers.country_series import country_codes
from serai.world.table import Array, NotMeasured, WorldTable
from serai.world.trade import Exports, exports_at_hand

LEAST_PRODUCTS = 100
"""Industries from which a table can tell complexity; on twenty sections China stands below Australia."""


def _value_added_share(table: WorldTable, chosen: NDArray[np.bool_]) -> CountryValues:
    added = (table.vc * chosen) @ table.output_by_destination
    spent = table.final.sum(axis=0)
    return CountryValues(table.countries, ratio(added, spent), quotient(added.sum(), spent.sum()))


@indicator(
    symbol="D1",
    property="digital",
    unit="1",
    range=(0, 1),
    sense=1,
    source="Value added of information industries (OECD TiVA)",
    by_cell=lambda table: table.solve_leontief_transposed(table.vc * members(table, "ict")),
)
def ict_content(table: WorldTable) -> CountryValues:
    """Value added by information and communication industries anywhere in a unit of each country's final demand."""
    return _value_added_share(table, members(table, "ict"))


@indicator(
    symbol="D2",
    property="digital",
    unit="1",
    range=(0, 1),
    sense=1,
    source="Calvino, Criscuolo, Marcolin and Squicciarini (2018), OECD STI WP 2018/14",
    by_cell=lambda table: table.solve_leontief_transposed(table.vc * members(table, "digital")),
)
def digital_intensive_content(table: WorldTable) -> CountryValues:
    """Value added by digital-intensive industries anywhere in a unit of each country's final demand."""
    return _value_added_share(table, members(table, "digital"))


@indicator(
    symbol="D3",
    property="digital",
    unit="1",
    range=(0, np.inf),
    sense=1,
    source="Papaconstantinou, Sakurai and Wyckoff (1996), OECD STI WP 1996/01",
    needs=("research",),
    by_cell=lambda table: table.solve_leontief_transposed(_research_intensity(table)),
)
def embodied_research(table: WorldTable) -> CountryValues:
    """Research spending anywhere along the chain in a unit of each country's final demand."""
    embodied, spent = _research_intensity(table) @ table.output_by_destination, table.final.sum(axis=0)
    return CountryValues(table.countries, ratio(embodied, spent), quotient(embodied.sum(), spent.sum()))


def _research_intensity(table: WorldTable) -> Array:
    """Research spending per unit of output of each cell, shape (n,)."""
    return np.divide(table.extensions["research"].values, table.x, out=np.zeros(table.n), where=table.x != 0)


@indicator(
    symbol="D4",
    property="digital",
    unit="standard deviations",
    range=(-np.inf, np.inf),
    sense=1,
    source="Hidalgo and Hausmann (2009), PNAS 106(26)",
    reads=(),
)
def economic_complexity(table: WorldTable) -> CountryValues:
    """How many rare things a country's exports show that it can do, standardised over the table's countries.

    Of value-added exports where the table tells at least LEAST_PRODUCTS industries apart, else of exports by HS heading
    where these are mounted; a coarser table says nothing of it.
    """
    if table.n_industries >= LEAST_PRODUCTS:
        output = table.output_by_destination
        exported = table.vc * (output.sum(axis=1) - output[np.arange(table.n), table.country_of])
        return CountryValues(table.countries, complexity(exported.reshape(table.n_countries, -1)))
    if table.focus is not None:
        raise NotMeasured("It needs products: a chain is a part of them.")
    exports = _exports_at_hand(tuple(data_folders()))
    if exports is None:
        raise NotMeasured(
            f"It needs products: {table.n_industries} industries are too coarse, and no exports by product are mounted."
        )
    index = dict(zip(exports.countries, exports.complexity[0], strict=True))
    values = np.array([index.get(code, np.nan) for code in country_codes(table)])
    return CountryValues(table.countries, values, caution=f"Complexity is of exports by heading of {exports.year}.")


@cache
def _exports_at_hand(folders: tuple[Path, ...]) -> Exports | None:  # noqa: ARG001  kept by the folders of data
    return exports_at_hand()
