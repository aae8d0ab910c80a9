"""Who in the world makes each node of a chain, and who supplies whom: one frozen object.

n nodes, K countries, the last of which is the unknown remainder. Notation: s share of a country in the world's supply
of a node, f share of an origin in what a destination uses of it, w part of a requirement group in a node's cost, v the
rest of that cost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices, frozen
from serai.world.chains import Chain
from serai.world.notebook import facts_html
from serai.world.supply.concentration import Concentration, concentration
from serai.world.supply.flows import Flows, fitted
from serai.world.supply.records import OTHERS, UNATTRIBUTED, Grade
from serai.world.supply.requirement_groups import Groups
from serai.world.supply.shares import NodeShares
from serai.world.table.export import package

if TYPE_CHECKING:
    import pandas
    import polars

UNKNOWN = "unknown"
"""The label of the unknown remainder among the countries."""

SHOWN = 5
"""Single sources that a notebook names."""


@dataclass(frozen=True)
class Firm:
    """A firm that makes a node in a country; `share` of the world's supply, None where nobody says."""

    name: str
    node: str
    country: str
    share: float | None = None
    source: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class SupplyNetwork:
    """The makers of a chain's nodes by country, the requirement groups of the nodes and who supplies whom.

    `countries` (K,) are alpha-3 codes, and UNKNOWN last. `makers` are the shares by node with grade, source and year.
    `spare` (n,) is the spare capacity of makers that still stand, `final_use` (n,) the part of a node that goes to
    final users. `affinity` (Q, K, K) are seeds of flows, `pattern` (n,) the seed of each node and `flow_grade` (n,)
    how well it is known. `final_users` (Q, K) is the share of each country in final use, `onward` (M,) the part of a
    member's output that goes to the user of its group, `trade` known flows by node.

    Raises ValueError for arrays whose shapes do not fit.
    """

    chain: Chain
    countries: tuple[str, ...]
    makers: tuple[NodeShares, ...]
    groups: Groups
    spare: Array
    final_use: Array
    affinity: Array
    pattern: Indices
    flow_grade: tuple[str, ...]
    final_users: Array
    onward: Array
    trade: Mapping[int, Array] = field(default_factory=dict)
    firms: tuple[Firm, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        n, K, Q = len(self.chain.nodes), len(self.countries), len(self.affinity)
        if self.countries[-1:] != (UNKNOWN,) or len(set(self.countries)) != K:
            raise ValueError(f"The countries must differ and end with '{UNKNOWN}'.")
        if len(self.makers) != n:
            raise ValueError(f"{n} nodes need the shares of as many; there are {len(self.makers)}.")
        shapes = {
            "spare": (n,),
            "final_use": (n,),
            "affinity": (Q, K, K),
            "pattern": (n,),
            "final_users": (Q, K),
            "onward": (len(self.groups.member),),
        }
        for name, shape in shapes.items():
            values = np.asarray(getattr(self, name)).view()
            if values.shape != shape:
                raise ValueError(f"{name} has shape {values.shape}; {n} nodes and {K} countries need {shape}.")
            object.__setattr__(self, name, frozen(values))

    def __repr__(self) -> str:
        return (
            f"<SupplyNetwork {self.chain.slug}: {self.n} nodes, {len(self.chain.edges)} edges, "
            f"{len(self.countries) - 1} countries>"
        )

    # Labels

    @property
    def unit(self) -> str:
        """The unit of losses."""
        return "of the supply of the end nodes (1 is all)"

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.chain.nodes)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The codes of the nodes."""
        return tuple(node.code for node in self.chain.nodes)

    def node(self, code: str) -> int:
        """The place of a node. Raises KeyError with the nodes that there are."""
        if code not in self._place:
            raise KeyError(f"The chain '{self.chain.slug}' has no node '{code}'; it has {', '.join(self.nodes)}.")
        return self._place[code]

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.nodes)}

    def country(self, code: str) -> int:
        """The place of a country. Raises KeyError."""
        if code not in self._country:
            raise KeyError(f"The network has no country '{code}'.")
        return self._country[code]

    @cached_property
    def _country(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.countries)}

    @cached_property
    def order(self) -> Indices:
        """The nodes with every supplier before its users."""
        return np.argsort([self.chain.layers[code] for code in self.nodes], kind="stable")

    @cached_property
    def ends(self) -> Indices:
        """The nodes for which the chain works: those that critically need others and that no other critically needs.

        Where there is none, the nodes that supply no other. Trade, repair and recovery of what was made stop nothing.
        """
        needed, needs = np.zeros(self.n, bool), np.zeros(self.n, bool)
        needed[self.groups.member[self.groups.critical[self.groups.group_of_member]]] = True
        needs[self.groups.user[self.groups.critical]] = True
        ends = np.flatnonzero(needs & ~needed)
        if ends.size:
            return ends
        return np.array([place for place, code in enumerate(self.nodes) if not self.chain.users_of(code)], np.intp)

    @cached_property
    def groups_of(self) -> tuple[Indices, ...]:
        """The groups that each node needs."""
        return tuple(np.flatnonzero(self.groups.user == node) for node in range(self.n))

    # Makers

    @cached_property
    def shares(self) -> Array:
        """s: share of each country in the world's supply of each node, the unknown remainder last, shape (n, K)."""
        shares = np.zeros((self.n, len(self.countries)))
        for node, makers in enumerate(self.makers):
            for code, share in makers.named.items():
                shares[node, self.country(code)] = share
            shares[node, -1] = makers.others + makers.unattributed
        return frozen(shares)

    @cached_property
    def concentration(self) -> Concentration:
        """How concentrated the makers of each node are, with bounds for the unknown remainder."""
        others = np.array([makers.others for makers in self.makers])
        unattributed = np.array([makers.unattributed for makers in self.makers])
        return concentration(self.shares[:, :-1], others, unattributed)

    @cached_property
    def grades(self) -> tuple[Grade, ...]:
        """The grade of each node's shares."""
        return tuple(makers.grade for makers in self.makers)

    @cached_property
    def end_supply(self) -> Array:
        """Shares of the nodes for which the chain works, each node with the same weight, together 1; (n, K)."""
        supply = np.zeros_like(self.shares)
        supply[self.ends] = self.shares[self.ends] / max(len(self.ends), 1)
        return frozen(supply)

    @cached_property
    def single_sources(self) -> NDArray[np.bool_]:
        """Whether one country alone makes most of a node, by the low end; never where shares are assumed, (n,)."""
        told = np.array([grade != Grade.ASSUMED for grade in self.grades], dtype=bool)
        single: NDArray[np.bool_] = self.concentration.single_source & told
        return single

    # Flows

    @cached_property
    def use(self) -> Array:
        """Use of each node by country, sums to 1: final users and the makers of the nodes that it feeds, (n, K)."""
        to_makers, weight = np.zeros_like(self.shares), np.zeros(self.n)
        users = self.groups.user[self.groups.group_of_member]
        np.add.at(to_makers, self.groups.member, self.onward[:, None] * self.shares[users])
        np.add.at(weight, self.groups.member, self.onward)
        to_makers /= np.where(weight > 0, weight, 1)[:, None]
        final = np.where(weight > 0, self.final_use, 1.0)[:, None]
        return frozen(final * self.final_users[self.pattern] + (1 - final) * to_makers)

    @cached_property
    def flows(self) -> Flows:
        """f: share of each origin in what a destination uses of a node, and how well it was fitted."""
        return fitted(self.shares, self.use, self.affinity[self.pattern], self.trade)

    # What stops: only makers can, and only where users make something does it matter

    @cached_property
    def makers_of(self) -> tuple[Indices, ...]:
        """The countries that make each node, the unknown remainder among them, ascending."""
        return tuple(np.flatnonzero(row > 0) for row in self.shares)

    @cached_property
    def users_in(self) -> tuple[Indices, ...]:
        """The countries where the users of each node are made, ascending."""
        used_in = np.zeros_like(self.shares, dtype=bool)
        np.logical_or.at(used_in, self.groups.member, self.shares[self.groups.user[self.groups.group_of_member]] > 0)
        return tuple(np.flatnonzero(row) for row in used_in)

    @cached_property
    def position(self) -> Indices:
        """Where each country stands among the makers of each node, -1 if it makes none, shape (n, K)."""
        position = np.full(self.shares.shape, -1)
        for node, makers in enumerate(self.makers_of):
            position[node, makers] = np.arange(len(makers))
        return frozen(position)

    def flows_to_users(self, node: int, dtype: type[np.floating[Any]] = np.float64) -> Array:
        """f from the makers of a node to where its users are made, (makers, places)."""
        return self._single_blocks[node] if dtype == np.float32 else self._blocks[node]

    @cached_property
    def _blocks(self) -> tuple[Array, ...]:
        return tuple(
            np.ascontiguousarray(self.flows.shares[node][np.ix_(self.makers_of[node], self.users_in[node])])
            for node in range(self.n)
        )

    @cached_property
    def _single_blocks(self) -> tuple[Array, ...]:
        return tuple(block.astype(np.float32) for block in self._blocks)

    def columns(self, node: int, user: int) -> Indices | slice:
        """Where the makers of a user stand among `users_in` of the node that it uses."""
        return self._columns[node, user]

    @cached_property
    def _columns(self) -> Mapping[tuple[int, int], Indices | slice]:
        pairs = zip(self.groups.member.tolist(), self.groups.user[self.groups.group_of_member].tolist(), strict=True)
        columns: dict[tuple[int, int], Indices | slice] = {}
        for node, user in pairs:
            places, makers = self.users_in[node], self.makers_of[user]
            columns[node, user] = slice(None) if len(places) == len(makers) else np.searchsorted(places, makers)
        return columns

    def use_of_users(self, node: int) -> Array:
        """Share of each place of `users_in` in what the users of a node use, (places,)."""
        use = self.use[node, self.users_in[node]]
        return use / use.sum() if use.sum() else np.full(len(use), 1 / max(len(use), 1))

    # Look-through

    @cached_property
    def own_part(self) -> Array:
        """v: what a node's makers add themselves or buy outside of the chain, shape (n,)."""
        inputs = np.bincount(self.groups.user, self.groups.share, self.n)
        return frozen(np.maximum(1 - inputs, 0))

    @cached_property
    def origins_of_made(self) -> Array:
        """T: origin of the value of a unit of each node made in each country: node, maker, origin; (n, K, K)."""
        K = len(self.countries)
        origins = np.zeros((self.n, K, K))
        for node in self.order:
            np.fill_diagonal(origins[node], self.own_part[node])
            for group in self.groups_of[node]:
                for place in range(*self.groups.members(int(group)).indices(len(self.groups.member))):
                    weight = self.groups.share[group] * self.groups.part[place]
                    member = self.groups.member[place]
                    origins[node] += weight * (self.flows.shares[member].T @ origins[member])
        return frozen(origins)

    @cached_property
    def origins_of_used(self) -> Array:
        """O: origin of the value of a unit of each node used in each country: node, user, origin; (n, K, K)."""
        return frozen(np.matmul(self.flows.shares.transpose(0, 2, 1), self.origins_of_made))

    # For people and other libraries

    def records(self) -> list[dict[str, Any]]:
        """One record per node and country: node, country, share, grade, year, source; remainders included."""
        return [
            {
                "node": code,
                "country": country,
                "share": share,
                "grade": makers.grade.value,
                "year": makers.year,
                "source": makers.source,
            }
            for code, makers in zip(self.nodes, self.makers, strict=True)
            for country, share in self._ranked(makers)
        ]

    @staticmethod
    def _ranked(makers: NodeShares) -> Sequence[tuple[str, float]]:
        rest = [(OTHERS, makers.others), (UNATTRIBUTED, makers.unattributed)]
        return [*sorted(makers.named.items(), key=lambda pair: -pair[1]), *(pair for pair in rest if pair[1] > 1e-9)]

    def node_records(self) -> list[dict[str, Any]]:
        """One record per node: how concentrated its makers are, between which bounds, by which source."""
        concentration = self.concentration
        effective = concentration.effective_number
        return [
            {
                "node": node.code,
                "title": node.title.get("en", node.code),
                "largest": self.countries[concentration.largest[place]] if concentration.largest[place] >= 0 else "",
                "first": float(concentration.first[place]),
                "first_three": float(concentration.first_three[place]),
                "unknown": float(self.shares[place, -1]),
                "concentration_low": float(concentration.low[place]),
                "concentration_high": float(concentration.high[place]),
                "effective_low": float(effective[0][place]),
                "effective_high": float(effective[1][place]) or None,
                "single_source": bool(self.single_sources[place]),
                "concentrated": bool(concentration.concentrated[place]),
                "grade": self.grades[place].value,
                "year": self.makers[place].year,
                "source": self.makers[place].source,
                "withheld": ", ".join(self.makers[place].withheld),
            }
            for place, node in enumerate(self.chain.nodes)
        ]

    def to_polars(self) -> "polars.DataFrame":
        """`records` as a frame."""
        frame: polars.DataFrame = package("polars").DataFrame(self.records(), infer_schema_length=None)
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """`records` as a frame."""
        return package("pandas").DataFrame(self.records())

    def cite(self) -> str:
        """The sources of the shares, one a line, with the nodes that rest on each."""
        by_source: dict[str, list[str]] = {}
        for code, makers in zip(self.nodes, self.makers, strict=True):
            by_source.setdefault(makers.source or "no source", []).append(code)
        return "\n".join(f"{source}: {', '.join(codes)}" for source, codes in by_source.items())

    def _repr_html_(self) -> str:
        concentration = self.concentration
        single = [
            f"{self.nodes[place]} ({self.countries[concentration.largest[place]]} {concentration.first[place]:.0%})"
            for place in np.flatnonzero(self.single_sources)
        ]
        more = f" and {len(single) - SHOWN} more" if len(single) > SHOWN else ""
        counts = {grade: self.grades.count(grade) for grade in Grade}
        facts = [
            ("nodes", str(self.n)),
            ("edges", str(len(self.chain.edges))),
            ("requirement groups", str(len(self.groups))),
            ("countries", str(len(self.countries) - 1)),
            ("firms", str(len(self.firms)) if self.firms else ""),
            ("single sources", (", ".join(single[:SHOWN]) or "none known") + more),
            ("grades of shares", ", ".join(f"{grade.value} {count}" for grade, count in counts.items() if count)),
            ("table", self.source),
            ("cite", self.cite()),
        ]
        return facts_html(f"Supply network: {self.chain.title.get('en', self.chain.slug)}", facts)
