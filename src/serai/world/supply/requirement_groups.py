"""The requirement groups of a chain as arrays, in the order of their users."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices, frozen
from serai.world.chains import Chain, Requirement
from serai.world.industries import cells_making
from serai.world.table import NotMeasured, WorldTable

INPUTS = 0.6
"""Part of a node's cost that its inputs have together where nobody says."""


@dataclass(frozen=True, eq=False)
class Groups:
    """G groups with M members. `user` (G,) is the node that needs the group, `share` (G,) its part in the user's cost,
    `critical` (G,) whether the user stops without it, `stock` (G,) weeks of normal use, `grade` (G,) of the share.

    The members of group g stand at `start[g]` to `start[g + 1]`: `member` (M,) their nodes, `part` (M,) their parts in
    the group, which sum to 1.
    """

    requirements: tuple[Requirement, ...]
    user: Indices
    share: Array
    critical: NDArray[np.bool_]
    stock: Array
    grade: tuple[str, ...]
    start: Indices
    member: Indices
    part: Array

    def __len__(self) -> int:
        return len(self.user)

    def members(self, group: int) -> slice:
        """Where the members of a group stand."""
        return slice(int(self.start[group]), int(self.start[group + 1]))

    @cached_property
    def group_of_member(self) -> Indices:
        """The group of each member, shape (M,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))


def groups_of(chain: Chain, table: WorldTable | None) -> Groups:
    """The groups of a chain. A part that nobody states is the technical coefficient of the industries in the table,
    split over the inputs of one industry; without a table the inputs of a node share INPUTS evenly."""
    place = {node.code: number for number, node in enumerate(chain.nodes)}
    requirements = chain.groups
    user = np.array([place[group.user] for group in requirements], dtype=np.intp)
    start = np.concatenate([[0], np.cumsum([len(group.members) for group in requirements])]).astype(np.intp)
    member = np.array([place[code] for group in requirements for code in group.members], dtype=np.intp)
    share, grades = _shares(chain, requirements, user, start, member, table)
    parts = [
        number
        for group in requirements
        for number in (group.member_shares or (1 / len(group.members),) * len(group.members))
    ]
    part = np.array(parts, dtype=float)
    sums = np.add.reduceat(part, start[:-1]) if len(part) else part
    return Groups(
        requirements=requirements,
        user=frozen(user),
        share=frozen(share),
        critical=frozen(np.array([group.critical for group in requirements], dtype=bool)),
        stock=frozen(np.array([group.stock_weeks for group in requirements], dtype=float)),
        grade=tuple(grades),
        start=frozen(start),
        member=frozen(member),
        part=frozen(part / np.repeat(sums, np.diff(start))),
    )


def _shares(
    chain: Chain,
    requirements: tuple[Requirement, ...],
    user: Indices,
    start: Indices,
    member: Indices,
    table: WorldTable | None,
) -> tuple[Array, list[str]]:
    """The part of each group in the cost of its user (G,), and its grade."""
    stated = np.array([np.nan if group.share is None else group.share for group in requirements])
    share, grades = stated.copy(), ["D" if np.isnan(value) else "A" for value in stated]
    coefficients = None if table is None else _coefficients(chain, table)
    for node in np.unique(user):
        groups = np.flatnonzero(user == node)
        open_ = groups[np.isnan(stated[groups])]
        if not len(open_):
            continue
        assumed = np.full(len(open_), INPUTS / len(groups))
        if coefficients is not None:
            inputs = member[np.isin(np.repeat(user, np.diff(start)), node)]
            means = [_coefficient(coefficients, inputs, member[start[g] : start[g + 1]], node) for g in open_]
            if all(mean is not None and mean > 0 for mean in means):
                assumed = np.array(means, dtype=float)
                for g in open_:
                    grades[g] = "C"
        left = max(0.0, 1 - np.nansum(stated[groups]))
        share[open_] = assumed * min(1.0, left / max(assumed.sum(), np.finfo(float).tiny))
    return share, grades


def industries_of_nodes(chain: Chain, table: WorldTable) -> list[Indices]:
    """The industries of the table that make each node; empty where it doesn't tell."""
    industries = []
    for node in chain.nodes:
        try:
            industries.append(np.unique(cells_making(table, node.isic) % table.n_industries))
        except NotMeasured:
            industries.append(np.array([], dtype=np.intp))
    return industries


def _coefficients(chain: Chain, table: WorldTable) -> tuple[list[Indices], Array]:
    """The industries of each node, and the world's technical coefficients between industries (S, S)."""
    S, N = table.n_industries, table.n_countries
    flows = table.Z.reshape(N, S, N, S).sum(axis=(0, 2))
    output = table.x.reshape(N, S).sum(axis=0)
    return industries_of_nodes(chain, table), np.divide(flows, output, out=np.zeros_like(flows), where=output > 0)


def _coefficient(
    coefficients: tuple[list[Indices], Array], inputs: Indices, members: Indices, user: int
) -> float | None:
    """What a unit of the user takes of a group: the mean of its members' coefficients, each split over the inputs of
    the same industries."""
    industries, A = coefficients
    if not len(industries[user]):
        return None
    values = []
    for node in members:
        if not len(industries[node]):
            return None
        alike = sum(np.array_equal(industries[node], industries[other]) for other in inputs)
        values.append(A[np.ix_(industries[node], industries[user])].sum(axis=0).mean() / alike)
    return float(np.mean(values))
