"""The parameters that all shocks to trade share, declared once."""

from collections.abc import Mapping, Sequence
from typing import Any

from serai.world.shocks.trade.elasticities import MOST_SUBSTITUTION, elasticity_sets
from serai.world.shocks.trade.preparation import KEPT, REMOVED
from serai.world.shocks.values import Allowed, Parameter, either, number, one_of, table_of

STRENGTH = number(0, 1e3, above=True)


def _set(value: Any) -> bool:
    return isinstance(value, str) and value in elasticity_sets()


def _one_a_product(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(map(STRENGTH.fits, value))


_TRADE = either(
    "'caliendo-parro', 'ten years', 'one year', a number above 0, or a list of such, one a product",
    Allowed("a named set", _set),
    STRENGTH,
    Allowed("one a product", _one_a_product),
)
_SUBSTITUTION = number(0, MOST_SUBSTITUTION)

ELASTICITIES = Parameter(
    "'caliendo-parro' (ten years, by industry), 'ten years', 'one year', one trade elasticity for all products, one a "
    "product, or {trade, inputs, final} with the substitution between inputs and between final goods",
    either(
        f"{_TRADE.what}, or a table of trade, inputs and final",
        _TRADE,
        table_of({"trade": _TRADE, "inputs": _SUBSTITUTION, "final": _SUBSTITUTION}),
    ),
)

TRADE: Mapping[str, Parameter | str] = {
    "elasticities": ELASTICITIES,
    "imbalances": Parameter(
        f"'{REMOVED}' counts from the table with balanced trade (large shocks need it), '{KEPT}' fixes deficits in "
        "money",
        one_of((REMOVED, KEPT)),
    ),
}
PRODUCTS_AND_TRADE: Mapping[str, Parameter | str] = {
    "industries": "industries whose products are affected, all when left out",
    **TRADE,
}
