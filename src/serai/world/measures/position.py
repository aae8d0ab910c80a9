"""Position in the chain: how far a cell is from final use and from primary factors (Antràs and Chor 2018).

Changes in inventories are no final use of the year's output; they are taken as sold to the same buyers as the rest
(net-inventory correction, Antràs, Chor, Fally and Hillberry 2012).
"""

import numpy as np
import scipy.linalg

from serai.world.table import Array, WorldTable


def upstreamness(table: WorldTable) -> Array:
    """Average number of steps from each cell to final use, 1 at least, shape (n,): (I - diag(x - N)^-1 Z)^-1 1."""
    kept = table.x - table.net_inventories
    return _steps(np.divide(table.Z, kept[:, None], out=np.zeros(table.Z.shape), where=kept[:, None] != 0))


def downstreamness(table: WorldTable) -> Array:
    """Average number of steps from primary factors to each cell, 1 at least, shape (n,).

    Rows of Z are scaled by x / (x - N) first; D = (I - Z'xhat^-1)^-1 1.
    """
    kept = table.x - table.net_inventories
    scale = np.divide(table.x, kept, out=np.zeros(table.n), where=kept != 0)
    Z = table.Z * scale[:, None]
    return _steps(np.divide(Z, table.x, out=np.zeros(Z.shape), where=table.x != 0).T)


def _steps(shares: Array) -> Array:
    system = np.asfortranarray(-shares)
    system.flat[:: len(system) + 1] += 1
    solved: Array = scipy.linalg.solve(system, np.ones(len(system)), overwrite_a=True, check_finite=False)
    return solved
