"""What people decide about placements, and what is learned from it.

A decision says of a text that a node is right, that it is wrong, or that no node is right. The chances at the nodes of
other texts are corrected by what was decided: each decision leaves a residual at each node that it speaks of, what it
says (1 or 0) less the chance that the text had there. A text moves with the residuals of decided texts that are like
it, and a node with all of its residuals, each drawn to zero while there are few. So a decision that only repeats what
was known moves hardly anything, and a decision that is taken back leaves nothing behind: the correction is a function
of the decisions that stand, and without any the chances are as they were, bit for bit.
"""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

NEAR = 0.45
"""Cosine from which two texts are alike."""
OF_LIKE_TEXTS = 9.0
"""Log-odds by which many like texts, all decided against the chances, move a text."""
OF_NODES = 2.0
"""The same for a node at which all decisions went against the chances, of texts that are not like one another."""
FEW = 12.0
"""Decisions at a node from which half of that counts."""
OVERRULED = 0.5
"""Weight of the nodes that stood above the one that was chosen: they may be right as well."""
LEAST = 1e-4
"""Least chance and least distance to one, so that no correction is without end."""


def residuals(
    chances: Floats, chosen: NDArray[np.int64], refused: NDArray[np.bool_], none: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """(n_decisions, n_nodes) what each decision says less the chance that there was, and how much it says of each node.

    `chances` (n_decisions, n_nodes) are those of the decided texts before any correction, `chosen` (n_decisions,) the
    node that was decided on, -1 where none was, `refused` where the decision is that this node is wrong, and `none`
    where it is that no node is right.
    """
    weight = np.zeros_like(chances)
    target = np.zeros_like(chances)
    of_node = np.flatnonzero(chosen >= 0)
    weight[of_node, chosen[of_node]] = 1
    accepted = of_node[~refused[of_node]]
    target[accepted, chosen[accepted]] = 1
    above = chances[accepted] > chances[accepted, chosen[accepted]][:, None]
    weight[accepted] = np.where(above, OVERRULED, weight[accepted])
    weight[none] = 1
    return weight * (target - chances), weight


def corrected(chances: Floats, texts: Floats, decided: Floats, residual: Floats, weight: Floats) -> Floats:
    """(n_texts, n_nodes) the chances as the decisions correct them; 0 stays 0.

    `texts` (n_texts, d) and `decided` (n_decisions, d) are vectors of length 1; `residual` and `weight` are of
    `residuals`.
    """
    if not len(decided):
        return chances
    like = (np.clip(texts @ decided.T - NEAR, 0, None) / (1 - NEAR)) ** 2
    of_texts = OF_LIKE_TEXTS * (like @ residual) / (1 + like @ weight)
    of_nodes = OF_NODES * residual.sum(axis=0) / (FEW + weight.sum(axis=0))
    bounded = np.clip(chances, LEAST, 1 - LEAST)
    odds = np.log(bounded / (1 - bounded)) + of_texts + of_nodes
    return np.where(chances > 0, 1 / (1 + np.exp(-odds)), 0.0)


def worth(confidence: Floats, on_node: Floats, audience: Floats) -> Floats:
    """How much is gained by asking a person whether a placement is right, to be compared only.

    4 p (1 - p), which is 1 where the chance p is one half and a person's word decides whether it is shown, over the
    number of firms that stand at the node already plus one, times the number of firms that look there plus one.
    """
    return 4 * confidence * (1 - confidence) / (1 + on_node) * (1 + audience)
