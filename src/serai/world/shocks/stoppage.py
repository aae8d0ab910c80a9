"""Supply stop: makers of a chain's nodes stop, and what needs them stops after its stocks (docs/method/supply.md).

The losses of a node are shares of the world's supply of it. As value added they count for the end nodes of the chain,
each by the same weight, so that the total is the mean loss of the end nodes; as output they count for every node.
"""

from collections.abc import Iterable
from typing import Literal

from serai.world.shocks import Horizon, Losses, shock
from serai.world.shocks.values import SHARE, Parameter, either, one_of, whole
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.stoppage import HORIZONS, SOURCES, Stoppage, stop

MOST_WEEKS = 520
ENDS = ("low", "high")


@shock(
    "supply-stop",
    on="supply",
    question="What of each node of a chain is missing when makers stop, and for how long do stocks last?",
    parameters={
        "countries": "countries that stop, everywhere or in the nodes named; none when left out",
        "nodes": "nodes of the chain that stop, in the countries named or in all; none when left out",
        "firms": "firms that stop; none when left out",
        "straits": "straits and canals that are closed; none when left out",
        "share": Parameter("the part that is lost, from 0 to 1, all of it when left out", SHARE),
        "weeks": Parameter(
            "for how many weeks; without stocks when left out",
            either(f"a whole number from 1 to {MOST_WEEKS}", whole(1, MOST_WEEKS)),
        ),
        "recovery": Parameter("weeks in which what was lost comes back by even steps", whole(0, MOST_WEEKS)),
        "horizon": Parameter(
            "contracts: weeks, who supplies whom stays; pool: months, all get the same", one_of(HORIZONS)
        ),
        "unknown": Parameter(
            "low: the makers that nobody names go on; high: they are hit like the largest", one_of(ENDS)
        ),
    },
    horizon=Horizon.WEEKS,
    limits=(
        "Nobody finds a new supplier, and no price changes; spare capacity and stocks are the chain's own numbers.",
        "Shares that nobody states are those of exports or of an industry; see the grade of each node.",
        "Stocks are not filled up again within the answer.",
    ),
    sources=SOURCES,
)
def supply_stop(
    network: SupplyNetwork,
    countries: Iterable[str] = (),
    nodes: Iterable[str] = (),
    firms: Iterable[str] = (),
    straits: Iterable[str] = (),
    share: float = 1.0,
    weeks: int | None = None,
    recovery: int = 0,
    horizon: Literal["contracts", "pool"] = "contracts",
    unknown: str = "low",
) -> Losses:
    """Losses (n * K,) by node and country, node-major; the answer is the `Stoppage`, with both ends."""
    stoppage = stop(
        network,
        countries=countries,
        nodes=nodes,
        firms=firms,
        straits=straits,
        share=share,
        weeks=weeks,
        recovery=recovery,
        horizon=horizon,
    )
    return losses_of(stoppage, ENDS.index(unknown))


def losses_of(stoppage: Stoppage, end: int) -> Losses:
    """The low (0) or high (1) end of a stoppage as losses by node and country."""
    network = stoppage.network
    missing = stoppage.missing[end]  # (weeks, n, K)
    groups = network.groups.requirements
    bound = tuple(groups[group].code if group >= 0 else "" for group in stoppage.held_by.ravel().tolist())
    return Losses(
        value_added=(network.end_supply * missing.mean(axis=0)).ravel(),
        output=(network.shares * missing.mean(axis=0)).ravel(),
        residual=0.0,
        over_time=(network.end_supply * missing).sum(axis=1) if stoppage.weeks else None,
        bound=bound,
        answer=stoppage,
        horizon=Horizon.YEAR if stoppage.horizon == "pool" else None,
    )
