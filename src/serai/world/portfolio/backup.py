"""Backup links in the shortage model: what a set of new links would save when disruptions come.

A backup link brings its buyer up to `share` of its need of the product, as far as the new supplier itself works:
q_jp = min(1, sum_i w_ij h_i + sum over links of share h_supplier). More links never hurt, and one link
of two may be worth nothing alone, so the gain is not submodular (docs/method/links.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from serai.world.links.candidates import Links
from serai.world.links.risk import Disruptions, Risk
from serai.world.shocks.inputs import Inputs
from serai.world.table import Array, Indices

TOLERANCE = 1e-10
MOST_STEPS = 10_000


@dataclass(frozen=True, eq=False)
class Backup:
    """A problem: the model of `risk`, and the links that could be added, with the product of each, (k,)."""

    risk: Risk
    links: Links
    product: Indices

    @property
    def inputs(self) -> Inputs:
        return self.risk.solved.inputs

    @property
    def disruptions(self) -> Disruptions:
        return self.risk.disruptions

    def levels(self, chosen: Collection[int]) -> Array:
        """Output of each cell with the chosen links, relative to the usual one, (n, W), iterated from above."""
        inputs, solved = self.inputs, self.risk.solved
        ceiling = 1 - self.disruptions.lost[inputs.order]
        picked = np.array(sorted(chosen), dtype=np.intp)
        buyer, supplier = inputs.place[self.links.buyer[picked]], inputs.place[self.links.supplier[picked]]
        share, product = self.links.share[picked], self.product[picked]
        h = ceiling
        for _step in range(MOST_STEPS):
            new, bundle = ceiling.copy(), np.zeros_like(ceiling)
            for p, rows, shares in inputs.blocks():
                got = shares.T @ h[rows]
                got[inputs.needs[p] == 0] = 1
                mine = product == p
                np.add.at(got, buyer[mine], share[mine, None] * h[supplier[mine]])
                lacking = 1 - np.minimum(got, 1)
                np.minimum(new, 1 - self._alone[p][:, None] * lacking, out=new)
                bundle += self._together[p][:, None] * lacking
            np.minimum(new, 1 - bundle, out=new)
            moved = float(np.abs(new - h).max(initial=0))
            h = new
            if moved <= TOLERANCE:
                break
        return np.asarray(h[solved.inputs.place])

    def saved(self, chosen: Collection[int]) -> float:
        """Expected loss avoided by the chosen links together, in units of the risk's weight."""
        gained = self.levels(chosen) - self._without
        return float(self.risk.weight @ gained @ self.disruptions.probability)

    @cached_property
    def _without(self) -> Array:
        return self.levels(())

    @cached_property
    def _alone(self) -> Array:
        """k of essential inputs, by product and buyer in the order of the inputs, (P, n)."""
        solved = self.risk.solved
        return np.where(solved.essential, solved.irreplaceable, 0)[:, self.inputs.order]

    @cached_property
    def _together(self) -> Array:
        solved = self.risk.solved
        return np.asarray(np.where(solved.essential, 0, solved.irreplaceable)[:, self.inputs.order] * self.inputs.needs)

    def bundles(self) -> list[tuple[int, ...]]:
        """Per buyer and scenario, the best link into each input that the buyer lacks there, where there are several.

        One of them may be worth nothing as long as another input binds.
        """
        bundles: dict[tuple[int, ...], None] = {}
        h, q = self.risk.solved.h, self.risk.solved.q
        for buyer in np.unique(self.links.buyer):
            mine = np.flatnonzero(self.links.buyer == buyer)
            for scenario in range(h.shape[1]):
                lacking = mine[q[self.product[mine], buyer, scenario] < 1]
                health = self.links.share[lacking] * h[self.links.supplier[lacking], scenario]
                best = [
                    int(lacking[self.product[lacking] == p][health[self.product[lacking] == p].argmax()])
                    for p in np.unique(self.product[lacking])
                ]
                if len(best) > 1:
                    bundles[tuple(sorted(best))] = None
        return list(bundles)
