"""Supply networks drawn at random: for benchmarks, and for tests against a truth that is known."""

import numpy as np

from serai.world.arrays import Array
from serai.world.chains import Chain, Node, Position, Requirement, Stage
from serai.world.supply.compilation import nearness
from serai.world.supply.geography import places
from serai.world.supply.network import UNKNOWN, SupplyNetwork
from serai.world.supply.records import Grade
from serai.world.supply.requirement_groups import groups_of
from serai.world.supply.shares import NodeShares

REACH = 40
"""Nodes before a node among which its inputs are drawn."""


def generate_supply(
    nodes: int,
    countries: int,
    seed: int,
    *,
    makers: int | None = None,
    spread: float = 0.3,
    any_of: float = 0.3,
    spare: float = 0.1,
    stock_weeks: float = 0.0,
    unknown: float = 0.0,
    grade: Grade = Grade.STATED,
) -> SupplyNetwork:
    """A chain of random requirement groups whose nodes are made in random shares.

    Each node has up to three groups, `any_of` the chance that a second member serves as well; shares are Dirichlet of
    concentration `spread` over `makers` countries drawn for each node, all where left out; `unknown` goes to nobody.
    `spare` and `stock_weeks` are the most that is drawn of them.
    """
    rng = np.random.default_rng(seed)
    codes = [f"n{place}" for place in range(nodes)]
    requirements = _requirements(codes, rng, any_of, stock_weeks)
    chain = Chain(
        slug="random",
        title={"en": "Random"},
        summary={"en": "Drawn at random."},
        stages=(Stage("all", Position.MIDSTREAM, {"en": "All"}),),
        nodes=tuple(
            Node(code, "all", {"en": code}, (), (), {}, spare_capacity=float(rng.uniform(0, spare))) for code in codes
        ),
        edges=tuple((member, group.user) for group in requirements for member in group.members),
        requirements=requirements,
    )
    all_places = places()
    largest = [all_places.countries[place] for place in np.argsort(-all_places.gdp)[:countries]]
    labels = (*sorted(largest), UNKNOWN)
    shares = tuple(_makers(labels[:-1], rng, makers, spread, unknown, grade) for _ in codes)
    size = np.append(rng.dirichlet(np.full(countries, spread)), 0.0)
    groups = groups_of(chain, None)
    return SupplyNetwork(
        chain=chain,
        countries=labels,
        makers=shares,
        groups=groups,
        spare=np.array([node.spare_capacity or 0.0 for node in chain.nodes]),
        final_use=np.zeros(nodes),
        affinity=nearness(labels)[None],
        pattern=np.zeros(nodes, dtype=np.intp),
        flow_grade=("D",) * nodes,
        final_users=size[None],
        onward=np.ones(len(groups.member)),
        source="drawn at random",
    )


def _requirements(
    codes: list[str], rng: np.random.Generator, any_of: float, stock_weeks: float
) -> tuple[Requirement, ...]:
    requirements = []
    for user in range(1, len(codes)):
        before = np.arange(max(0, user - REACH), user)
        inputs = rng.permutation(before)[: int(rng.integers(1, 4))].tolist()
        while inputs:
            taken = [inputs.pop() for _ in range(1 + (len(inputs) > 1 and rng.random() < any_of))]
            requirements.append(
                Requirement(
                    user=codes[user],
                    code=codes[taken[0]],
                    members=tuple(codes[place] for place in taken),
                    member_shares=tuple(float(part) for part in rng.dirichlet(np.full(len(taken), 3.0))),
                    stock_weeks=float(rng.uniform(0, stock_weeks)),
                )
            )
    return tuple(requirements)


def _makers(
    labels: tuple[str, ...],
    rng: np.random.Generator,
    makers: int | None,
    spread: float,
    unknown: float,
    grade: Grade,
) -> NodeShares:
    chosen = rng.permutation(len(labels))[: makers or len(labels)]
    drawn: Array = rng.dirichlet(np.full(len(chosen), spread)) * (1 - unknown)
    named = {labels[place]: float(share) for place, share in zip(chosen, drawn, strict=True) if share > 0}
    return NodeShares(named, 0.0, unknown, grade, source="drawn at random")
