"""Stable: how far small shocks to many makers add up, and how far a large one spreads."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.industries import bounded_elasticities, cells_making
from serai.world.measures import CountryValues, indicator, kept
from serai.world.shocks import Scenario, Status, run
from serai.world.shocks.inputs import inputs_of
from serai.world.shocks.shortage import IRREPLACEABLE, essential_industries, shortage_solution
from serai.world.shocks.trade.closed_forms import closed_economies
from serai.world.shocks.trade.economy import mere_destinations
from serai.world.table import Array, Extension, NotMeasured, WorldTable

if TYPE_CHECKING:
    from serai.world.firm_network import FirmNetwork

BAD_HARVEST = 0.7
"""What a country's farms make of the same inputs in the shock of R4, relative to now."""

FARMING = ("01",)

OUTAGE = 0.3
"""Part of its capacity that a country loses in the disruptions of R2, one country at a time, all as likely."""

IRREPLACEABLE_FROM, IRREPLACEABLE_TO = 0.3, 0.5
"""Bounds of R2: what of a missing input nothing replaces within weeks; IRREPLACEABLE in between."""


def domar_weights(table: WorldTable) -> Array:
    """Output of each cell needed for a unit of each country's final demand: L F_J / 1'F_J, shape (n, N)."""
    return ratio(table.output_by_destination, table.final.sum(axis=0))


@indicator(
    symbol="R1",
    property="stable",
    unit="1",
    range=(0, np.inf),
    sense=-1,
    source="Hulten (1978); Acemoglu et al. (2012), Econometrica 80(5)",
    by_cell=lambda table: table.x / table.final.sum(),
)
def network_volatility(table: WorldTable) -> CountryValues:
    """Norm of the Domar weights: standard deviation of aggregate growth per unit of each industry's own.

    First order, independent shocks, efficient economy. The world's is |x| / GDP.
    """
    world = table.output_by_destination.sum(axis=1)
    norm = np.linalg.norm(domar_weights(table), axis=0)
    return CountryValues(table.countries, norm, quotient(float(np.linalg.norm(world)), table.final.sum()))


_disruption = partial(
    indicator,
    property="stable",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Damped generalised Leontief model after Diem et al. (2022), Scientific Reports 12",
    by_product=False,
    costly=True,
)


@_disruption(symbol="R2")
def expected_loss_from_abroad(table: WorldTable) -> CountryValues:
    """Part of value added lost in the first weeks when a foreign country loses three tenths of its capacity, expected.

    One country at a time, all as likely. Walls lower it by isolation: to be read beside R4 and efficiency.
    """
    return _disrupted(table, lambda outages: np.nanmean(outages.abroad, axis=1))


@_disruption(symbol="R2.worst")
def worst_loss_from_abroad(table: WorldTable) -> CountryValues:
    """Part of value added lost in the first weeks when the worst foreign country loses three tenths of its capacity."""
    return _disrupted(table, lambda outages: np.nanmax(outages.abroad, axis=1))


@_disruption(symbol="R2.own")
def loss_from_own_outage(table: WorldTable) -> CountryValues:
    """Part of value added lost in the first weeks when own makers of essential goods lose three tenths of capacity.

    Not all makers: of all it would be three tenths everywhere, since nobody is held back more than by the outage.
    """
    return _disrupted(table, lambda outages: outages.own)


@dataclass(frozen=True, eq=False)
class Outages:
    """Part of value added lost: `abroad` (N, N) by country (row) in each other's outage, `own` (N,) in the own one."""

    abroad: Array
    own: Array


def _disrupted(table: WorldTable, measure: Callable[[Outages], Array]) -> CountryValues:
    """A measure of the losses with its bounds; for the world, the mean by value added."""
    if table.n_countries == 1:
        raise NotMeasured("The table has one country only.")
    low, middle, high = (measure(outages) for outages in outages_of(table))
    return CountryValues(table.countries, middle, quotient(float(table.gdp @ middle), table.gdp.sum()), low, high)


