"""The inputs of a participant: what it declares and needs, what its firm buys, and what its products are made of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Flow
from serai.expo.insight.exposure.domain.sources import inputs_of
from serai.expo.insight.exposure.models import DeclaredInput
from serai.expo.offers.chains.domain.positions import nodes_of
from serai.expo.offers.chains.models import CONFIDENT, Edge, Node, Placement

MOST = 24
"""Inputs that a page shows: those declared first, then needs, flows and what products are made of."""


class Origin(StrEnum):
    """Why something is taken for an input."""

    DECLARED = "declared"
    NEED = "need"
    FLOW = "flow"
    CHAIN = "chain"


@dataclass(frozen=True)
class Input:
    """An input at a link of a chain. ``sources`` are (country, firm, share from 0 to 1), empty where not declared."""

    node: int
    chain: str
    code: str
    origin: Origin
    need: int | None = None
    declared: int | None = None
    stock_weeks: float | None = None
    sources: tuple[tuple[str, str, float], ...] = ()
    uses: tuple[int, ...] = ()
    """The links that the firm makes and that need this input."""


@dataclass(frozen=True)
class Inputs:
    """The inputs that a model can look at, and the declared ones that stand on no link of the fair's chains."""

    known: tuple[Input, ...]
    unplaced: tuple[int, ...]


def inputs_at_links(participation: Participation) -> Inputs:
    """The inputs of a participant, each link once, in the order of MOST."""
    nodes = {node.pk: node for node in nodes_of(participation.edition)}
    needed, made = _placed(participation, nodes)
    used_by = _used_by(made, nodes)
    found: dict[int, Input] = {}
    unplaced = []
    for row in inputs_of(participation):
        place = row.node_id or needed.get(row.need_id or 0)
        if place is not None and place in nodes:
            found.setdefault(place, _declared(row, nodes[place], used_by.get(place, ())))
        else:
            unplaced.append(row.pk)
    guessed: list[tuple[int, Origin, int | None]] = [(node, Origin.NEED, need) for need, node in needed.items()]
    guessed += [(node, Origin.FLOW, None) for node in _bought(participation, nodes)]
    guessed += [(node, Origin.CHAIN, None) for node in used_by]
    for node, origin, need in guessed:
        found.setdefault(node, _input(nodes[node], origin, used_by.get(node, ()), need))
    return Inputs(tuple(found.values())[:MOST], tuple(unplaced))


def _placed(participation: Participation, nodes: Mapping[int, Node]) -> tuple[dict[int, int], list[int]]:
    """The link of each need that has one, and the links of what the participant offers."""
    rows = Placement.objects.filter(participation=participation, node__in=list(nodes)).order_by("-confidence", "pk")
    needed: dict[int, int] = {}
    made: list[int] = []
    for node, need, confidence in rows.values_list("node_id", "need_id", "confidence"):
        if need:
            needed.setdefault(need, node)
        elif confidence >= CONFIDENT:
            made.append(node)
    return needed, made


def _used_by(made: Collection[int], nodes: Mapping[int, Node]) -> dict[int, tuple[int, ...]]:
    """By link that what is made needs, the links of what is made."""
    edges = Edge.objects.filter(user__in=made).order_by("user", "supplier__order")
    used_by: defaultdict[int, list[int]] = defaultdict(list)
    for supplier, user in edges.values_list("supplier_id", "user_id"):
        if supplier in nodes:
            used_by[supplier].append(user)
    return {supplier: tuple(users) for supplier, users in used_by.items()}


def _input(node: Node, origin: Origin, uses: tuple[int, ...], need: int | None = None) -> Input:
    return Input(node.pk, node.chain.slug, node.code, origin, need=need, uses=uses)


def _declared(row: DeclaredInput, node: Node, uses: tuple[int, ...]) -> Input:
    return Input(
        node.pk,
        node.chain.slug,
        node.code,
        Origin.DECLARED,
        need=row.need_id,
        declared=row.pk,
        stock_weeks=None if row.stock_weeks is None else float(row.stock_weeks),
        sources=tuple((source.country, source.firm, float(source.share) / 100) for source in row.sources.all()),
        uses=uses,
    )


def _bought(participation: Participation, nodes: Mapping[int, Node]) -> Iterator[int]:
    """The links of what the firm says it buys, by the heading of the Harmonized System."""
    bought = Flow.objects.filter(
        firm=participation.firm_id, direction=Flow.Direction.INPUT, scheme=Flow.Scheme.HS
    ).values_list("code", flat=True)
    headings = {code[:4] for code in bought if len(code) >= 4}
    for pk, node in nodes.items():
        if headings.intersection(code[:4] for code in node.hs):
            yield pk
