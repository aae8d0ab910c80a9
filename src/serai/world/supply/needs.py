"""What buyers need, from whom they have it now, and what a new source takes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.records import Grade

CONCENTRATION: Mapping[str, float] = {"A": 400.0, "B": 100.0, "C": 30.0, "D": 8.0}
"""By grade, the concentration of the Dirichlet distribution around shares."""

LEAST_THETA, MOST_THETA = 0.05, 0.5
THETA_SPREAD = 1 / 3


@dataclass(frozen=True, eq=False)
class Needs:
    """B needs: `node` (B,) and `country` (B,) of the buyers as places in the network; `present` (B, K) their sourcing
    by country, NaN in the rows of those that declare none; `theta` (B,) what a new source takes, NaN where not agreed;
    `sources` (B,) the effective number of present sources (firms), NaN where not known."""

    node: Indices
    country: Indices
    present: Array
    theta: Array
    sources: Array

    def __len__(self) -> int:
        return len(self.node)


def needs_of(
    network: SupplyNetwork,
    needs: Sequence[tuple[str, str]],
    *,
    present: Mapping[int, Mapping[str, float]] | None = None,
    theta: Mapping[int, float] | None = None,
    sources: Mapping[int, float] | None = None,
) -> Needs:
    """Needs from (node, country of the buyer), with what is declared by the place of the need. Raises KeyError."""
    count, K = len(needs), len(network.countries)
    shares = np.full((count, K), np.nan)
    for place, declared in (present or {}).items():
        shares[place] = 0.0
        for country, share in declared.items():
            shares[place, network.country(country)] += share
        shares[place] /= shares[place].sum()
    agreed, known = np.full(count, np.nan), np.full(count, np.nan)
    agreed[list(theta or ())] = list((theta or {}).values())
    known[list(sources or ())] = list((sources or {}).values())
    return Needs(
        np.array([network.node(node) for node, _ in needs], dtype=np.intp),
        np.array([network.country(country) for _, country in needs], dtype=np.intp),
        shares,
        agreed,
        known,
    )


def sourcing_of(network: SupplyNetwork, needs: Needs, need: int) -> tuple[Array, str, float]:
    """The present sourcing of a need by country (K,), its grade and concentration: declared, or the average of the
    country, which misses a buyer by what one differs from the average and by what the shares may be wrong."""
    declared = needs.present[need]
    if not np.isnan(declared).any():
        return declared, Grade.STATED.value, CONCENTRATION[Grade.STATED.value]
    node = int(needs.node[need])
    average = network.flows.shares[node, :, needs.country[need]]
    spread = 1 / CONCENTRATION[Grade.ASSUMED.value] + 1 / CONCENTRATION[network.grades[node].value]
    return average, Grade.ASSUMED.value, 1 / spread


def theta_of(needs: Needs, need: int, x: Array) -> float:
    """What a new source takes: as agreed, else 1/(n + 1) of n effective sources, within bounds."""
    if np.isfinite(needs.theta[need]):
        return float(np.clip(needs.theta[need], 0, 1))
    n = needs.sources[need] if np.isfinite(needs.sources[need]) else 1 / (x**2).sum()
    return float(np.clip(1 / (n + 1), LEAST_THETA, MOST_THETA))


def drawn_shares(x: Array, concentration: float, draws: int, random: np.random.Generator) -> Array:
    """Draws (draws, K) of shares around x; what is 0 stays 0."""
    weights = random.standard_gamma(np.where(x > 0, concentration * x, 1.0), (draws, len(x))) * (x > 0)
    whole = weights.sum(axis=1, keepdims=True)
    return np.where(whole > 0, weights / np.where(whole > 0, whole, 1), x)
