"""What stops when makers stop: how much of each node, for how long, and what holds each maker back.

Time to survive and to recover: Simchi-Levi, Schmidt and Wei (2014), Harvard Business Review 92(1); Simchi-Levi and
others (2015), Interfaces 45(5). The unknown remainder of a node stands at one end of every answer and is hit like the
node's largest maker at the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.notebook import facts_html
from serai.world.supply.hits import firm_part, hits_of, with_unknown
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.passages import closed
from serai.world.supply.propagation import Cut, propagate

type Horizon = Literal["contracts", "pool"]
HORIZONS: tuple[Horizon, ...] = ("contracts", "pool")
"""contracts: weeks, who supplies whom stays; pool: months, all get the same of what is left in the world."""

MOST_TOLD = 5
SOURCES = (
    "Simchi-Levi, D., W. Schmidt and Y. Wei (2014), From superstorms to factory fires, Harvard Business Review 92(1)",
    (
        "Simchi-Levi, D. and others (2015), Identifying risks and mitigating disruptions in the automotive supply "
        "chain, Interfaces 45(5)"
    ),
)


@dataclass(frozen=True, eq=False, repr=False)
class Stoppage:
    """What a stop takes of n nodes in K countries.

    `loss` (2, weeks, n) is the part of the world's supply of a node that is missing, low and high end by what the
    unknown makers do; `missing` (2, weeks, n, K) by maker; `held_by` (n, K) the group that holds a maker back at the
    low end, -1 for none. Without time there is one week, and no stock is drawn.
    """

    network: SupplyNetwork
    name: str
    horizon: Horizon
    weeks: int | None
    loss: Array
    missing: Array
    held_by: Indices

    def __repr__(self) -> str:
        return f"<Stoppage {self.name}: {self._told(self.end_loss)}>"

    @cached_property
    def lost(self) -> Array:
        """The part of each node that is missing at worst in any week, low and high, shape (2, n)."""
        return self.loss.max(axis=1)

    @cached_property
    def lost_weeks(self) -> Array:
        """Weeks of the world's supply of each node that are lost altogether, low and high, shape (2, n)."""
        return self.loss.sum(axis=1)

    @cached_property
    def end_loss(self) -> Array:
        """`lost` of the nodes for which the chain works, (2, ends)."""
        return self.lost[:, self.network.ends]

    @cached_property
    def weeks_to_survive(self) -> Array:
        """Weeks until a maker cannot make all, (n, K), at the high end of losses; infinite where it always can."""
        return _first_week(self.missing[1].transpose(1, 2, 0))

    @cached_property
    def weeks_to_survive_of_nodes(self) -> Array:
        """Weeks until any of a node is missing in the world, low and high end of losses, shape (2, n)."""
        return _first_week(self.loss.transpose(0, 2, 1))

    def records(self) -> list[dict[str, Any]]:
        """One record for each node of which something is missing."""
        network = self.network
        return [
            {
                "node": network.nodes[node],
                "end": bool(node in network.ends),
                "loss_low": float(self.lost[0, node]),
                "loss_high": float(self.lost[1, node]),
                "weeks_lost_low": float(self.lost_weeks[0, node]) if self.weeks else None,
                "weeks_lost_high": float(self.lost_weeks[1, node]) if self.weeks else None,
                "weeks_to_survive": self._survives(int(node)),
                "held_by": self._held_by(int(node)),
                "grade": network.grades[node].value,
            }
            for node in network.order
            if self.lost[1, node] > 0
        ]

    def _survives(self, node: int) -> float | None:
        weeks = float(self.weeks_to_survive_of_nodes[1, node])
        return weeks if self.weeks and np.isfinite(weeks) else None

    def _held_by(self, node: int) -> str:
        """The group that holds back most of the makers' output, or the hit itself."""
        groups = self.held_by[node]
        short = groups >= 0
        if not short.any():
            return "hit"
        weight = np.bincount(groups[short], self.network.shares[node][short], len(self.network.groups))
        return self.network.groups.requirements[int(weight.argmax())].code

    def cite(self) -> str:
        """The sources of the method and of the shares, one a line."""
        return "\n".join([*SOURCES, self.network.cite()])

    def _told(self, losses: Array) -> str:
        nodes = self.network.ends[np.argsort(-losses[1], kind="stable")][:MOST_TOLD]
        told = [f"{self.network.nodes[node]} {_span(*self.lost[:, node])}" for node in nodes if self.lost[1, node] > 0]
        return ", ".join(told) or "no end node loses anything"

    def _repr_html_(self) -> str:
        first = [
            f"{self.network.nodes[node]} {self.weeks_to_survive_of_nodes[1, node]:.0f}"
            for node in self.network.ends
            if np.isfinite(self.weeks_to_survive_of_nodes[1, node])
        ]
        facts = [
            ("chain", self.network.chain.title.get("en", self.network.chain.slug)),
            ("horizon", self.horizon + (f", {self.weeks} weeks" if self.weeks else "")),
            ("end nodes that lose most", self._told(self.end_loss)),
            ("nodes that lose something", str(int((self.lost[1] > 0).sum()))),
            ("weeks until an end node loses", ", ".join(first) if self.weeks else ""),
            ("cite", self.cite()),
        ]
        return facts_html(f"Stopped: {self.name}", facts)


