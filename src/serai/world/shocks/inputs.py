"""The inputs of each cell by product and supplier, laid out so that one product is one block of rows.

Short-run models count what a buyer gets of a product from all its suppliers together. With the suppliers of a product
side by side this is one matrix product a block, for many scenarios at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from serai.world.table import Array, Indices, WorldTable


@dataclass(frozen=True, eq=False)
class Inputs:
    """The purchases of n cells by product, P products, cells in the order of the products.

    `order` (n,) is the place of each cell in the table, `first` (P + 1,) where each product's cells begin. `shares`
    (n, n) is the part of the row's cell in what the column's buys of the row's product, 0 where it buys none; `needs`
    (P, n) what a unit of the column's output takes of the product.
    """

    order: Indices
    first: Indices
    shares: Array
    needs: Array

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.order)

    @cached_property
    def place(self) -> Indices:
        """Where each cell of the table stands here, the inverse of `order`."""
        place = np.empty_like(self.order)
        place[self.order] = np.arange(self.n)
        return place

    def blocks(self) -> Iterator[tuple[int, slice, Array]]:
        """Product, its rows, and the shares of these rows (k, n)."""
        for product in range(len(self.first) - 1):
            rows = slice(int(self.first[product]), int(self.first[product + 1]))
            yield product, rows, self.shares[rows]

    def arriving(self, values: Array) -> Array:
        """What buyers get of each product when suppliers send these values per unit: (n, W) becomes (P, n, W)."""
        arriving = np.empty((len(self.needs), self.n, values.shape[1]), dtype=values.dtype)
        for product, rows, shares in self.blocks():
            np.matmul(shares.T, values[rows], out=arriving[product])
        return arriving


def inputs_of(table: WorldTable, dtype: DTypeLike = np.float64) -> Inputs:
    """The purchases of a table's cells, a product being an industry of whatever country, kept with the table.

    Raises ValueError.
    """
    key = f"inputs {np.dtype(dtype)}"
    if key not in vars(table):
        vars(table)[key] = group_inputs(table.Z, table.x, table.industry_of, dtype)
    inputs: Inputs = vars(table)[key]
    return inputs


def group_inputs(Z: Array, x: Array, product: ArrayLike, dtype: DTypeLike = np.float64) -> Inputs:
    """The purchases in flows `Z` (n, n) of cells with outputs `x` (n,) that make these products (n,), from 0 on.

    Raises ValueError for a negative flow, with its place: what is sent back can't be short.
    """
    made = np.asarray(product, dtype=np.intp)
    negative = Z < 0
    if negative.any():
        row, column = (int(index) for index in np.argwhere(negative)[0])
        raise ValueError(f"The flow in row {row}, column {column} is {Z[row, column]}; a shortage needs flows above 0.")
    order = np.argsort(made, kind="stable")
    first = np.searchsorted(made[order], np.arange(int(made.max()) + 2))
    shares = Z[np.ix_(order, order)].astype(dtype, copy=False)
    bought = np.add.reduceat(shares, first[:-1], axis=0, dtype=np.float64)
    bought[np.diff(first) == 0] = 0  # a product that nobody makes
    output = x[order]
    needs = np.divide(bought, output, out=np.zeros_like(bought), where=output > 0).astype(dtype)
    reciprocal = np.divide(1.0, bought, out=np.zeros_like(bought), where=bought > 0).astype(dtype)
    for block, scale in zip(np.split(shares, first[1:-1]), reciprocal, strict=True):
        np.multiply(block, scale, out=block)
    return Inputs(order, first, shares, needs)
