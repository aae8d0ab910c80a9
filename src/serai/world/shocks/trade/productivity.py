"""A change of productivity, such as a bad harvest, a strike or a new technique, after trade has adapted."""

from collections.abc import Iterable

import numpy as np

from serai.world.shocks import Horizon, Losses, shock
from serai.world.shocks.trade.elasticities import DEFAULT_SET
from serai.world.shocks.trade.equilibrium import Change, counterfactual
from serai.world.shocks.trade.preparation import REMOVED, Trade, prepared
from serai.world.shocks.trade.walls import LIMITS, SOURCES, losses
from serai.world.shocks.trade.words import TRADE
from serai.world.shocks.values import FACTOR, Parameter
from serai.world.table import WorldTable


@shock(
    "productivity",
    question="What does it do to every country when some cells make more, or less, of the same inputs?",
    parameters={
        "factor": Parameter("output from the same inputs, new over old: 0.7 is a harvest three tenths short", FACTOR),
        "countries": "countries of the cells, all when left out",
        "industries": "industries of the cells, all when left out",
        **TRADE,
    },
    horizon=Horizon.DECADE,
    limits=LIMITS,
    sources=SOURCES,
)
def productivity(
    table: WorldTable,
    factor: float,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    elasticities: Trade = DEFAULT_SET,
    imbalances: str = REMOVED,
) -> Losses:
    """The productivity of these cells changes by a factor."""
    if not 0 < factor < np.inf:
        raise ValueError(f"A factor of productivity is a number above 0, such as 0.7, not {factor:g}.")
    cells = table.cells(countries, industries)
    base, elasticity = prepared(table, elasticities, imbalances)
    change = np.ones(table.n)
    change[cells] = factor
    return losses(table, counterfactual(base, Change(productivity=change.reshape(base.output.shape)), elasticity))
