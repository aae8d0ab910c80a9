"""Walls and their reverse: tariffs and agreements, trade costs, decoupling and opening, export stops and new sources.

Each kind says what it does to which links; model B (`equilibrium`) answers with the balanced table after it. Losses by
country are exact: value added times the fall of real income. By cell they follow the value added in the new table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from serai.world.shocks import Horizon, Losses, shock
from serai.world.shocks.trade.elasticities import DEFAULT_SET
from serai.world.shocks.trade.equilibrium import Change, Counterfactual, counterfactual
from serai.world.shocks.trade.preparation import REMOVED, Trade, prepared
from serai.world.shocks.trade.words import PRODUCTS_AND_TRADE, TRADE
from serai.world.shocks.values import FACTOR, Parameter, number
from serai.world.table import WorldTable

type Links = NDArray[np.bool_]
"""Which links are meant, by product, buyer's and seller's country, shape (S, N, N); never domestic ones."""

NEAR_PROHIBITIVE = 3.0
"""Cost factor that all but ends a link. A true stop of all exports under balanced trade is autarky (Lerner 1936)."""

SOURCES = (
    "Antràs and Chor (2018), On the Measurement of Upstreamness and Downstreamness in Global Value Chains, section 4",
    "Caliendo and Parro (2015), Review of Economic Studies 82(1)",
    "Boehm, Levchenko and Pandalai-Nayar (2023), American Economic Review 113(4): elasticities of one and ten years",
    "Baqaee and Farhi (2019), Econometrica 87(4): short-run substitution between inputs",
)
LOWER_BOUND = (
    "Losses from a wall are lower bounds: ideas that trade carries, scale and investment are left out, and a sudden "
    "stop costs more than a change that everyone can adapt to."
)
LIMITS = (
    "Compares two states at rest: nothing is said of the way, of shortages or of unemployment.",
    LOWER_BOUND,
    "Sourcing shares of each industry rest on the table's assumption that users import in like proportions.",
    "A link that the table lacks stays absent, unless the scenario opens it.",
)


@shock(
    "tariff",
    question="What does a tariff do to every country's real income and to the whole table?",
    parameters={
        "added": Parameter(
            "ad valorem rate added to what is levied now, 0.1 is ten points; less than 0 lowers tariffs, to 0",
            number(-1, 10),
        ),
        "importers": "countries that levy it, all when left out",
        "exporters": "countries whose products it hits, all when left out",
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def tariff(
    table: WorldTable,
    added: float,
    importers: Iterable[str] | None = None,
    exporters: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Tariffs rise on these links; the revenue is spent by the country that levies them."""
    if not -1 <= added <= 10:
        raise ValueError(f"A tariff of {added:g} is no ad valorem rate; 0.1 is ten points.")
    base, elasticity = prepared(table, elasticities, imbalances)
    on = links(table, industries, importers, exporters)
    tariffs = np.where(on, np.maximum(base.tariffs + added, 0), base.tariffs)
    return losses(table, counterfactual(base, Change(tariffs=tariffs), elasticity))


