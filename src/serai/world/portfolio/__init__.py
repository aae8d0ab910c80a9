"""The portfolio: the few links that together save most in disruptions, and how sure the choice is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from serai.world.links.candidates import Links, capable, links_between, within_capacity
from serai.world.links.risk import Disruptions, Risk, risk_of
from serai.world.portfolio.backup import Backup
from serai.world.portfolio.certificate import certify
from serai.world.portfolio.choice import Limits, choose
from serai.world.shocks.inputs import inputs_of
from serai.world.table import Array, Indices, WorldTable

RECOMMENDED = 0.8
"""Share of the draws in which a link has to be chosen to be recommended."""


@dataclass(frozen=True, eq=False)
class Portfolio:
    """The chosen links (positions in `links`), what they save, and a bound on what any choice could.

    `saved` and `bound` are expected value added a year of disruption, in the table's unit. `frequency` (k,) is the
    share of the draws in which each link is chosen; `method` says how the bound was found.
    """

    links: Links
    chosen: tuple[int, ...]
    saved: float
    bound: float
    method: str
    frequency: Array

    @property
    def gap(self) -> float:
        """What the choice may miss at most, relative to the bound; 0 is proven best."""
        return max(1 - self.saved / self.bound, 0.0) if self.bound > 0 else 0.0

    @property
    def recommended(self) -> tuple[int, ...]:
        """The links chosen in at least RECOMMENDED of the draws."""
        return tuple(np.flatnonzero(self.frequency >= RECOMMENDED).tolist())


def portfolio(
    table: WorldTable,
    links: Links,
    limits: Limits,
    disruptions: Disruptions,
    *,
    probabilities: Sequence[Array] = (),
    irreplaceable: Sequence[float] = (0.4, 0.2, 0.6),
    seconds: float = 30.0,
) -> Portfolio:
    """The best links within the limits; the first of `irreplaceable` and the disruptions' own probabilities decide.

    The choice is repeated for every pair of an irreplaceable share and a belief about the probabilities.
    """
    inputs, product = inputs_of(table), table.industry_of[links.supplier]
    beliefs = [belief / belief.sum() for belief in (disruptions.probability, *probabilities)]
    problems = []
    for share in irreplaceable:
        solved: Risk = risk_of(table, disruptions, share, inputs)
        problems += [Backup(solved.with_probability(belief), links, product) for belief in beliefs]
    choices = [choose(problem.saved, len(links), limits, problem.bundles()) for problem in problems]
    frequency = np.array([[link in choice for link in range(len(links))] for choice in choices]).mean(axis=0)
    first, chosen = problems[0], choices[0]
    certificate = certify(first, limits, seconds=seconds)
    if certificate.links and limits.allow(certificate.links) and first.saved(certificate.links) > first.saved(chosen):
        chosen = certificate.links
    saved = first.saved(chosen)
    bound = max(certificate.bound, saved)  # the solver is exact to 1e-6 only
    return Portfolio(links, chosen, saved, bound, certificate.method, frequency)


__all__ = ["Backup", "Limits", "Portfolio", "certify", "choose", "portfolio"]


SHORTLISTED = 40
SHARE = 0.1
"""Links on a shortlist at most, and the share that each would move."""


def promising_links(
    table: WorldTable, risk: Risk, cells: Indices, *, share: float = SHARE, most: int = SHORTLISTED
) -> Links:
    """At most `most` links into or out of some cells, from suppliers that could deliver.

    A supplier exports with revealed advantage and makes the order with a tenth of its output. Those that save most per
    unit of share come first; what saves nothing is left out.
    """
    value = risk.all_pairs()
    inside = np.zeros(table.n, dtype=bool)
    inside[cells] = True
    buyer, supplier = np.nonzero((inside[:, None] | inside[None, :]) & (value > 0))
    apart = buyer != supplier
    links = links_between(buyer[apart], supplier[apart], share)
    links = links[capable(table, links) & within_capacity(table, links)]
    best = np.argsort(-value[links.buyer, links.supplier], kind="stable")[:most]
    return links[best]
