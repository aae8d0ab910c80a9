"""What buyers and suppliers state of a trade: prices, the value of a need, a supplier's sales; and what follows.

Amounts are compared only where both sides state one in the same unit, currency and period included. Amounts that are
stated count as they are; what a new source takes, theta, is uniform within THETA_SPREAD of its value, so the quantiles
of what follows are those of theta.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from serai.world.arrays import Array
from serai.world.supply.figures import AGREE, CHANGE, Figure
from serai.world.supply.needs import THETA_SPREAD, Amount, Needs
from serai.world.supply.network import SupplyNetwork

type Column = Sequence[Amount | None]


@dataclass(frozen=True)
class Supplier:
    """A supplier in a country, with its `prices` by node and its `sales` in a year where it states them."""

    country: str
    prices: Mapping[str, Amount] = field(default_factory=dict)
    sales: Amount | None = None


@dataclass(frozen=True, eq=False)
class Terms:
    """`price` (B, F) is the price of each of F suppliers over the present price of each of B needs; `weight` (B, F)
    the value of the need over the supplier's sales. NaN unless both sides state an amount in the same unit."""

    price: Array
    weight: Array


def terms_of(network: SupplyNetwork, needs: Needs, suppliers: Sequence[Supplier]) -> Terms:
    """What needs and suppliers state, one beside the other. Raises KeyError for a price of an unknown node."""
    price = np.full((len(needs), len(suppliers)), np.nan)
    for code in sorted({code for supplier in suppliers for code in supplier.prices}):
        rows = np.flatnonzero(needs.node == network.node(code))
        offered = [supplier.prices.get(code) for supplier in suppliers]
        price[rows] = _over(offered, [needs.price.get(row) for row in rows.tolist()]).T
    values = [needs.value.get(place) for place in range(len(needs))]
    return Terms(price, _over(values, [supplier.sales for supplier in suppliers]))


def _over(above: Column, below: Column) -> Array:
    """Amounts above over those below, (above, below); NaN where one is missing or the units differ."""
    numbers: dict[str, int] = {}

    def column(amounts: Column) -> tuple[Array, Array]:
        values = np.array([np.nan if amount is None else amount.value for amount in amounts])
        units = [np.nan if amount is None else numbers.setdefault(amount.key, len(numbers)) for amount in amounts]
        return values, np.array(units, dtype=float)

    (high, of_high), (low, of_low) = column(above), column(below)
    return np.where(of_high[:, None] == of_low, high[:, None] / low, np.nan)


def price_change(price: Array, theta: float) -> Figure:
    """The relative change of a need's price by a new source whose price over the present one is `price` (S,)."""
    change, low, high = (part * (price - 1) for part in _parts(theta))
    told = np.where(np.abs(change) > CHANGE, np.sign(np.nan_to_num(change)), 0).astype(np.int8)
    return Figure(1.0, change, np.minimum(low, high), np.maximum(low, high), told)


def share_in_input(weight: Array, theta: float) -> Figure:
    """The supplier's share in the buyer's input, where its counterpart `share_in_sales` is known, (S,).

    Told is who depends more on the other: 1 the supplier, -1 the buyer.
    """
    change, low, high = (np.where(np.isfinite(weight), part, np.nan) for part in _parts(theta))
    more = [_in_sales(weight, part) - part for part in _parts(theta, AGREE - 0.5)]
    agree = (np.sign(more[1]) == np.sign(more[0])) & (np.sign(more[2]) == np.sign(more[0]))
    told = np.where(agree & (np.abs(more[0]) > CHANGE * theta), np.sign(np.nan_to_num(more[0])), 0).astype(np.int8)
    return Figure(0.0, change, low, high, told)


def share_in_sales(weight: Array, theta: float) -> Figure:
    """The buyer's share in the supplier's sales, the new ones among them, (S,). Nothing is told of it alone."""
    change, low, high = (_in_sales(weight, part) for part in _parts(theta))
    return Figure(0.0, change, low, high, np.zeros(weight.shape, dtype=np.int8))


def _in_sales(weight: Array, part: float) -> Array:
    share: Array = part * weight / (1 + part * weight)
    return share


def _parts(theta: float, half: float = 0.45) -> tuple[float, float, float]:
    """Theta, and its quantiles .5 - half and .5 + half."""
    apart = THETA_SPREAD * 2 * half
    return theta, min(theta * (1 - apart), 1.0), min(theta * (1 + apart), 1.0)
