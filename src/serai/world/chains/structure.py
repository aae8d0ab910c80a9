"""The parts of a chain: stages, nodes, requirements, and who supplies whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from graphlib import TopologicalSorter


class ChainError(ValueError):
    """A chain file that cannot be used: one sentence a line, each naming the file, the place and what to do."""


class Position(StrEnum):
    """Where a stage stands in its chain; a service serves the other three."""

    UPSTREAM = "upstream"
    MIDSTREAM = "midstream"
    DOWNSTREAM = "downstream"
    SERVICE = "service"


# Texts are plain dictionaries, which have no hash; a stage, node or chain is hashed by the rest and so can be a key.


@dataclass(frozen=True)
class Stage:
    """One step of a chain; the order of `Chain.stages` is the order of the steps."""

    code: str
    position: Position
    title: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Node:
    """One kind of maker or service in a chain.

    `hs` are HS 2022 headings (4 digits), `isic` ISIC Rev.4 classes (4 digits); `keywords` are, by language, the words
    and phrases by which a firm's text shows that it makes this. `spare_capacity` is what makers that still stand can
    add to their output when others stop, `final_use` the part of the output that goes to final users, both shares;
    None where nobody says. `reason` says why these two are what they are. `summary` describes the node, and `examples`
    are products or services that belong there; both may be empty.
    """

    code: str
    stage: str
    title: Mapping[str, str] = field(hash=False)
    hs: tuple[str, ...]
    isic: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]] = field(hash=False)
    spare_capacity: float | None = None
    final_use: float | None = None
    reason: str = ""
    summary: Mapping[str, str] = field(default_factory=dict, hash=False)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """By language, the words by which a text shows that it belongs here: the keywords and the examples."""
        if not self.examples:
            return self.keywords
        languages = {**self.keywords, **self.examples}
        return {
            language: (*self.keywords.get(language, ()), *self.examples.get(language, ())) for language in languages
        }


@dataclass(frozen=True)
class Requirement:
    """A group of inputs of which any one serves. A node needs all of its groups.

    `share` is the group's part in the cost of the user's output, `member_shares` the parts of the members in the group,
    which sum to 1; None where nobody says. A group that is not `critical` stops nobody. `stock_weeks` is what users
    keep of it, in weeks of normal use. `reason` says why these are what they are.
    """

    user: str
    code: str
    members: tuple[str, ...]
    share: float | None = None
    member_shares: tuple[float, ...] | None = None
    critical: bool = True
    stock_weeks: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Chain:
    """A chain: stages from upstream to downstream, nodes, edges (code of the supplier, code of the user), requirements.

    An edge that stands in no requirement is one of its own.
    """

    slug: str
    title: Mapping[str, str] = field(hash=False)
    summary: Mapping[str, str] = field(hash=False)
    stages: tuple[Stage, ...]
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
    requirements: tuple[Requirement, ...] = ()

    def node(self, code: str) -> Node:
        """The node with this code. Raises KeyError."""
        return self._nodes[code]

    def stage_of(self, code: str) -> Stage:
        """The stage in which the node with this code stands. Raises KeyError."""
        return self._stages[self._nodes[code].stage]

    def suppliers_of(self, code: str) -> tuple[str, ...]:
        """The codes of the nodes that supply this one. Raises KeyError."""
        return self._suppliers[code]

    def users_of(self, code: str) -> tuple[str, ...]:
        """The codes of the nodes that this one supplies. Raises KeyError."""
        return self._users[code]

    @cached_property
    def groups(self) -> tuple[Requirement, ...]:
        """All requirements: those stated, and one for each edge that stands in none, in the order of their users."""
        stated = {(member, group.user) for group in self.requirements for member in group.members}
        single = (
            Requirement(user, supplier, (supplier,)) for supplier, user in self.edges if (supplier, user) not in stated
        )
        place = {node.code: number for number, node in enumerate(self.nodes)}
        return tuple(sorted((*self.requirements, *single), key=lambda group: place[group.user]))

    @cached_property
    def layers(self) -> Mapping[str, int]:
        """The column of each node in a drawing: the number of edges of the longest path that ends in it.

        Raises graphlib.CycleError for a chain with a loop, which `check_chain` names.
        """
        layers: dict[str, int] = {}
        for code in TopologicalSorter(self._suppliers).static_order():
            layers[code] = max((layers[supplier] + 1 for supplier in self._suppliers[code]), default=0)
        return layers

    @cached_property
    def _stages(self) -> Mapping[str, Stage]:
        return {stage.code: stage for stage in self.stages}

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _suppliers(self) -> Mapping[str, tuple[str, ...]]:
        return {code: tuple(supplier for supplier, user in self.edges if user == code) for code in self._nodes}

    @cached_property
    def _users(self) -> Mapping[str, tuple[str, ...]]:
        return {code: tuple(user for supplier, user in self.edges if supplier == code) for code in self._nodes}