@shock(
    "agreement",
    question="What does it bring when countries lift the tariffs among themselves?",
    parameters={
        "members": "countries that levy no tariffs on each other's products any more, all when left out",
        "factor": Parameter(
            "trade costs among them, new over old, where the agreement lowers them too; 1 when left out", FACTOR
        ),
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def agreement(
    table: WorldTable,
    members: Iterable[str] | None = None,
    factor: float = 1.0,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Tariffs among the members become zero. Raises ValueError where there are none and no other cost falls."""
    base, elasticity = prepared(table, elasticities, imbalances)
    among = None if members is None else list(members)
    on = links(table, industries, among, among)
    if factor == 1 and not base.tariffs[on].any():
        raise ValueError(
            "The table holds no tariffs among these countries: add its extension 'tariff', or give a factor of costs."
        )
    change = Change(tariffs=np.where(on, 0.0, base.tariffs), costs=_costs(on, factor))
    return losses(table, counterfactual(base, change, elasticity))


@shock(
    "trade_cost",
    question="What does it do when crossing some borders costs more, or less?",
    parameters={
        "factor": Parameter(
            "cost of delivering over the border, new over old: 0.9 is a tenth less, 3 near-prohibitive", FACTOR
        ),
        "countries": "countries with whom trade is affected on either side, all when left out",
        "importers": "countries that buy, all when left out",
        "exporters": "countries that sell, all when left out",
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def trade_cost(
    table: WorldTable,
    factor: float,
    countries: Iterable[str] | None = None,
    importers: Iterable[str] | None = None,
    exporters: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Iceberg costs of these links change by a factor: what melts, or no longer melts, on the way."""
    on = links(table, industries, importers, exporters)
    if countries is not None:
        chosen = list(countries)
        on &= links(table, None, chosen, None) | links(table, None, None, chosen)
    return _at_cost(table, on, factor, elasticities, imbalances)


@shock(
    "decoupling",
    question="What does it cost, and whom, when two blocs all but stop trading with each other?",
    parameters={
        "blocs": "two lists of countries, always the user's choice",
        "factor": Parameter(
            "cost of delivering from bloc to bloc, new over old; 3, near-prohibitive, when left out",
            replace(number(1, 1e3), what="a number from 1 to 1,000, since its reverse is 'opening'"),
        ),
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=(
        *SOURCES,
        "What ideas lost would add: Góes and Bekkers (2022), WTO Staff Working Paper ERSD-2022-09",
    ),
)
def decoupling(
    table: WorldTable,
    blocs: Sequence[Iterable[str]],
    factor: float = NEAR_PROHIBITIVE,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Trade between the two blocs, both ways, costs `factor` times as much. Raises ValueError where that is below 1."""
    if factor < 1:
        raise ValueError(f"Decoupling raises costs by a factor above 1, not {factor:g}; its reverse is 'opening'.")
    return _at_cost(table, _between(table, blocs, industries), factor, elasticities, imbalances)


@shock(
    "opening",
    question="What does it bring, and whom, when trade between two blocs becomes cheaper?",
    parameters={
        "blocs": "two lists of countries, always the user's choice",
        "factor": Parameter(
            "cost of delivering from bloc to bloc, new over old; 0.9, a tenth less, when left out",
            replace(number(1e-3, 1), what="a number from 0.001 to 1, since its reverse is 'decoupling'"),
        ),
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def opening(
    table: WorldTable,
    blocs: Sequence[Iterable[str]],
    factor: float = 0.9,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Trade between the two blocs, both ways, costs `factor` of now. Raises ValueError where that is above 1."""
    if factor > 1:
        raise ValueError(f"An opening lowers costs by a factor below 1, not {factor:g}; its reverse is 'decoupling'.")
    return _at_cost(table, _between(table, blocs, industries), factor, elasticities, imbalances)


@shock(
    "export_stop",
    question="What does it do when countries stop selling some products abroad, once buyers have adapted?",
    parameters={
        "exporters": "countries that stop selling",
        "importers": "countries that they stop selling to, all others when left out",
        "factor": Parameter("cost of delivering, new over old; 3, near-prohibitive, when left out", number(1, 1e3)),
        **PRODUCTS_AND_TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def export_stop(
    table: WorldTable,
    exporters: Iterable[str],
    importers: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    factor: float = NEAR_PROHIBITIVE,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Selling abroad costs these countries `factor` times as much. Raises ValueError unless it is 1 or more."""
    if factor < 1:
        raise ValueError(f"An export stop raises costs by a factor above 1, not {factor:g}.")
    return _at_cost(table, links(table, industries, importers, exporters), factor, elasticities, imbalances)


@shock(
    "new_source",
    question="What is it worth when countries become a source of a product where they sold none, or little?",
    parameters={
        "exporters": "countries that begin to sell",
        "industries": "industries whose products they sell",
        "share": Parameter(
            "part of the buyers' spending on the product that each would reach at the costs of now, below 1",
            number(0, 1, above=True, below=True),
        ),
        "importers": "countries that buy, all others when left out",
        **TRADE,
    },
    horizon=Horizon.DECADE,
    limits=(
        *LIMITS,
        "The share after entry is an assumption: nothing in a table tells what an absent link would cost.",
    ),
    sources=(*SOURCES, "Gain from a new variety: Feenstra (1994), American Economic Review 84(1)"),
)
def new_source(
    table: WorldTable,
    exporters: Iterable[str],
    industries: Iterable[str],
    share: float,
    importers: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """Every buyer of the product in these countries gets another source. Raises ValueError where it can't be made."""
    sellers, products = list(exporters), list(industries)
    if not 0 < share < 1:
        raise ValueError(f"The share of a new source lies between 0 and 1, not at {share:g}.")
    for cell in table.cells(sellers, products):
        if table.x[cell] == 0:
            raise ValueError(
                f"{' '.join(table.labels[cell])} makes nothing, so nothing is known of what it would cost."
            )
    base, elasticity = prepared(table, elasticities, imbalances)
    on = links(table, products, importers, sellers)
    if share * on.sum(axis=2).max() >= 1:
        raise ValueError(f"{on.sum(axis=2).max()} new sources of a product cannot all reach a share of {share:g}.")
    entry = np.where(on[..., None], share, 0.0) * (base.spending > 0)[:, :, None, :]
    return losses(table, counterfactual(base, Change(entry=entry), elasticity))


def links(
    table: WorldTable,
    industries: Iterable[str] | None = None,
    importers: Iterable[str] | None = None,
    exporters: Iterable[str] | None = None,
) -> Links:
    """The links over a border of these products between these countries; None stands for all. Raises KeyError."""
    size, S = (table.n_countries, table.n_industries), table.n_industries
    on = np.zeros((S, *size[:1], *size[:1]), dtype=bool)
    products = table.cells(table.countries[:1], industries)
    buyers, sellers = (table.cells(chosen, table.industries[:1]) // S for chosen in (importers, exporters))
    on[np.ix_(products, buyers, sellers)] = True
    return on & ~np.eye(table.n_countries, dtype=bool)


def losses(table: WorldTable, counterfactual: Counterfactual) -> Losses:
    """The losses of a counterfactual on `table`, the table before it was repaired and balanced."""
    old, new = counterfactual.base.table, counterfactual.table
    real_income = (
        (counterfactual.income - counterfactual.deficit)
        / (counterfactual.base.income - counterfactual.base.deficit)
        / counterfactual.cost_of_living
    )
    part_before = old.v / old.gdp[old.country_of]
    part_after = new.v / new.gdp[new.country_of]
    lost = table.gdp[table.country_of] * (part_before - part_after * real_income[table.country_of])
    return Losses(
        lost,
        table.x * (1 - counterfactual.real_output.ravel()),
        lambda: counterfactual.residual,
        counterfactual.status,
        answer=counterfactual,
        horizon=counterfactual.elasticities.horizon,
    )


def _at_cost(table: WorldTable, on: Links, factor: float, elasticities: Trade, imbalances: str) -> Losses:
    base, elasticity = prepared(table, elasticities, imbalances)
    return losses(table, counterfactual(base, Change(costs=_costs(on, factor)), elasticity))


def _costs(on: Links, factor: float) -> NDArray[np.float64]:
    if not 0 < factor < np.inf:
        raise ValueError(f"A cost factor is a number above 0, such as 0.9 or 3, not {factor:g}.")
    return np.where(on, factor, 1.0)


def _between(table: WorldTable, blocs: Sequence[Iterable[str]], industries: Iterable[str] | None) -> Links:
    if len(blocs) != 2:
        raise ValueError(f"Two blocs of countries are needed, not {len(blocs)}.")
    first, other = (list(bloc) for bloc in blocs)
    both = sorted({*first} & {*other})
    if both or not first or not other:
        raise ValueError(f"{both[0]} stands in both blocs." if both else "A bloc without a country is none.")
    chosen = None if industries is None else list(industries)
    return links(table, chosen, first, other) | links(table, chosen, other, first)
