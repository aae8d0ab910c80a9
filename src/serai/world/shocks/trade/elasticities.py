"""How easily buyers change: sets of elasticities by horizon, from data/elasticities.csv.

The trade elasticity says how a product's sourcing follows relative cost (theta); the elasticity of substitution how a
buyer's mix of products does, for inputs and for final demand; 1 is Cobb-Douglas.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from serai.world.industries import bounded_elasticities
from serai.world.shocks import Horizon
from serai.world.table import Array, NotMeasured, WorldTable

MOST_SUBSTITUTION = 15.0

DEFAULT_SET = "caliendo-parro"


@dataclass(frozen=True, eq=False)
class Elasticities:
    """theta by product (S,), the substitution between inputs and between final goods, and what horizon they are for."""

    trade: Array
    inputs: float = 1.0
    final: float = 1.0
    horizon: Horizon = Horizon.DECADE


@dataclass(frozen=True)
class ElasticitySet:
    """A named set; `trade` is None where it is by industry."""

    name: str
    horizon: Horizon
    trade: float | None
    inputs: float
    final: float
    source: str


@cache
def elasticity_sets() -> Mapping[str, ElasticitySet]:
    """The named sets of the package."""
    text = (files("serai.world") / "data" / "elasticities.csv").read_text(encoding="utf-8")
    return {
        row["name"]: ElasticitySet(
            row["name"],
            Horizon[row["horizon"]],
            float(row["trade"]) if row["trade"] else None,
            float(row["inputs"]),
            float(row["final"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def elasticities(
    table: WorldTable,
    trade: str | float | Sequence[float] = DEFAULT_SET,
    inputs: float | None = None,
    final: float | None = None,
) -> Elasticities:
    """The elasticities of a table's products: a named set, one number for all, or one a product.

    `inputs` and `final` replace the set's substitution between products. Raises ValueError for an unknown set or a
    number out of range.
    """
    named = elasticity_sets().get(trade) if isinstance(trade, str) else None
    if isinstance(trade, str) and named is None:
        raise ValueError(f"There is no set of elasticities '{trade}'; there are {', '.join(elasticity_sets())}.")
    if named is not None and named.trade is None:
        try:
            theta = bounded_elasticities(table)
        except NotMeasured as reason:
            raise ValueError(f"{reason} Give one trade elasticity for all of them instead, such as 5.") from None
    else:
        theta = np.asarray(named.trade if named is not None else trade, dtype=np.float64)
        if theta.ndim == 1 and len(theta) != table.n_industries:
            raise ValueError(f"There are {len(theta)} trade elasticities for {table.n_industries} industries.")
        theta = np.broadcast_to(theta, table.n_industries)
    s = (named.inputs if named is not None else 1.0) if inputs is None else float(inputs)
    s_final = (named.final if named is not None else 1.0) if final is None else float(final)
    if not (theta > 0).all() or not np.isfinite(theta).all():
        raise ValueError(f"A trade elasticity is larger than 0, not {theta.min():g}.")
    for what, value in (("inputs", s), ("final goods", s_final)):
        if not 0 <= value <= MOST_SUBSTITUTION:
            raise ValueError(
                f"The substitution between {what} lies between 0 and {MOST_SUBSTITUTION:g}, not at {value:g}."
            )
    return Elasticities(theta, s, s_final, Horizon.DECADE if named is None else named.horizon)
