"""Accounting shocks: demand that falls (Leontief) and supply that falls (Ghosh), each with one solve."""

from collections.abc import Iterable

import numpy as np

from serai.world.shocks import Horizon, Losses, shock
from serai.world.shocks.values import SHARE, Parameter
from serai.world.table import Array, WorldTable

MILLER_BLAIR = "Miller and Blair (2009), Input-Output Analysis, chapters 2 and 12"


@shock(
    "demand",
    question="Whose output and value added fall when some final demand falls?",
    parameters={
        "share": Parameter("share of the demand that is gone, 0 to 1", SHARE),
        "destinations": "countries whose final demand falls, all when left out",
        "countries": "countries whose products are affected, all when left out",
        "industries": "industries whose products are affected, all when left out",
    },
    horizon=Horizon.ACCOUNTING,
    limits=("Prices, stocks and wages don't react; makers cut inputs in fixed proportion.",),
    sources=(f"Leontief quantity model; {MILLER_BLAIR}",),
)
def demand(
    table: WorldTable,
    share: float,
    destinations: Iterable[str] | None = None,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
) -> Losses:
    """Losses L df when the share `share` of some destinations' final demand for some products is gone."""
    cells = table.cells(countries, industries)
    wanted = [table.countries.index(country) for country in _known(table, destinations)]
    fall = np.zeros(table.n)
    fall[cells] = _fraction(share) * table.on(None).final[np.ix_(cells, wanted)].sum(axis=1)
    output = table.solve_leontief(fall)
    return Losses(table.vc * output, output, lambda: _relative(table, output - table.inputs_for(output) - fall))


@shock(
    "supply",
    question="Whose supply shrinks when some cells have less labour and capital to work with?",
    parameters={
        "share": Parameter("share of the cells' value added that is gone, 0 to 1", SHARE),
        "countries": "countries of the cells, all when left out",
        "industries": "industries of the cells, all when left out",
    },
    horizon=Horizon.ACCOUNTING,
    limits=(
        "Ghosh's model: what is missing is passed on in fixed shares and inputs replace each other perfectly.",
        "Downstream value added is not bound by it: the loss counts the shocked cells' own value added.",
    ),
    sources=(f"Ghosh (1958), Economica 25(97); Dietzenbacher (1997), JRS 37(4); {MILLER_BLAIR}",),
)
def supply(
    table: WorldTable,
    share: float,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
) -> Losses:
    """Losses dv'G when the share `share` of the value added of some cells is gone."""
    lost = np.zeros(table.n)
    cells = table.cells(countries, industries)
    lost[cells] = _fraction(share) * table.v[cells]
    output = solve_ghosh_transposed(table, lost)
    return Losses(lost, output, lambda: _relative(table, output - table.shares_sent(output) - lost))


def solve_ghosh_transposed(table: WorldTable, added: Array) -> Array:
    """G'`added`, the output that primary inputs (n,) push through the chain: x o L'(added / x), without an inverse."""
    running = table.x != 0
    relative = np.divide(added, table.x, out=np.zeros(table.n), where=running)
    return np.where(running, table.x * table.solve_leontief_transposed(relative), added)


def _relative(table: WorldTable, gap: Array) -> float:
    return float(np.abs(gap).max() / np.abs(table.x).max())


def _known(table: WorldTable, countries: Iterable[str] | None) -> list[str]:
    if countries is None:
        return list(table.countries)
    chosen = list(countries)
    table.cells(chosen)
    return chosen


def _fraction(share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError(f"The share that is gone lies between 0 and 1, not at {share}.")
    return share
