"""Random firm networks that match a real table, to test engines at the size of a country.

Sizes follow Pareto's law with Zipf's exponent (Axtell 2001, Science 293), numbers of links one with a thinner tail
(Bernard, Moxnes and Saito 2019, Journal of Political Economy 127(2): 1.3 to 1.5 in Japan), so that a firm ten times as
large has fewer than ten times the links and each of them is larger. The table decides who buys from which cell.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.firm_network import FirmNetwork, sorted_links
from serai.world.table import Array, Indices, WorldTable

SIZE_TAIL = 1.06
DEGREE_TAIL = 1.4
VALUE_SPREAD = 1.0
"""Standard deviation of the logarithm of a link's value beside what the sizes of its ends explain."""

ROUNDS = 20
OVERRUN = 1e-3
"""Largest number of rounds, and the share by which a firm's sales or purchases may exceed its size afterwards."""


def generate_network(
    table: WorldTable,
    firms: int,
    *,
    links_each: float = 10.0,
    size_tail: float = SIZE_TAIL,
    degree_tail: float = DEGREE_TAIL,
    seed: int,
) -> FirmNetwork:
    """A random network of `firms` firms with about `links_each` suppliers each, drawn to the table's flows.

    Exact: the output of each cell is its firms' size, what each cell's firms buy is the cell's purchases (as far as it
    has a link). In expectation: the flow between two cells, and sales and purchases in proportion to size; no firm
    sells to others, or buys, more than its size by a thousandth, as far as the table and the links let it. Tails are
    exponents of P(X > x) ~ x^-tail, `degree_tail` not below `size_tail`. A product is an industry's. About 90 bytes a
    link while it runs; the same seed gives the same network. Raises ValueError.
    """
    active = np.flatnonzero((table.x > 0) & (table.Z >= 0).all(axis=0))
    if firms < len(active):
        raise ValueError(f"The {len(active)} active cells of the table need a firm each; {firms} are too few.")
    if not 1 < size_tail <= degree_tail:
        raise ValueError(f"Tails need 1 < size_tail <= degree_tail; they are {size_tail} and {degree_tail}.")
    random = np.random.default_rng(seed)
    cell = np.repeat(active, _shared_out(table.x[active], firms))  # firms stand cell by cell
    size = random.pareto(size_tail, firms) + 1
    size *= table.x[cell] / np.bincount(cell, size, table.n)[cell]
    pull = size ** (size_tail / degree_tail)  # expected number of links, up to a factor
    wanted = random.poisson(np.minimum(links_each * firms * pull / pull.sum(), firms))
    buyer = np.repeat(np.arange(firms, dtype=np.int32), wanted)
    supplier = _draw_suppliers(table, cell, pull, np.bincount(cell, wanted, table.n).astype(np.intp), random)
    apart = supplier != buyer
    supplier, buyer = supplier[apart], buyer[apart]
    rest = size / pull
    mean = np.bincount(cell, size, table.n) / np.maximum(np.bincount(cell, pull, table.n), np.finfo(float).tiny)
    value = rest[supplier] / mean[cell[supplier]] * rest[buyer]
    value *= random.lognormal(sigma=VALUE_SPREAD, size=len(value))
    product = (cell % table.n_industries).astype(np.int32)
    links = sorted_links(firms, supplier, buyer, value, product[supplier])
    _fit(links, cell, size, table.Z.sum(axis=0, dtype=np.float64))
    return FirmNetwork(
        countries=table.countries,
        industries=table.industries,
        products=table.industries,
        country=(cell // table.n_industries).astype(np.int32),
        industry=product,
        product=product,
        size=size,
        unit=table.unit,
        source=f"invented, seed {seed}, after {table.name} {table.year}",
        **links,
    )


def _fit(links: dict[str, Any], cell: Indices, size: Array, purchases: Array) -> None:
    """Scale the values, in place, to the purchases of each cell (exactly) and to within each firm's size."""
    buyer, value = links["buyer"], links["value"]
    supplier = np.repeat(np.arange(len(size), dtype=np.int32), np.diff(links["start"]))
    buying = cell[buyer].astype(np.int32)
    for _ in range(ROUNDS):
        value *= _ratio(purchases, np.bincount(buying, value, len(purchases)))[buying]
        sold, bought = (np.bincount(end, value, len(size)) for end in (supplier, buyer))
        if max((sold / size).max(), (bought / size).max()) <= 1 + OVERRUN:
            return
        value *= np.minimum(_ratio(size, sold), 1)[supplier]
        value *= np.minimum(_ratio(size, np.bincount(buyer, value, len(size))), 1)[buyer]
    value *= _ratio(purchases, np.bincount(buying, value, len(purchases)))[buying]


def _ratio(numerator: Array, denominator: Array) -> Array:
    """The quotient, and 0 where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0)


def _shared_out(weights: Array, total: int) -> Indices:
    """`total` split into whole numbers by weight, each at least 1, largest remainders rounded up."""
    exact = weights / weights.sum() * (total - len(weights))
    whole = np.floor(exact).astype(np.intp)
    left = total - len(weights) - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole + 1


def _draw_suppliers(
    table: WorldTable, cell: Indices, pull: Array, wanted: Indices, random: np.random.Generator
) -> NDArray[np.int32]:
    """A supplier for each wanted link, buyers in the order of their cells: the cell by A, the firm in it by pull."""
    upper = np.cumsum(pull)
    first = np.searchsorted(cell, np.arange(table.n))
    last = np.searchsorted(cell, np.arange(table.n), side="right")
    below = np.concatenate([[0.0], upper])
    drawn = np.empty(int(wanted.sum()), dtype=np.int32)
    end = 0
    for buying in np.flatnonzero(wanted):
        inputs = np.where(last > first, table.Z[:, buying], 0)
        if not inputs.any():
            inputs = (last > first).astype(
                float
            )  # a cell that the table lets buy nothing: its links will weigh nothing
        counts = random.multinomial(wanted[buying], inputs / inputs.sum())
        chosen = np.repeat(np.arange(table.n), counts)
        random.shuffle(chosen)  # so that the cell's firms share its suppliers
        at = below[first[chosen]] + random.random(len(chosen)) * (below[last[chosen]] - below[first[chosen]])
        firms = np.searchsorted(upper, at, side="right")
        drawn[end : end + len(firms)] = np.clip(firms, first[chosen], last[chosen] - 1)
        end += len(firms)
    return drawn
