"""Strategic dependence: the European Commission's three tests, and what export data alone say of risky products.

European Commission (2021), SWD(2021) 352, on products of the Harmonized System: a product is a strategic dependence
where its sources outside are few (Herfindahl index above 0.4), imports from outside are more than half of what is
bought, and they exceed what is exported. Here on a table's industries, country by country, with absorption for all
imports. The tests by HS heading need imports by origin: with such data `three_tests` answers for it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator, kept
from serai.world.table import Array, NotMeasured, WorldTable

CONCENTRATED = 0.4
"""Herfindahl index above which sources are few."""

MOST_FROM_OUTSIDE = 0.5
MOST_OVER_EXPORTS = 1.0


@dataclass(frozen=True, eq=False)
class ThreeTests:
    """The three indicators of each product (or product and buyer); NaN where nothing is bought or exported."""

    concentration: Array
    """Herfindahl index of the sources outside (CDI1)."""

    from_outside: Array
    """Imports from outside over all that is bought (CDI2)."""

    over_exports: Array
    """Imports from outside over exports (CDI3); infinite where nothing is exported."""

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Whether a product exceeds all three thresholds."""
        return (
            (self.concentration > CONCENTRATED)
            & (self.from_outside > MOST_FROM_OUTSIDE)
            & (self.over_exports > MOST_OVER_EXPORTS)
        )


def three_tests(from_outside: Array, bought: Array, exports: Array) -> ThreeTests:
    """The tests of imports from each origin outside (origins, ...), of all that is bought (...) and exports (...)."""
    imports = from_outside.sum(axis=0)
    over = np.divide(imports, exports, out=np.where(imports > 0, np.inf, np.nan), where=exports > 0)
    return ThreeTests((ratio(from_outside, imports) ** 2).sum(axis=0), ratio(imports, bought), over)


@kept
def _purchases(table: WorldTable) -> Array:
    """What each country buys of each product from each origin, for use and as input: (origin, product, buyer)."""
    shape = table.n_countries, table.n_industries, table.n_countries
    bought = table.Z.reshape(table.n, table.n_countries, -1).sum(axis=2, dtype=np.float64)
    return np.asarray((bought + table.on(None).final).reshape(shape))


def dependences(table: WorldTable) -> ThreeTests:
    """The three tests of each product (row) and buying country (column), shape (S, N)."""
    bought = _purchases(table)
    home = np.einsum("isi->si", bought)
    outside = bought * (1 - np.eye(table.n_countries))[:, None, :]
    exports = (bought.sum(axis=2).T - home).reshape(table.n_industries, table.n_countries)
    return three_tests(outside, bought.sum(axis=0), exports)


@indicator(
    symbol="S5",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="European Commission (2021), SWD(2021) 352, on industries",
    by_product=False,
    by_cell=lambda table: dependences(table).flagged.T.ravel().astype(float),
)
def strategic_dependence(table: WorldTable) -> CountryValues:
    """Share of a country's imports that are strategic dependences: few sources, little made at home, no exports.

    By cell: whether the country so depends for the products of the industry. As coarse as the table's industries.
    """
    bought = _purchases(table)
    imports = bought.sum(axis=0) - np.einsum("isi->si", bought)
    depends = (imports * dependences(table).flagged).sum(axis=0)
    total = imports.sum(axis=0)
    return CountryValues(table.countries, ratio(depends, total), quotient(depends.sum(), total.sum()))


@indicator(
    symbol="S5.products",
    property="secure",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="GeoDep (CEPII): Herfindahl index of world exports above 0.4, by HS heading",
    by_product=False,
    costly=True,
)
def concentrated_products(table: WorldTable) -> CountryValues:  # noqa: ARG001  asks trade data, not the table
    """Share of world trade in products whose exporters are few; from exports by HS heading, for the world alone.

    Who depends on them needs imports by origin, and so do clustering and centrality, the other parts of product
    riskiness (Reiter and Stehrer 2022).
    """
    from serai.world.readers import TableNotHere  # these two load Polars, which no other indicator needs
    from serai.world.trade import read_exports

    try:
        exports = read_exports()
    except TableNotHere as reason:
        raise NotMeasured(str(reason)) from None
    traded = exports.values.sum(axis=0)
    concentrated = traded[exports.concentration > CONCENTRATED].sum()
    return CountryValues((), np.zeros(0), quotient(concentrated, traded.sum()))
