"""What buyers need, from whom they have it now, and what a new source takes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.supply.network import UNKNOWN, SupplyNetwork
from serai.world.supply.records import Grade
from serai.world.supply.shares import NodeShares

CONCENTRATION: Mapping[str, float] = {"A": 400.0, "B": 100.0, "C": 30.0, "D": 8.0}
"""By grade, the concentration of the Dirichlet distribution around shares."""

LEAST_THETA, MOST_THETA = 0.05, 0.5
THETA_SPREAD = 1 / 3

TRACE = 1e-6
"""Share by which a supplier's country is taken in among the makers of a node that are known."""


@dataclass(frozen=True)
class Amount:
    """An amount above 0 and its unit, with the currency where it is money: 12.5 "USD/kg", 3,000,000 "USD a year".

    Raises ValueError for a number that is not above 0 or a unit left out.
    """

    value: float
    unit: str

    def __post_init__(self) -> None:
        if not (isfinite(self.value) and self.value > 0 and self.unit.strip()):
            raise ValueError(
                f"'{self.value} {self.unit}' is no amount; give a number above 0 and a unit, as 12.5 USD/kg."
            )

    @property
    def key(self) -> str:
        """The unit as it is compared with another: without spaces. Case counts, Mg is not mg."""
        return "".join(self.unit.split())


@dataclass(frozen=True, eq=False)
class Needs:
    """B needs: `node` (B,) and `country` (B,) of the buyers as places in the network; `present` (B, K) their sourcing
    by country, NaN in the rows of those that declare none; `theta` (B,) what a new source takes, NaN where not agreed;
    `sources` (B,) the effective number of present sources (firms), NaN where not known. By the place of a need, where
    stated: `price`, what it costs now, and `value`, what it costs in a year."""

    node: Indices
    country: Indices
    present: Array
    theta: Array
    sources: Array
    price: Mapping[int, Amount] = field(default_factory=dict)
    value: Mapping[int, Amount] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.node)


def needs_of(
    network: SupplyNetwork,
    needs: Sequence[tuple[str, str]],
    *,
    present: Mapping[int, Mapping[str, float]] | None = None,
    theta: Mapping[int, float] | None = None,
    sources: Mapping[int, float] | None = None,
    price: Mapping[int, Amount] | None = None,
    value: Mapping[int, Amount] | None = None,
) -> Needs:
    """Needs from (node, country of the buyer), with what is declared by the place of the need. Raises KeyError."""
    count, K = len(needs), len(network.countries)
    shares = np.full((count, K), np.nan)
    for place, declared in (present or {}).items():
        shares[place] = 0.0
        for country, share in declared.items():
            shares[place, network.country(country)] += share
        shares[place] /= shares[place].sum()
    agreed, effective = np.full(count, np.nan), np.full(count, np.nan)
    agreed[list(theta or ())] = list((theta or {}).values())
    effective[list(sources or ())] = list((sources or {}).values())
    return Needs(
        np.array([network.node(node) for node, _ in needs], dtype=np.intp),
        np.array([network.country(country) for _, country in needs], dtype=np.intp),
        shares,
        agreed,
        effective,
        price or {},
        value or {},
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
    some = np.flatnonzero(x > 0)
    weights = np.zeros((draws, len(x)))
    weights[:, some] = random.standard_gamma(concentration * x[some], (draws, len(some)))
    whole = weights.sum(axis=1, keepdims=True)
    return np.where(whole > 0, weights / np.where(whole > 0, whole, 1), x)


def with_makers(network: SupplyNetwork, needs: Needs, places: Indices) -> SupplyNetwork:
    """The network with the suppliers' countries, and those that buyers declare, among the makers of what is needed."""
    makers = list(network.makers)
    for node in np.unique(needs.node).tolist():
        declared = np.nan_to_num(needs.present[needs.node == node]).max(axis=0, initial=0)
        wanted = {network.countries[place] for place in [*places.tolist(), *np.flatnonzero(declared).tolist()]}
        missing = wanted - {code for code, share in makers[node].named.items() if share > 0} - {UNKNOWN}
        if missing:
            makers[node] = _taken_in(makers[node], missing)
    return replace(network, makers=tuple(makers))


def _taken_in(makers: NodeShares, missing: set[str]) -> NodeShares:
    left = 1 - TRACE * len(missing)
    named = {code: share * left for code, share in makers.named.items()} | dict.fromkeys(sorted(missing), TRACE)
    return replace(makers, named=named, others=makers.others * left, unattributed=makers.unattributed * left)
