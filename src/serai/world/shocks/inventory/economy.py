"""The economy of the inventory model: output, needs and stocks of each cell, and how makers stretch and order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from serai.world.shocks.inputs import Inputs, inputs_of
from serai.world.shocks.shortage import essential_industries
from serai.world.table import Array, Indices, WorldTable

DAYS_A_YEAR = 365

USUAL_STOCK = 90.0
"""Days of stock aimed at where nothing is said, BoARIO's default."""

CAPACITY, ORDERS, NOTHING = -1, -2, -3
"""What held a cell back on its worst day where it was no input: its capacity, fewer orders, or nothing."""

type Ordering = Literal["alt", "noalt"]
type Precision = Literal["single", "double"]


@dataclass(frozen=True)
class Behaviour:
    """How makers stock, order and stretch. The defaults, and the words of `ordering`, are those of BoARIO 0.7.

    `ordering` "alt" shifts orders to suppliers that can still make more (Guan et al. 2020), "noalt" keeps the shares of
    the table (Hallegatte 2013). `stock_days` of each input are aimed at, one number or by industry, and by
    `stock_days_of` for a buying industry, one number or by its inputs; below the part `alarm` of what is aimed at,
    output falls with the stock. A gap is ordered over `restock_days`. Inputs in `never_short` stop nobody: all but
    goods and utilities where it is None, as in the shortage and cascade models; an empty tuple lets every input stop
    everybody, as BoARIO does. `critical` names by buying industry the only inputs that stop it. Capacity grows up to
    the factor `overproduction` with scarcity, over `overproduction_days`. `capital` is productive capital relative to
    a year's value added.

    Raises ValueError for numbers that make no sense.
    """

    ordering: Ordering = "alt"
    stock_days: float | Mapping[str, float] = USUAL_STOCK
    alarm: float = 0.8
    restock_days: float = 60
    stock_days_of: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict)
    never_short: tuple[str, ...] | None = None
    critical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overproduction: float = 1.25
    overproduction_days: float = 365
    capital: float = 4.0

    def __post_init__(self) -> None:
        stated = (self.stock_days, *self.stock_days_of.values())
        days = [day for item in stated for day in (item.values() if isinstance(item, Mapping) else (item,))]
        wrong = {
            f"The ordering is 'alt' or 'noalt', not '{self.ordering}'.": self.ordering not in {"alt", "noalt"},
            "Stocks are aimed at for at least 1 day.": min(days, default=1) < 1,
            "The alarm lies above 0 and at most at 1.": not 0 < self.alarm <= 1,
            "Restocking and overproduction take at least 1 day.": min(self.restock_days, self.overproduction_days) < 1,
            "Overproduction is a factor of at least 1.": self.overproduction < 1,
            "Capital relative to value added is above 0.": self.capital <= 0,
        }
        for sentence, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(sentence)


@dataclass(frozen=True, eq=False)
class Economy:
    """A table's cells a day, in the order of `inputs`.

    `x` (n,) is output and `final` (n,) final demand a day, `capital` (n,) productive capital, `country` (n,) the index
    of the country, `vc` (n,) value added per unit of output. `stock_days` (P, n) by input and buyer is infinite where
    an input doesn't stop the buyer.
    """

    table: WorldTable
    inputs: Inputs
    behaviour: Behaviour
    x: Array
    final: Array
    vc: Array
    capital: Array
    country: Indices
    stock_days: Array

    @property
    def every_input_stops(self) -> bool:
        """Whether every input stops everybody who buys it."""
        return bool(np.isfinite(self.stock_days[self.inputs.needs > 0]).all())

    @property
    def precision(self) -> np.dtype[np.floating]:
        """The floating point type of the state."""
        return self.inputs.shares.dtype

    @property
    def precision_name(self) -> Precision:
        """The same in a word."""
        return "single" if self.precision == np.float32 else "double"

    def sellers(self, product: int) -> Array:
        """From whom each country's final demand (N, the columns) buys this product: shares of its makers, (k, N).

        Those of the world's output where it buys none.
        """
        rows = slice(int(self.inputs.first[product]), int(self.inputs.first[product + 1]))
        demand = np.maximum(self.table.final[self.inputs.order[rows]], 0)
        demand = np.where(demand.sum(axis=0) > 0, demand, self.x[rows, None])
        return np.asarray(demand / np.maximum(demand.sum(axis=0), np.finfo(float).tiny))

    def rebuilders(self, product: int) -> Array:
        """Of whom each cell (n, the columns) has its capital rebuilt in this product: shares of its makers, (k, n).

        Its usual suppliers; where it buys none of the product, those of its country's final demand, or of the world's.
        """
        rows = slice(int(self.inputs.first[product]), int(self.inputs.first[product + 1]))
        shares = self.inputs.shares[rows].astype(np.float64)
        return np.where(self.inputs.needs[product] > 0, shares, self.sellers(product)[:, self.country])


def economy_of(table: WorldTable, behaviour: Behaviour | None = None, precision: Precision = "double") -> Economy:
    """The economy of a table.

    Raises ValueError for negative flows or an unknown precision, KeyError for an industry that the table lacks.
    """
    if precision not in {"single", "double"}:
        raise ValueError(f"The precision is 'single' or 'double', not '{precision}'.")
    behaviour = behaviour or Behaviour()
    inputs = inputs_of(table, np.float32 if precision == "single" else np.float64)
    order = inputs.order
    days = days_of_stock(table, behaviour)[:, table.industry_of[order]]
    return Economy(
        table,
        inputs,
        behaviour,
        table.x[order] / DAYS_A_YEAR,
        table.F.sum(axis=1, dtype=np.float64)[order] / DAYS_A_YEAR,
        table.vc[order],
        np.maximum(table.v, 0)[order] * behaviour.capital,
        table.country_of[order],
        days,
    )


def days_of_stock(table: WorldTable, behaviour: Behaviour) -> Array:
    """Days of stock by input and buying industry, (S, S), infinite where the input doesn't stop the buyer.

    Raises KeyError for an industry that the table lacks.
    """

    def places(industries: Iterable[str]) -> Indices:
        return table.cells([table.countries[0]], industries)

    days = np.full((table.n_industries, table.n_industries), USUAL_STOCK)
    if isinstance(behaviour.stock_days, Mapping):
        for industry, value in behaviour.stock_days.items():
            days[places([industry])] = value
    else:
        days[:] = behaviour.stock_days
    for buyer, stated in behaviour.stock_days_of.items():
        by_input = stated if isinstance(stated, Mapping) else dict.fromkeys(table.industries, stated)
        for industry, value in by_input.items():
            days[places([industry]), places([buyer])] = value
    if behaviour.never_short is None:
        stops = np.isin(table.industries, essential_industries(table))
    else:
        stops = ~np.isin(np.arange(table.n_industries), places(behaviour.never_short))
    stopped_by = np.repeat(stops[:, None], table.n_industries, axis=1)
    for buyer, inputs in behaviour.critical.items():
        stopped_by[:, places([buyer])] = False
        stopped_by[places(inputs), places([buyer])] = True
    return np.where(stopped_by, days, np.inf)
