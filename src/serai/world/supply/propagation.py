"""How missing makers of a node become missing output of the nodes that need it, hit by hit and week by week.

With h the part of a maker that is hit, k its node's spare capacity, f the flows and s the shares:

    received of j in e     r = (1 + k_j) sum over origins c of f_jc,e a_jc      under contracts (weeks)
                           r = (1 + k_j) sum over origins c of s_jc a_jc        from a pool, the same for all (months)
    a group of inputs      A = min(1, sum over its members of their part times r)
    availability           a = (1 - h) min(1, the smallest A of the critical groups)

Week by week the shortfall 1 - A is drawn from the stock of the group until it is empty. All is computed in what is
missing, d = 1 - a, which is zero but for the nodes after those hit, so rows without any are left out. The weeks of a
hit are computed at once: what a stock has given by a week is the smaller of the stock and all shortfalls so far.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.supply.hits import Hits, every_country
from serai.world.supply.network import SupplyNetwork

NOTHING = 1e-12
"""What is missing below this is nothing."""

AT_ONCE = 4096
"""Rows (hits times weeks) that are computed at once."""

FEW = 8
"""Hits up to which no row is left out: to look for the rows would cost more than it saves."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Flows that a closed passage stops: `part` (K, K) of what goes from the row's country to the column's."""

    part: Array


@dataclass(frozen=True, eq=False)
class Missing:
    """What is missing of each node: `loss` (hits, weeks, n) of the world's supply; `d` (hits, weeks, n, K) by maker and
    `held_by` (hits, n, K), the group that holds a maker back most in all weeks or -1, where they were asked for."""

    loss: Array
    d: Array | None = None
    held_by: Indices | None = None


@dataclass(frozen=True, eq=False)
class _Rows:
    """Values (r, weeks, columns) of the hits `hit` (r,), ascending; all others have none. `shared`: not to be written
    to, others read it."""

    hit: Indices
    values: Array
    shared: bool = False

    def at(self, hits: Indices) -> Array:
        """The values of these hits, (len(hits), weeks, columns), 0 for one that has none."""
        if len(hits) == len(self.hit):
            return self.values
        values = np.zeros((len(hits), *self.values.shape[1:]), self.values.dtype)
        values[np.searchsorted(hits, self.hit)] = self.values
        return values

    def own(self, hits: Indices) -> Array:
        """The same as an array to write to."""
        values = self.at(hits)
        return values.copy() if self.shared and values is self.values else values


