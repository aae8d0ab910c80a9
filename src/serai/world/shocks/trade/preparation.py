"""From a table as published to an economy that a large shock can hit: repaired, and with balanced trade.

With deficits fixed in money, a surplus country that is cut off must still pay out its surplus, and its own consumption
turns negative; so imbalances are removed first, and the shock is counted from there (Caliendo and Parro 2015, section
5.1; docs/method/tables.md).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from serai.world.hygiene import repair, step
from serai.world.shocks import Status
from serai.world.shocks.trade.economy import InterCountryEconomy, economy
from serai.world.shocks.trade.elasticities import DEFAULT_SET, Elasticities, elasticities
from serai.world.shocks.trade.equilibrium import Change, counterfactual
from serai.world.table import WorldTable

type Trade = str | float | Sequence[float] | Mapping[str, str | float | Sequence[float]]
"""A set of elasticities by name, one trade elasticity, one an industry, or {trade = ..., inputs = ..., final = ...}."""

BALANCED = 1e-10
"""Deficit relative to income below which trade counts as balanced."""

REMOVED, KEPT = "removed", "kept"


def without_imbalances(table: WorldTable, elasticity: Elasticities) -> WorldTable:
    """The table that the world would have if no country spent more or less than its income. The log says how much.

    Raises ArithmeticError where that equilibrium is not found.
    """
    before = economy(table)
    relative = np.abs(before.deficit) / before.income
    if relative.max() <= BALANCED:
        return table
    balanced = counterfactual(before, Change(deficit=np.zeros(table.n_countries)), elasticity)
    if balanced.status is not Status.SOLVED:
        raise ArithmeticError(
            f"Balanced trade was not reached in {balanced.evaluations} steps; a smaller trade elasticity is easier."
        )
    largest = table.countries[int(relative.argmax())]
    gains = 100 * (balanced.welfare - 1)
    sentence = (
        f"imbalances: deficits of {np.maximum(before.deficit, 0).sum():.6g} {table.unit} removed, the largest "
        f"relative to income {relative.max():.1%} in {largest}; "
        f"real income changes by {gains.min():+.2f} to {gains.max():+.2f} %."
    )
    after = balanced.table
    return table.then(sentence, Z=after.Z, F=after.F, extensions=after.extensions)


@step("imbalances")
def without_trade_imbalances(table: WorldTable) -> WorldTable:
    """The repaired table that the world would have if no country spent more or less than its income (D' = 0).

    The equilibrium of the trade engine with elasticities by industry; a large shock needs it. Raises ValueError for
    industries of an unknown classification.
    """
    return without_imbalances(repair(table), elasticities(table))


def prepared(table: WorldTable, trade: Trade, imbalances: str) -> tuple[InterCountryEconomy, Elasticities]:
    """The economy that a shock hits, and the elasticities it answers with. The last two tables asked for are kept.

    Raises ValueError for a word that is neither "removed" nor "kept", or for elasticities out of range.
    """
    if imbalances not in (REMOVED, KEPT):
        raise ValueError(f"Imbalances are '{REMOVED}' or '{KEPT}', not '{imbalances}'.")
    words = dict(trade) if isinstance(trade, Mapping) else {"trade": trade}
    unknown = sorted(set(words) - {"trade", "inputs", "final"})
    if unknown:
        raise ValueError(f"Elasticities are of trade, inputs and final, not of '{unknown[0]}'.")
    key = tuple(
        (word, value if isinstance(value, str | float | int) else tuple(value)) for word, value in words.items()
    )
    return _prepared(table.on(None), key, imbalances)


@lru_cache(maxsize=2)
def _prepared(
    table: WorldTable, words: tuple[tuple[str, str | float | tuple[float, ...]], ...], imbalances: str
) -> tuple[InterCountryEconomy, Elasticities]:
    given = dict(words)
    elasticity = elasticities(table, given.pop("trade", DEFAULT_SET), **given)  # type: ignore[arg-type]
    table = repair(table)
    if imbalances == REMOVED:
        table = without_imbalances(table, elasticity)
    return economy(table), elasticity
