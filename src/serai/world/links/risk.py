"""The value of a link in disruptions: how often the input binds, the weight of the buyer then, and how much healthier
the new supplier is than the present mix.

The model is that of `serai.world.shocks.shortage`; the risk R = sum_w p_w W'(1 - h_w) is the expected loss of value
added, and relief is what a link takes from it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from serai.world.links.candidates import Links
from serai.world.shocks.inputs import Inputs, inputs_of
from serai.world.shocks.shortage import (
    IRREPLACEABLE,
    Adjoint,
    Shortage,
    essential_industries,
    shortage_solution,
)
from serai.world.table import Array, Indices, WorldTable

OUTAGE = 0.3
"""Share of a country's capacity that is lost in the default disruptions, an assumption."""


@dataclass(frozen=True, eq=False)
class Disruptions:
    """An ensemble: share of capacity that each cell loses in each scenario (n, W), and their probabilities (W,)."""

    lost: Array
    probability: Array

    def __post_init__(self) -> None:
        if self.lost.shape[1:] != self.probability.shape or (self.probability < 0).any():
            raise ValueError("Every scenario needs a probability of at least 0.")


def country_outages(table: WorldTable, share: float = OUTAGE) -> Disruptions:
    """Each country in turn loses `share` of its capacity, all equally likely: common-cause scenarios without a source.

    The user should replace these probabilities.
    """
    lost = np.zeros((table.n, table.n_countries))
    lost[np.arange(table.n), table.country_of] = share
    return Disruptions(lost, np.full(table.n_countries, 1 / table.n_countries))


@dataclass(frozen=True, eq=False)
class Risk:
    """The shortages of an ensemble solved once, and what links would relieve. `weight` (n,) is value added."""

    disruptions: Disruptions
    solved: Shortage
    weight: Array

    @cached_property
    def expected(self) -> Array:
        """Expected loss, in units of `weight`."""
        return self.losses @ self.disruptions.probability

    @cached_property
    def losses(self) -> Array:
        """Loss in each scenario, shape (W,)."""
        return np.asarray(self.weight @ (1 - self.solved.h))

    @property
    def systemic(self) -> Array:
        """lambda: loss of the whole per unit of each cell's own loss in each scenario, shape (n, W)."""
        return self.adjoint.values

    @cached_property
    def adjoint(self) -> Adjoint:
        """`systemic`, and how well it was solved."""
        return self.solved.adjoint(self.weight)

    def with_probability(self, probability: Array) -> "Risk":
        """The same shortages under other probabilities (W,)."""
        other = replace(self, disruptions=Disruptions(self.disruptions.lost, probability))
        other.__dict__.update(
            {key: self.__dict__[key] for key in ("adjoint", "systemic", "losses") if key in self.__dict__}
        )
        return other

    def tail(self, beta: float) -> Array:
        """Weights (W,) that turn the gradient of the expected loss into that of the conditional value at risk."""
        probability = self.disruptions.probability / self.disruptions.probability.sum()
        order = np.argsort(-self.losses, kind="stable")
        before = np.cumsum(probability[order]) - probability[order]
        weights = np.empty_like(probability)
        weights[order] = np.clip(1 - beta - before, 0, probability[order]) / (1 - beta)
        return weights

    def all_pairs(self, weights: Array | None = None) -> Array:
        """Relief per unit of share of every pair, buyers by suppliers (n, n), in one product; `weights` as of `tail`.

        V = G H' - sum over scenarios of G o Q, with G = p lambda c by buyer and product.
        """
        inputs, h = self.solved.inputs, self.solved.h
        probability = self.disruptions.probability if weights is None else weights
        binding = self.solved.sensitivity * (self.systemic * probability)
        missing = (binding * self.solved.q).sum(axis=2)
        value = np.empty((inputs.n, inputs.n))
        for product in range(len(inputs.needs)):
            makers = inputs.order[inputs.first[product] : inputs.first[product + 1]]
            value[:, makers] = binding[product] @ h[makers].T - missing[product][:, None]
        return value

    def gradient(self, links: Links, product: Indices, weights: Array | None = None) -> Array:
        """Relief per unit of share of these links, shape (k,); `product` (k,) is the supplier's."""
        probability = self.disruptions.probability if weights is None else weights
        binding = self.solved.sensitivity[product, links.buyer] * self.systemic[links.buyer] * probability
        return np.asarray((binding * (self.solved.h[links.supplier] - self.solved.q[product, links.buyer])).sum(axis=1))

    def local(self, links: Links, product: Indices, weights: Array | None = None) -> Array:
        """Relief of links at their whole share, (k,): the buyer's own minimum anew, passed on by the adjoint."""
        probability = self.disruptions.probability if weights is None else weights
        unmoved = replace(links, share=np.zeros(len(links)))  # not h, which differs by the last step of the solution
        rises = self._levels(links, product) - self._levels(unmoved, product)
        return np.asarray((rises * self.systemic[links.buyer] * probability).sum(axis=1))

    def _levels(self, links: Links, product: Indices) -> Array:
        """The buyer's level after the link with everyone else as before, shape (k, W)."""
        solved, buyer = self.solved, links.buyer
        needs = solved.inputs.needs[:, solved.inputs.place]
        alone = np.where(solved.essential & (needs > 0), solved.irreplaceable, 0)
        together = np.where(solved.essential, 0, solved.irreplaceable) * needs
        level = 1 - self.disruptions.lost[buyer]
        bundle = np.zeros_like(level)
        for p in range(len(needs)):
            got = solved.q[p, buyer]
            new = got + (product == p)[:, None] * links.share[:, None] * (solved.h[links.supplier] - got)
            np.minimum(level, 1 - alone[p, buyer][:, None] * (1 - new), out=level)
            bundle += together[p, buyer][:, None] * (1 - new)
        return np.minimum(level, 1 - bundle)

    def resolved(self, links: Links) -> "Risk":
        """The ensemble solved again with all these links, starting from the present solution."""
        inputs = with_links(self.solved.inputs, links)
        solved = shortage_solution(
            inputs,
            self.disruptions.lost,
            irreplaceable=self.solved.irreplaceable,
            essential=self.solved.essential,
            start=self.solved.h,
        )
        return Risk(self.disruptions, solved, self.weight)


