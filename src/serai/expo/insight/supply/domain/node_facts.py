"""What is told of one node beside the map: its makers and the sources of their shares, what stops with the largest,
its neighbours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.offers.chains.domain.chain_maps import NodeStanding

SOURCE_WORDS: Mapping[str, str | Promise] = {
    "output of the industry, ": _("output of the industry, "),
    "Shares of makers that come with Serai, each with its own source and year": _(
        "shares of makers that come with Serai, each with its own source and year"
    ),
    "Shares of exports derived from UN Comtrade, 2017, by heading of the Harmonized System (as cleaned by the Growth "
    "Lab's economiccomplexity data); an exporter's share, not a maker's": _(
        "shares of exports of 2017 by heading of the Harmonized System, derived from UN Comtrade as cleaned by the "
        "Growth Lab (shares of exporters, not of makers)"
    ),
}
"""By how such a source begins."""


def source_in_words(text: str) -> tuple[str, str]:
    """What a source says in words of Serai, in the reader's language, and the rest, which is of its publisher."""
    begins = next((begins for begins in SOURCE_WORDS if text.startswith(begins)), "")
    return (str(SOURCE_WORDS[begins]), text.removeprefix(begins)) if begins else ("", text)


MOST_MAKERS = 6
GRADES: Mapping[str, str | Promise] = {
    "A": _("stated by a source about this very product"),
    "B": _("exports under a heading that is chiefly this product"),
    "C": _("the industry as a whole, or a heading that several nodes share"),
    "D": _("assumed"),
}
"""How well a share is known, by its grade."""


@dataclass(frozen=True)
class Loss:
    """A node for which the chain works, and what of it is missing, low and high end."""

    place: NodeStanding
    low: float
    high: float


@dataclass(frozen=True)
class NodeFacts:
    """A node with its neighbours on the chain; ``world`` is its part of the stored exposure, None where it awaits.

    Neighbours that are two steps away do not stand among those one step away.
    """

    place: NodeStanding
    unanswered: int
    world: Mapping[str, Any] | None
    stops: Sequence[Loss]
    suppliers: Sequence[NodeStanding]
    suppliers_before: Sequence[NodeStanding]
    users: Sequence[NodeStanding]
    users_after: Sequence[NodeStanding]

    @property
    def makers(self) -> Sequence[tuple[str, float]]:
        """The largest makers by country."""
        return self.world["makers"][:MOST_MAKERS] if self.world else ()

    @property
    def other_makers(self) -> float:
        """The share of all others that are known by country."""
        return sum(share for _country, share in self.world["makers"][MOST_MAKERS:]) if self.world else 0.0

    @property
    def unknown(self) -> float:
        """The share of makers that are not known by country."""
        return float(self.world["unknown"]) if self.world else 0.0

    @property
    def grade(self) -> str | Promise:
        return GRADES.get(self.world["grade"], "") if self.world else ""

    @property
    def source(self) -> tuple[str, str]:
        """The source of the shares: what it says in words of Serai, and the publisher's, which stay in its language."""
        return source_in_words(self.world["source"] if self.world else "")


def node_facts(
    code: str,
    places: Mapping[str, NodeStanding],
    edges: Sequence[tuple[str, str]],
    unanswered: Mapping[str, int],
    world: Mapping[str, Mapping[str, Any]],
) -> NodeFacts:
    """The facts of a node, by the edges (supplier, user) of its chain and the nodes of the stored exposure."""
    before, before_that = _steps(code, [(user, supplier) for supplier, user in edges])
    after, after_that = _steps(code, edges)
    node = world.get(code)
    stops = node["if_largest_stops"] if node else {}
    return NodeFacts(
        place=places[code],
        unanswered=unanswered.get(code, 0),
        world=node,
        stops=[
            Loss(places[end], low, high)
            for end, (low, high) in sorted(stops.items(), key=lambda pair: -pair[1][1])
            if end in places
        ],
        suppliers=[places[other] for other in before],
        suppliers_before=[places[other] for other in before_that],
        users=[places[other] for other in after],
        users_after=[places[other] for other in after_that],
    )


def _steps(code: str, edges: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The nodes to which edges lead from a node, and those to which edges lead from these."""
    first = [end for start, end in edges if start == code]
    second = [end for start, end in edges if start in first and end not in first and end != code]
    return first, list(dict.fromkeys(second))