def _span(low: float, high: float) -> str:
    return f"{low:.1%}" if round(low, 3) == round(high, 3) else f"{low:.1%} to {high:.1%}"


def _first_week(missing: Array) -> Array:
    """Weeks before the first in which something is missing, along the last axis; infinite where nothing ever is."""
    short = missing > 1e-9
    return np.where(short.any(axis=-1), short.argmax(axis=-1), np.inf)


def stop(
    network: SupplyNetwork,
    *,
    countries: Iterable[str] = (),
    nodes: Iterable[str] = (),
    firms: Iterable[str] = (),
    straits: Iterable[str] = (),
    share: float = 1.0,
    weeks: int | None = None,
    recovery: int = 0,
    horizon: Horizon = "contracts",
) -> Stoppage:
    """What is missing of each node when makers lose the part `share` of their output, or straits of their traffic.

    `countries` stop everywhere, or in these `nodes` alone where both are given; `nodes` alone stop in all countries.
    With `weeks` the stop lasts so long and stocks are drawn; it ends by even steps over `recovery` more weeks. Raises
    KeyError for what the network does not have, ValueError for a firm whose size nobody says.
    """
    countries, nodes, firms, straits = list(countries), list(nodes), list(firms), list(straits)
    name = ", ".join([*countries, *nodes, *firms, *straits]) + (f" by {share:.0%}" if share < 1 else "")
    hits = hits_of(_parts(network, countries, nodes, firms, share)[None], [name])
    profile = None if weeks is None else _profile(weeks, recovery)
    cut = Cut(closed(network.countries, straits, share)) if straits else None
    ends = [
        propagate(network, end, profile=profile, pool=horizon == "pool", cut=cut, keep=True)
        for end in (hits, with_unknown(network, hits))
    ]
    assert ends[0].d is not None
    assert ends[1].d is not None
    assert ends[0].held_by is not None
    return Stoppage(
        network=network,
        name=name,
        horizon=horizon,
        weeks=None if profile is None else len(profile),
        loss=np.stack([end.loss[0] for end in ends]),
        missing=np.stack([ends[0].d[0], ends[1].d[0]]),
        held_by=ends[0].held_by[0],
    )


def _profile(weeks: int, recovery: int) -> Array:
    """The strength of a stop by week: whole for `weeks`, then back to none by even steps."""
    steps = np.arange(recovery, 0, -1) / (recovery + 1)
    return np.concatenate([np.ones(weeks), steps])


def _parts(
    network: SupplyNetwork, countries: Sequence[str], nodes: Sequence[str], firms: Sequence[str], share: float
) -> Array:
    """The part that each maker of each node loses, (n, K)."""
    parts = np.zeros(network.shares.shape)
    rows = [network.node(code) for code in nodes]
    columns = [network.country(code) for code in countries]
    if rows and columns:
        parts[np.ix_(rows, columns)] = share
    elif columns:
        parts[:, columns] = share
    elif rows:
        parts[rows] = share
    for name in firms:
        of_name = [firm for firm in network.firms if firm.name == name]
        if not of_name:
            there = ", ".join(dict.fromkeys(firm.name for firm in network.firms)) or "none"
            raise KeyError(f"The network has no firm '{name}'; it has {there}.")
        for firm in of_name:
            place = network.node(firm.node), network.country(firm.country)
            parts[place] = max(parts[place], share * firm_part(network, firm))
    return np.where(network.shares > 0, parts, 0.0)