def risk_of(
    table: WorldTable, disruptions: Disruptions, irreplaceable: ArrayLike = IRREPLACEABLE, inputs: Inputs | None = None
) -> Risk:
    """The shortages of an ensemble on a table; goods and utilities are essential."""
    wanted = np.isin(table.industries, essential_industries(table))[:, None]
    given = inputs or inputs_of(table)
    solved = shortage_solution(given, disruptions.lost, irreplaceable=irreplaceable, essential=wanted)
    return Risk(disruptions, solved, table.v)


def with_links(inputs: Inputs, links: Links) -> Inputs:
    """Purchases with the links in place: the shares of a product move in proportion, those of several links add up."""
    shares = inputs.shares.copy()
    product = np.searchsorted(inputs.first, inputs.place[links.supplier], side="right") - 1
    for p, buyer, supplier, share in zip(product, links.buyer, links.supplier, links.share, strict=True):
        rows, column = slice(int(inputs.first[p]), int(inputs.first[p + 1])), inputs.place[buyer]
        shares[rows, column] -= share * inputs.shares[rows, column]
        if inputs.needs[p, column] > 0:
            shares[inputs.place[supplier], column] += share
    return replace(inputs, shares=shares)


def insurance_premium(order: Array, dearer: ArrayLike, relief: Array) -> Array:
    """Cost of buying `order` (k,) at prices higher by `dearer` over the expected loss avoided; infinite without relief.

    Below 1 the link pays for itself in expectation.
    """
    cost = order * np.asarray(dearer)
    premium: Array = np.full(len(order), np.inf)
    np.divide(cost, relief, out=premium, where=relief > 0)
    return premium


def variety_gain(table: WorldTable, links: Links, elasticity: Array) -> Array:
    """Gain in real income by country from a new source at equal cost: lambda_j a_pj ln(1 / (1 - s)) / theta, (k, N).

    `elasticity` (S,) is the trade elasticity of each product (docs/method/links.md; Feenstra 1994, AER 84(1)).
    """
    spent = np.maximum(table.final.sum(axis=0), np.finfo(float).tiny)
    domar = table.output_by_destination[links.buyer] / spent
    product = table.industry_of[links.supplier]
    cells = product[:, None] + table.n_industries * np.arange(table.n_countries)
    part = table.A[cells, links.buyer[:, None]].sum(axis=1)
    gain = part * np.log(1 / (1 - links.share)) / np.asarray(elasticity)[product]
    return np.asarray(domar * gain[:, None])