def propagate(
    network: SupplyNetwork,
    hits: Hits,
    *,
    profile: Array | None = None,
    pool: bool = False,
    cut: Cut | None = None,
    with_spare: bool = True,
    keep: bool = False,
    single: bool = False,
) -> Missing:
    """What these hits take of each node.

    `profile` (weeks,) is the strength of the hits, and of the cut, in each week, from 0 to 1; with it stocks are drawn.
    Without it there is one week and no stock. `with_spare` False leaves spare capacity out, `keep` gives what is
    missing by maker, `single` computes in single precision, exact to some six digits.
    """
    weeks = 1 if profile is None else len(profile)
    K = len(network.countries)
    loss = np.zeros((hits.count, weeks, network.n))
    d = np.zeros((hits.count, weeks, network.n, K)) if keep else None
    held = np.full((hits.count, network.n, K), -1) if keep else None
    how = _How(profile, pool, cut, with_spare, keep, np.float32 if single else np.float64)
    for chosen in _chunks(hits.count, max(1, AT_ONCE // weeks)):
        run = _Run(network, hits.some(chosen), how)
        for node, missing, by in run.nodes():
            makers = network.makers_of[node]
            rows = chosen.start + missing.hit
            loss[rows, :, node] = missing.values @ network.shares[node, makers].astype(how.dtype)
            if d is not None and held is not None:
                d[rows[:, None], :, node, makers[None, :]] = missing.values.transpose(0, 2, 1)
                if by is not None:
                    held[rows[:, None], node, makers[None, :]] = by
    return Missing(loss, d, held)


def _chunks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


@dataclass(frozen=True, eq=False)
class _How:
    """What `propagate` was asked for."""

    profile: Array | None
    pool: bool
    cut: Cut | None
    with_spare: bool
    keep: bool
    dtype: type[np.floating[Any]]

    @property
    def strength(self) -> Array:
        """The strength of the hits by week, (weeks,)."""
        return np.ones(1, self.dtype) if self.profile is None else self.profile.astype(self.dtype)


class _Run:
    """One pass over the nodes in topological order, for a chunk of hits."""

    def __init__(self, network: SupplyNetwork, hits: Hits, how: _How) -> None:
        self.network, self.hits, self.how = network, hits, how
        self.spare = network.spare if how.with_spare else np.zeros(network.n)
        self.entries = np.argsort(hits.node, kind="stable")
        self.first = np.searchsorted(hits.node[self.entries], np.arange(network.n + 1))
        self.all = np.arange(hits.count)
        self.dense = hits.count <= FEW
        self.arriving: dict[int, _Rows] = {}
        self.left = np.bincount(network.groups.member, minlength=network.n).tolist()

    def nodes(self) -> Iterator[tuple[int, _Rows, Indices | None]]:
        """Each node of which something is missing, what, and the group that holds each maker back most."""
        for node in self.network.order.tolist():
            short, by = self._short(node)
            missing = self._with_own(node, short)
            if missing is not None:
                if by is not None and short is not None and len(by) != len(missing.hit):
                    wide = np.full((len(missing.hit), by.shape[1]), -1)
                    wide[np.searchsorted(missing.hit, short.hit)] = by
                    by = wide
                yield node, missing, by
            if self.left[node]:
                self._send(node, missing)

    def _union(self, parts: list[Indices]) -> Indices:
        """The hits of several lists, ascending."""
        if self.dense:
            return self.all
        if len(parts) == 1:
            return parts[0]
        any_of = np.zeros(self.hits.count, dtype=bool)
        for part in parts:
            any_of[part] = True
        return np.flatnonzero(any_of)

    def _some(self, rows: _Rows) -> _Rows | None:
        """The rows of which something is missing, None if there is none."""
        if self.dense:
            return rows if rows.values.max(initial=0.0) > NOTHING else None
        kept = rows.values.reshape(len(rows.hit), -1).max(axis=1, initial=0.0) > NOTHING
        if kept.all():
            return rows if len(rows.hit) else None
        return _Rows(rows.hit[kept], rows.values[kept]) if kept.any() else None

    def _short(self, node: int) -> tuple[_Rows | None, Indices | None]:
        """What the makers of a node lack of the group that they lack most, and which group that is."""
        groups = self.network.groups_of[node].tolist()
        lacking = [(group, rows) for group in groups if (rows := self._group(node, group)) is not None]
        if not lacking:
            return None, None
        first, rows = lacking[0]
        if len(lacking) == 1:
            return rows, np.full((len(rows.hit), rows.values.shape[2]), first) if self.how.keep else None
        hit = self._union([rows.hit for _, rows in lacking])
        most = rows.own(hit)
        by = np.full((len(hit), most.shape[2]), first) if self.how.keep else None
        for group, rows in lacking[1:]:
            values = rows.at(hit)
            if by is not None:
                by = np.where(values.sum(axis=1) > most.sum(axis=1), group, by)
            np.maximum(most, values, out=most)
        return _Rows(hit, most), by

    def _group(self, node: int, group: int) -> _Rows | None:
        """What the makers of a node lack of one group, after spare capacity and stocks."""
        groups = self.network.groups
        places = groups.members(group)
        members, parts = groups.member[places].tolist(), groups.part[places].tolist()
        live = [
            (member, part, self.arriving[member])
            for member, part in zip(members, parts, strict=True)
            if member in self.arriving
        ]
        for member in members:
            self.left[member] -= 1
            if not self.left[member]:
                self.arriving.pop(member, None)
        if not live or not groups.critical[group]:
            return None
        short = self._lacking(
            node, live, sum(part * self.spare[member] for member, part in zip(members, parts, strict=True))
        )
        stock = float(groups.stock[group])
        if short is not None and self.how.profile is not None and stock > 0:
            given = np.minimum(np.cumsum(short.values, axis=1), stock)
            return self._some(_Rows(short.hit, short.values - np.diff(given, axis=1, prepend=0.0)))
        return short

    def _lacking(self, node: int, live: list[tuple[int, float, _Rows]], filled: float) -> _Rows | None:
        """What is lacking of a group: what is missing of its members that arrive less, less what the others fill."""
        columns = [slice(None) if self.how.pool else self.network.columns(member, node) for member, _, _ in live]
        if len(live) == 1 and filled == 0 and live[0][1] == 1:  # one member without spare capacity: what it lacks
            rows = live[0][2]
            whole = isinstance(columns[0], slice)
            return _Rows(rows.hit, rows.values[:, :, columns[0]], shared=rows.shared or whole)
        hit = self._union([rows.hit for _, _, rows in live])
        lacking: Array | None = None
        for (member, part, rows), column in zip(live, columns, strict=True):
            values = rows.at(hit)[:, :, column] * self.how.dtype(part * (1 + self.spare[member]))
            lacking = values if lacking is None else np.add(lacking, values, out=lacking)
        assert lacking is not None
        lacking -= self.how.dtype(filled)
        np.clip(lacking, 0, 1, out=lacking)
        return self._some(_Rows(hit, lacking))

    def _with_own(self, node: int, short: _Rows | None) -> _Rows | None:
        """What is missing of a node: what its makers lack, and what is hit of themselves."""
        entries = self.entries[self.first[node] : self.first[node + 1]]
        makers = self.network.makers_of[node]
        if short is not None and short.values.shape[2] != len(makers):  # a pool: the same for all
            short = _Rows(short.hit, np.repeat(short.values, len(makers), axis=2))
        if not len(entries):
            return short
        own = self.hits.hit[entries]
        strength = self.how.strength
        if short is None:
            hit = self._union([own, own])
            missing = np.zeros((len(hit), len(strength), len(makers)), self.how.dtype)
        else:
            hit = self._union([own, short.hit])
            missing = short.own(hit)
        rows = own if len(hit) == self.hits.count else np.searchsorted(hit, own)
        columns = self.network.position[node, self.hits.country[entries]]
        part = self.hits.part[entries][:, None].astype(self.how.dtype) * strength
        missing[rows, :, columns] = 1 - (1 - missing[rows, :, columns]) * (1 - part)
        return _Rows(hit, missing)

    def _send(self, node: int, missing: _Rows | None) -> None:
        """What is missing of a node where its users are."""
        if self.how.cut is not None:
            missing = self._whole(node, missing)
        if missing is None:
            return
        r, weeks, m = missing.values.shape
        values = missing.values.reshape(r * weeks, m)
        makers = self.network.makers_of[node]
        if self.how.pool and self.how.cut is None:
            arriving = (values @ self.network.shares[node, makers].astype(self.how.dtype))[:, None]
        else:
            arriving = values @ self.network.flows_to_users(node, self.how.dtype)
            if self.how.cut is not None:
                arriving = arriving + self._cut_off(node, values, r)
            if self.how.pool:
                arriving = (arriving @ self.network.use_of_users(node).astype(self.how.dtype))[:, None]
        self.arriving[node] = _Rows(missing.hit, arriving.reshape(r, weeks, -1), shared=True)

    def _cut_off(self, node: int, values: Array, r: int) -> Array:
        """What a closed passage holds back of what the makers of a node still send, (r * weeks, places)."""
        assert self.how.cut is not None
        part = self.how.cut.part[np.ix_(self.network.makers_of[node], self.network.users_in[node])]
        lost = self.network.flows_to_users(node, np.float64) * part
        held: Array = np.tile(self.how.strength, r)[:, None] * (lost.sum(axis=0) - values @ lost)
        return held

    def _whole(self, node: int, missing: _Rows | None) -> _Rows:
        """The rows of all hits: a closed passage is in the way of each."""
        if missing is None:
            shape = (self.hits.count, len(self.how.strength), len(self.network.makers_of[node]))
            return _Rows(self.all, np.zeros(shape, self.how.dtype))
        return _Rows(self.all, missing.at(self.all))


def missing_by_country(network: SupplyNetwork, nodes: Indices) -> Mapping[int, Array]:
    """By node, what is missing of each maker when each country stops everywhere, (K - 1, K); nobody stops the unknown.

    A country that stops sends nothing. In single precision.
    """
    hits = every_country(network)
    stopped = np.array([network.country(code) for code in hits.names], dtype=np.intp)
    d = propagate(network, hits, keep=True, single=True).d
    assert d is not None
    K = len(network.countries)
    by_node = {}
    for node in nodes.tolist():
        missing = np.zeros((K - 1, K), dtype=np.float32)
        missing[stopped] = d[:, 0, node]
        np.fill_diagonal(missing, 1)
        by_node[node] = missing
    return by_node
