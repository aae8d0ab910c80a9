"""Cascade: how the failure of firms runs through a network of firms, to their customers and to their suppliers.

The economic systemic risk index of Diem et al. (2022, Scientific Reports 12, 7719). Downstream a firm makes no more
than its scarcest essential input allows, and no more than the share of its other inputs that it gets; what a failing
supplier leaves out others of the same product make good as far as its share in what is left of their market is below 1.
Upstream a firm loses the share of its sales that its customers lose. Each runs by itself, and a firm loses the larger.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from serai.world.firm_network import FirmNetwork
from serai.world.shocks import Horizon, Losses, Status, shock
from serai.world.shocks.values import SHARE, Parameter
from serai.world.table import Array, Indices

if TYPE_CHECKING:
    from serai.world.shocks.cascade.influence import Influence

PATIENCE = 1e-12
"""Change of a firm's output that is not passed on, where one scenario is solved."""

MOST_VISITS = 1000
"""Times that the links of the network are visited at most; what circles of essential inputs still add is then cut."""
LEAST_VISITS = 10_000_000
"""Links that may be visited in any network: in a small one a loss may run in circles for long at little cost."""


@dataclass(frozen=True, eq=False)
class Cascade:
    """Share of its output that each firm loses for want of inputs and for want of customers, (n,), and the index."""

    downstream: Array
    upstream: Array
    index: float


@shock(
    "cascade",
    question="How far does the failure of some firms run through the network in the first weeks?",
    parameters={
        "share": Parameter("share of the firms' output that is gone, 0 to 1; all of it when left out", SHARE),
        "firms": "names or positions of the firms that fail, all that the other parameters leave when left out",
        "countries": "countries of the firms, all when left out",
        "industries": "industries of the firms, all when left out",
        "essential": "products without which no buyer can work; goods and utilities when left out",
        "replaceable": "whether others of the same product stand in for a supplier as far as its market share allows",
    },
    horizon=Horizon.WEEKS,
    limits=(
        "Losses are rates of sales while the failure lasts; nobody finds a new partner, stocks don't help.",
        "Sales to final users count in a firm's size, but only firms that buy can be missed upstream.",
        "Without replacement a loss that runs in a circle of essential inputs grows until all of it stands still.",
    ),
    sources=("Diem, Borsos, Reisch, Kertész and Thurner (2022), Scientific Reports 12, 7719",),
    on="network",
)
def cascade(
    network: FirmNetwork,
    share: float = 1.0,
    firms: Sequence[str | int] | None = None,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    essential: Iterable[str] | None = None,
    replaceable: bool = True,
) -> Losses:
    """Sales lost when some firms fail together; `answer` is a `Cascade`. On a network value added is sales."""
    # Numba takes a second to load, and most commands never ask for a cascade.
    from serai.world.shocks.cascade.active import spread, state_of
    from serai.world.shocks.cascade.bounds import lower_bound
    from serai.world.shocks.cascade.influence import downstream, upstream

    if not 0 <= share <= 1:
        raise ValueError(f"The share that is gone lies between 0 and 1, not at {share}.")
    failing = _chosen(network, firms, countries, industries)
    needed = None if essential is None else tuple(essential)
    most = max(MOST_VISITS * network.m, LEAST_VISITS)
    lost, residual = [], 0.0
    for links in (downstream(network, needed, replaceable=replaceable), upstream(network)):
        bound = lower_bound(links, PATIENCE, of_markets=PATIENCE)
        state = state_of(bound)
        spread(links, bound, state, failing, np.full(len(failing), float(share)), most)
        lost.append(state.loss)
        residual = max(residual, _residual(network, links, state.loss, failing, share))
    larger = np.maximum(*lost)
    index = float(network.size @ larger / network.size.sum())
    status = Status.SOLVED if residual <= 1e-9 else Status.NOT_CONVERGED
    output = network.size * larger
    return Losses(output, output, residual, status, answer=Cascade(lost[0], lost[1], index))


def _residual(network: FirmNetwork, links: "Influence", loss: Array, failing: Indices, share: float) -> float:
    """The largest difference between a firm's loss and what the losses of the others imply."""
    told = loss.copy()
    traded = links.market >= 0
    left = np.bincount(links.market[traded], (network.size * (1 - loss))[traded], len(links.market_start) - 1)
    rest = np.append(left, 0.0)[links.market]
    told[traded] *= np.divide(network.size, rest, out=np.ones(network.n), where=rest > network.size)[traded]
    missing = np.zeros(len(links.first_source))
    groups = np.repeat(np.arange(len(missing) - 1), np.diff(links.first_source))
    np.add.at(missing, groups, links.source_weight * told[links.source])
    implied = np.zeros(network.n)
    firm = np.repeat(np.arange(network.n), np.diff(links.first_group))
    np.maximum.at(implied, firm, missing[:-1])
    implied[failing] = np.maximum(implied[failing], share)
    return float(np.abs(np.minimum(implied, 1) - loss).max(initial=0))


def _chosen(
    network: FirmNetwork,
    firms: Sequence[str | int] | None,
    countries: Iterable[str] | None,
    industries: Iterable[str] | None,
) -> Indices:
    """Positions of the firms. Raises KeyError for an unknown name, position, country or industry."""
    chosen = np.ones(network.n, dtype=bool)
    if firms is not None:
        chosen[:] = False
        places = {name: place for place, name in enumerate(network.names or ())}
        for firm in firms:
            place = places.get(firm, -1) if isinstance(firm, str) else firm
            if not 0 <= place < network.n:
                raise KeyError(f"The network has no firm {firm!r}.")
            chosen[place] = True
    for labels, codes, wanted in (
        (network.countries, network.country, countries),
        (network.industries, network.industry, industries),
    ):
        if wanted is not None:
            asked = list(wanted)
            unknown = [label for label in asked if label not in labels]
            if unknown:
                raise KeyError(f"The network has no '{unknown[0]}'; it has {', '.join(labels)}.")
            chosen &= np.isin(codes, [labels.index(label) for label in asked])
    return np.flatnonzero(chosen)
