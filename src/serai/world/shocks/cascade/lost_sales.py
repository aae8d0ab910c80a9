"""Lost sales upstream for many single failures at once: a linear system with as many right-hand sides.

A firm loses d = M d of its output, M its customers' shares in its sales, and the failing one loses all. So d is a
column of (I - M)^-1 scaled to 1 at the failing firm. Jacobi's iteration with a correction on the cells of the network
(two levels, as in algebraic multigrid) takes ten to twenty sparse products with a block of columns, where plain
iteration takes hundreds. With weights y = s + M'y, the size-weighted error of any approximation is at most
y'|residual|: that certifies each answer.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg
from numba import njit
from numpy.typing import NDArray

from serai.world.firm_network import FirmNetwork
from serai.world.shocks.cascade.influence import Influence
from serai.world.table import Array, Indices

MOST_STEPS = 10_000
MOST_CYCLES = 200
PRECISION = 1e-12
MOST_SOLVED = 2_000
"""Up to so many firms, weights that settle too slowly are solved for directly."""
UNBOUNDED = 1e30
"""Stands for a weight that doesn't settle: nothing is certified then."""


@dataclass(frozen=True, eq=False)
class LostSales:
    """The system prepared: `reach` (n) is y, UNBOUNDED where it doesn't settle; `coarse` (cells, cells) the correction.

    `closed` (n) says which firms sell only to one another; they stand outside the system.
    """

    first: Indices
    source: NDArray[np.int32]
    weight: Array
    cell: NDArray[np.int32]
    reach: Array
    coarse: Array
    closed: NDArray[np.bool_]


def prepare(network: FirmNetwork, links: Influence) -> LostSales:
    """The system of the upstream `links` of a network."""
    n = network.n
    closed = closed_circles(links)
    first = links.first_source[links.first_group]
    weight = np.where(np.repeat(closed, np.diff(first)), 0.0, links.source_weight)
    shares = scipy.sparse.csr_array((weight, links.source, first), shape=(n, n))
    back = scipy.sparse.csr_array(shares.T)
    size = np.where(closed, 0.0, network.size / network.size.sum())
    reach = size
    for _step in range(MOST_STEPS):
        before, reach = reach, size + back @ reach
        if (reach - before).max(initial=0) <= PRECISION * reach.max(initial=0):
            break
    else:
        slow = reach > before * (1 + PRECISION)
        reach = np.where(slow, _solved(back, size) if n <= MOST_SOLVED else UNBOUNDED, reach)
    cells, cell = np.unique(network.cell, return_inverse=True)
    member = scipy.sparse.csr_array((np.ones(n), (np.arange(n), cell)), shape=(n, len(cells)))
    finite = np.where(reach < UNBOUNDED, reach, 0.0) + np.finfo(float).tiny
    settled = np.bincount(cell, reach >= UNBOUNDED, len(cells)) == 0  # elsewhere nothing is corrected
    gathered = scipy.sparse.csr_array((finite, (cell, np.arange(n))), shape=(len(cells), n))
    whole = (gathered @ member).toarray()
    between = whole - (gathered @ (shares @ member)).toarray()
    coarse = np.zeros_like(whole)
    coarse[np.ix_(settled, settled)] = np.linalg.pinv(between[np.ix_(settled, settled)])
    coarse -= np.diag(np.where(settled, 1 / np.diag(whole), 0.0))
    return LostSales(first, links.source, weight, cell.astype(np.int32), reach, coarse, closed)


def _solved(back: scipy.sparse.csr_array, size: Array) -> Array:
    """The weights y = size + back y at once, UNBOUNDED where rounding leaves no sure digit."""
    system = scipy.sparse.csc_array(scipy.sparse.eye_array(len(size)) - back)
    reach: Array = scipy.sparse.linalg.splu(system).solve(size)
    sure = np.abs(size + back @ reach - reach).max() <= PRECISION * np.abs(reach).max() and (reach >= 0).all()
    return reach if sure else np.full(len(size), UNBOUNDED)


def closed_circles(links: Influence) -> NDArray[np.bool_]:
    """Firms in groups of several whom nobody outside the group holds back, shape (n,)."""
    n = len(links.size)
    source = np.repeat(np.arange(n), np.diff(links.start))
    graph = scipy.sparse.csr_array((np.ones(len(source), dtype=np.int8), links.target, links.start), shape=(n, n))
    count, group = scipy.sparse.csgraph.connected_components(graph, connection="strong")
    held_from_outside = np.zeros(count, dtype=bool)
    held_from_outside[group[links.target[group[source] != group[links.target]]]] = True
    several = np.bincount(group, minlength=count) > 1
    return (several & ~held_from_outside)[group]


def lost_sales(
    system: LostSales, failing: Indices, tolerance: float, dtype: type[np.float32 | np.float64]
) -> tuple[Array, Array]:
    """Share of its output that each firm loses when each of `failing` fails alone, (n, k), and the errors, (k,).

    An error is the largest difference that is possible in the size-weighted mean of a column.
    """
    n, columns = len(system.cell), np.arange(len(failing))
    loss: Array = np.zeros((n, len(failing)), dtype=dtype)
    loss[failing, columns] = 1
    new: Array = np.empty_like(loss)
    weight: Array = system.weight.astype(dtype)
    reach: Array = system.reach.astype(dtype)
    for _cycle in range(MOST_CYCLES):
        gap: Array = np.zeros((len(system.coarse), len(failing)), dtype=dtype)
        error: Array = np.zeros(len(failing), dtype=dtype)
        multiply(system.first, system.source, weight, failing, system.cell, reach, loss, new, gap, error)
        if (error <= tolerance * loss[failing, columns]).all():
            break
        correct(system.cell, (system.coarse @ gap).astype(dtype, copy=False), new, loss)
    scale = loss[failing, columns].astype(np.float64)
    return loss / scale.astype(dtype), error / scale


@njit(cache=True, nogil=True)
def multiply(
    first: Indices,
    source: NDArray[np.int32],
    weight: Array,
    failing: Indices,
    cell: NDArray[np.int32],
    reach: Array,
    loss: Array,
    new: Array,
    gap: Array,
    error: Array,
) -> None:
    """`new` = M `loss` + 1 at the failing firm; the residual goes into `gap` by cell, weighted, and into `error`."""
    n, columns = loss.shape
    failing_in = np.full(n, -1, dtype=np.int32)
    for column in range(columns):
        failing_in[failing[column]] = column
    total = np.zeros(columns, dtype=loss.dtype)
    for firm in range(n):
        total[:] = 0
        for link in range(first[firm], first[firm + 1]):
            share, customer = weight[link], source[link]
            for column in range(columns):
                total[column] += share * loss[customer, column]
        if failing_in[firm] >= 0:
            total[failing_in[firm]] += 1
        place, effect = cell[firm], reach[firm]
        for column in range(columns):
            weighted = effect * (total[column] - loss[firm, column])
            new[firm, column] = total[column]
            gap[place, column] += weighted
            error[column] += abs(weighted)


@njit(cache=True, nogil=True)
def correct(cell: NDArray[np.int32], correction: Array, new: Array, loss: Array) -> None:
    """`loss` = `new` + the correction of each firm's cell."""
    for firm in range(len(cell)):
        place = cell[firm]
        for column in range(new.shape[1]):
            loss[firm, column] = new[firm, column] + correction[place, column]
