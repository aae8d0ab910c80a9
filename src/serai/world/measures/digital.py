"""Digital and innovative: what information industries and research add to what countries use, what exports reveal."""

import numpy as np
from numpy.typing import NDArray

from serai.world.measures import CountryValues, NotMeasured, indicator, quotient, ratio
from serai.world.measures.industries import members
from serai.world.table import Array, WorldTable


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
    source="Value added of information industries (OECD TiVA); measures.md D1",
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
    source="Calvino, Criscuolo, Marcolin and Squicciarini (2018), OECD STI WP 2018/14; measures.md D2",
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
    source="Papaconstantinou, Sakurai and Wyckoff (1996), OECD STI WP 1996/01; measures.md D3",
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
    source="Hidalgo and Hausmann (2009), PNAS 106(26), on value-added exports; measures.md D4",
)
def economic_complexity(table: WorldTable) -> CountryValues:
    """How many rare things a country's value-added exports show that it can do, standardised over countries.

    Coarse: a table has some dozen industries where trade data have thousands of products.
    """
    output = table.output_by_destination
    exported = table.vc * (output.sum(axis=1) - output[np.arange(table.n), table.country_of])
    return CountryValues(table.countries, complexity(exported.reshape(table.n_countries, -1)))


def complexity(exports: Array) -> Array:
    """Economic complexity index of exports (countries x products), shape (countries,); see `complexities`."""
    shares = ratio(exports, exports.sum(axis=1)[:, None])
    return complexities(np.nan_to_num(ratio(shares, exports.sum(axis=0) / exports.sum())) >= 1)[0]


def complexities(advantage: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Complexity of countries and of products from M = [RCA >= 1] (countries x products): each mean 0, deviation 1.

    Countries: the eigenvector of the second largest eigenvalue of M~_cc' = sum_p M_cp M_c'p / (k_c k_p), with the sign
    that goes with the number of products. Products: the mean over the countries that have the advantage, which is the
    same eigenvector of the products' matrix. NaN for a country or a product without an advantage. Raises NotMeasured
    where all countries have the same.
    """
    diversity, ubiquity = advantage.sum(axis=1), advantage.sum(axis=0)
    able, made = diversity > 0, ubiquity > 0
    M = advantage[able][:, made].astype(float)
    scaled = M / np.sqrt(M.sum(axis=1))[:, None] / np.sqrt(M.sum(axis=0))
    eigenvalues, vectors = np.linalg.eigh(scaled @ scaled.T)
    if len(eigenvalues) < 3 or eigenvalues[-2] < 1e-12:
        raise NotMeasured("The countries' exports are too alike or too few to tell their complexity apart.")
    index = vectors[:, -2] / np.sqrt(M.sum(axis=1))
    sign = np.sign(np.corrcoef(index, diversity[able])[0, 1]) if diversity[able].std() > 0 else 1.0
    countries, products = np.full(len(able), np.nan), np.full(len(made), np.nan)
    countries[able] = _standardised(index) * (sign or 1.0)
    products[made] = _standardised(countries[able] @ M / ubiquity[made])
    return countries, products


def _standardised(values: Array) -> Array:
    return np.asarray((values - values.mean()) / values.std())