@kept
def outages_of(table: WorldTable) -> tuple[Outages, ...]:
    """Losses in every country's outage, for the three irreplaceable shares of R2, which three indicators read.

    Raises NotMeasured for negative flows.
    """
    try:
        inputs = inputs_of(table)
    except ValueError as reason:
        raise NotMeasured(str(reason)) from None
    essential = np.isin(table.industries, essential_industries(table))
    lost = OUTAGE * (table.country_of[:, None] == np.arange(table.n_countries))
    scenarios = np.concatenate([lost, lost * essential[table.industry_of, None]], axis=1)
    return tuple(
        _outages(table, shortage_solution(inputs, scenarios, irreplaceable=share, essential=essential[:, None]).h)
        for share in (IRREPLACEABLE_FROM, IRREPLACEABLE, IRREPLACEABLE_TO)
    )


def _outages(table: WorldTable, levels: Array) -> Outages:
    loss = ratio(table.by_country(table.v[:, None] * (1 - levels)), table.gdp[:, None])
    home = np.eye(table.n_countries, dtype=bool)
    whole, essential = np.hsplit(loss, 2)
    return Outages(np.where(home, np.nan, whole), np.diagonal(essential))


@indicator(
    symbol="R3",
    property="stable",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Diem, Borsos, Reisch, Kertész and Thurner (2022), Scientific Reports 12, 7719 (ESRI)",
    needs=("systemic_risk",),
    by_product=False,
)
def largest_systemic_risk(table: WorldTable) -> CountryValues:
    """Share of all firms' sales that is lost when the most critical firm of a country fails alone.

    A table has no firms: `with_systemic_risk` brings in what a network of firms says.
    """
    largest = table.extensions["systemic_risk"].values
    return CountryValues(table.countries, largest, float(np.nanmax(largest)))


def with_systemic_risk(table: WorldTable, network: "FirmNetwork", **parameters: Any) -> WorldTable:
    """The table with the extension "systemic_risk": the largest index of each country's firms, NaN without any.

    `parameters` are those of `systemic_risk`. Raises KeyError where the network has firms in a country that the table
    lacks.
    """
    # Numba takes a second to load, and no other indicator needs it.
    from serai.world.shocks.cascade.systemic_risk import systemic_risk

    unknown = [network.countries[code] for code in np.unique(network.country)]
    unknown = [country for country in unknown if country not in table.countries]
    if unknown:
        raise KeyError(f"The table has no country '{unknown[0]}', in which the network has firms.")
    risk = systemic_risk(network, **parameters)
    largest = np.full(table.n_countries, np.nan)
    place = np.array([table.countries.index(network.countries[code]) for code in network.country[risk.firms]])
    np.fmax.at(largest, place, risk.combined)
    item = Extension(largest, "1", network.source, additive=False)
    return replace(table, extensions={**table.extensions, "systemic_risk": item})


@indicator(
    symbol="R4",
    property="stable",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source="Caselli, Koren, Lisicky and Tenreyro (2020), QJE 135(1), by exact hat algebra",
    by_product=False,
    costly=True,
)
def trade_as_buffer(table: WorldTable) -> CountryValues:
    """Part of the loss from a harvest three tenths short at home that trade takes away, against the same in autarky.

    To be read beside R2: walls lower what spills over from others, and this too.
    """
    elasticity = bounded_elasticities(table)
    farming = {table.industries[cell % table.n_industries] for cell in cells_making(table, FARMING)}
    kept = [buffer(table, country, farming, elasticity, BAD_HARVEST) for country in table.countries]
    return CountryValues(table.countries, np.array(kept))


def buffer(
    table: WorldTable, country: str, industries: Collection[str], elasticity: Array, factor: float = BAD_HARVEST
) -> float:
    """1 - ln W(open) / ln W(autarky) when these industries of a country make `factor` of what they made.

    1 where trade takes the whole loss away, 0 where it takes none, below 0 where it adds to it. Raises NotMeasured
    where the equilibrium is not found.
    """
    if why := mere_destinations(table):
        raise NotMeasured(why)
    parameters = {"factor": factor, "countries": [country], "industries": sorted(industries)}
    result = run(table, Scenario("productivity", parameters | {"elasticities": elasticity.tolist()}))
    if result.status is not Status.SOLVED:
        raise NotMeasured("The equilibrium was not found.")
    position = table.countries.index(country)
    cells = table.cells(table.countries[:1], industries)
    alone = closed_economies(result.answer.base.table, elasticity).domar[position, cells].sum() * np.log(factor)
    return quotient(alone - float(np.log(result.answer.welfare[position])), alone)
