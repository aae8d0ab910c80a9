"""Supply chains: the stages from raw material to after-sales, the makers at each stage, and who supplies whom.

A chain is one TOML file; the comment at the head of clean-energy.toml explains the format. Nine chains come with Serai:
the six of the mission, and three that a fair chooses. An organiser adds its own.
The graph has no loop: worn-out goods leave the chain at a recovery node, which supplies no other node.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable

from serai.world.classifications import harmonized_system, isic

MISSION = (
    "smart-vehicle",
    "green-agriculture",
    "clean-energy",
    "digital-technology",
    "healthy-life",
    "supply-chain-services",
)
"""The chains of the mission: those of a fair that has chosen none."""

CHOSEN = ("advanced-manufacturing", "textiles-and-apparel", "minerals-and-metals")
"""The built-in chains that only those fairs have that choose them."""

BUILTIN = MISSION + CHOSEN


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
    and phrases by which a firm's text shows that it makes this.
    """

    code: str
    stage: str
    title: Mapping[str, str] = field(hash=False)
    hs: tuple[str, ...]
    isic: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True)
class Chain:
    """A chain: stages from upstream to downstream, nodes, and edges (code of the supplier, code of the user)."""

    slug: str
    title: Mapping[str, str] = field(hash=False)
    summary: Mapping[str, str] = field(hash=False)
    stages: tuple[Stage, ...]
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

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


@cache
def builtin_chains(slugs: tuple[str, ...] = MISSION) -> tuple[Chain, ...]:
    """The built-in chains of these slugs, in their order; without any, the six of the mission.

    Raises ChainError for a slug that is not in BUILTIN.
    """
    return tuple(map(_builtin_chain, slugs))


@cache
def _builtin_chain(slug: str) -> Chain:
    if slug not in BUILTIN:
        raise ChainError(f"There is no built-in chain '{slug}'; there are {', '.join(BUILTIN)}.")
    return read_chain(files("serai.world") / "data" / "chains" / f"{slug}.toml")


def read_chain(path: Traversable) -> Chain:
    """The chain of a TOML file (a pathlib.Path or a package resource); the file's name is its slug.

    Raises ChainError if the file is not a chain or `check_chain` finds a fault in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        chain = _chain(path.name.removesuffix(".toml"), tomllib.loads(text))
    except FileNotFoundError:
        raise ChainError(f"{path.name}: there is no such file; give the path of a chain file.") from None
    except UnicodeDecodeError as error:
        raise ChainError(f"{path.name}: not UTF-8 at byte {error.start}; save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ChainError(f"{path.name}: not valid TOML: {error}; mend that line.") from None
    except ChainError as error:
        raise ChainError(f"{path.name}: {error}") from None
    if faults := check_chain(chain):
        raise ChainError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return chain


def check_chain(chain: Chain) -> tuple[str, ...]:
    """The faults of a chain, each one sentence that names the place and what to do; none for a sound chain."""
    return tuple(sentence for check in _CHECKS for sentence in check(chain))


def _codes(chain: Chain) -> Iterator[str]:
    named = [
        ("chain", (chain.slug,)),
        ("stage", [s.code for s in chain.stages]),
        ("node", [n.code for n in chain.nodes]),
    ]
    for what, codes in named:
        for code, times in Counter(codes).items():
            if times > 1:
                yield f"The code of {what} '{code}' is used {times} times; give each {what} its own code."
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
                yield f"The code of {what} '{code}' must be lower-case words and hyphens, such as 'battery-cells'."


def _texts(chain: Chain) -> Iterator[str]:
    """Every text of a chain must exist in all languages of the chain's title."""
    titles = [("The chain's title", chain.title), ("The chain's summary", chain.summary)]
    titles += [(f"The title of stage '{stage.code}'", stage.title) for stage in chain.stages]
    titles += [(f"The title of node '{node.code}'", node.title) for node in chain.nodes]
    for where, title in titles:
        for language in chain.title:
            if not title.get(language, "").strip():
                yield f"{where} has no text in '{language}', a language of the chain's title; add title.{language}."
    for language in chain.title:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", language):
            yield f"The language '{language}' is not a code in lower case; write it like 'en' or 'zh-hans'."
    if not chain.title:
        yield "The chain's title has no language; add title.en."


def _membership(chain: Chain) -> Iterator[str]:
    stages = {stage.code for stage in chain.stages}
    nodes = {node.code for node in chain.nodes}
    if not nodes:
        yield "The chain has no node; begin one with [[nodes]] on a line of its own."
    for node in chain.nodes:
        if node.stage not in stages:
            yield f"Node '{node.code}' is in the unknown stage '{node.stage}'; {_instead(node.stage, stages)}"
        if not any(node.keywords.values()):
            yield f"Node '{node.code}' has no keywords, so no firm can be placed on it; add keywords.en."
    for stage in sorted(stages - {node.stage for node in chain.nodes}):
        yield f"Stage '{stage}' has no node; add one or remove the stage."
    for supplier, user in chain.edges:
        for code in sorted({supplier, user} - nodes):
            yield f"The edge from '{supplier}' to '{user}' names the unknown node '{code}'; {_instead(code, nodes)}"


def _edges(chain: Chain) -> Iterator[str]:
    for (supplier, user), times in Counter(chain.edges).items():
        if times > 1:
            yield f"The edge from '{supplier}' to '{user}' is given {times} times; keep one."
    joined = {code for edge in chain.edges for code in edge}
    for node in chain.nodes:
        if node.code not in joined:
            yield f"Node '{node.code}' has no edge; let it feed a node or be fed by one, or remove it."
    try:
        _ = chain.layers
    except CycleError as error:
        yield f"There is a loop: {' feeds '.join(error.args[1])}; remove one of these edges, a chain runs one way."
    except KeyError:
        pass  # an edge to an unknown node, which has its own sentence
    order = {stage.code: number for number, stage in enumerate(chain.stages)}
    stage = {node.code: node.stage for node in chain.nodes if node.stage in order}
    for supplier, user in chain.edges:
        if supplier in stage and user in stage and order[stage[supplier]] > order[stage[user]]:
            yield (
                f"The edge from '{supplier}' to '{user}' runs back from stage '{stage[supplier]}' to "
                f"'{stage[user]}'; turn it round or move a node."
            )


def _classified(chain: Chain) -> Iterator[str]:
    """A node that makes goods needs HS headings; a service node needs none."""
    for node in chain.nodes:
        for heading in node.hs:
            if not harmonized_system.exists(heading):
                yield f"Node '{node.code}': HS 2022 has no heading '{heading}'; use four digits, such as 8507."
        for activity in node.isic:
            if not isic.is_class(activity):
                yield f"Node '{node.code}': ISIC Rev.4 has no class '{activity}'; use four digits, such as 2720."
        if not node.isic:
            yield f"Node '{node.code}' has no ISIC class; add the class of who makes it, such as 2720."
        if not node.hs and any(map(_makes_goods, node.isic)):
            yield f"Node '{node.code}' makes goods but has no HS heading; add one, such as 8507."


def _makes_goods(activity: str) -> bool:
    """Whether an ISIC class is in agriculture, mining or manufacturing and does not only support, repair or install."""
    if not isic.is_class(activity) or activity[:2] in {"09", "33"} or activity[:3] in {"016", "024"}:
        return False
    return isic.section_of(activity) in {"A", "B", "C"}


_CHECKS: tuple[Callable[[Chain], Iterator[str]], ...] = (_codes, _texts, _membership, _edges, _classified)


def _instead(code: str, known: Collection[str]) -> str:
    close = get_close_matches(code, sorted(known), n=1)
    return f"did you mean '{close[0]}'?" if close else "use one that this file defines or its other entries use."


# From TOML to the dataclasses. `where` names the place in the file for the sentence of an error.

_CHAIN_KEYS = ("title", "summary", "stages", "nodes")
_STAGE_KEYS = ("code", "position", "title")
_NODE_KEYS = ("code", "stage", "title", "hs", "isic", "feeds", "keywords")
_MAY_BE_ABSENT = frozenset({"hs", "feeds"})


def _chain(slug: str, document: Mapping[str, object]) -> Chain:
    table = _table(document, "the file", _CHAIN_KEYS)
    stages = [_table(row, f"stage {n}", _STAGE_KEYS) for n, row in enumerate(_rows(table["stages"], "stages"), 1)]
    nodes = [_table(row, f"node {n}", _NODE_KEYS) for n, row in enumerate(_rows(table["nodes"], "nodes"), 1)]
    return Chain(
        slug=slug,
        title=_by_language(table["title"], "title", _text),
        summary=_by_language(table["summary"], "summary", _text),
        stages=tuple(_stage(row) for row in stages),
        nodes=tuple(_node(row) for row in nodes),
        edges=tuple(
            (_text(row["code"], "code"), user)
            for row in nodes
            for user in _list(row.get("feeds", []), f"feeds of node '{row['code']}'")
        ),
    )


def _stage(row: Mapping[str, object]) -> Stage:
    code = _text(row["code"], "the code of a stage")
    position = _text(row["position"], f"position of stage '{code}'")
    if position not in Position:
        levels = ", ".join(Position)
        raise ChainError(f"position of stage '{code}' is '{position}'; write one of {levels}.")
    return Stage(code, Position(position), _by_language(row["title"], f"title of stage '{code}'", _text))


def _node(row: Mapping[str, object]) -> Node:
    code = _text(row["code"], "the code of a node")
    return Node(
        code=code,
        stage=_text(row["stage"], f"stage of node '{code}'"),
        title=_by_language(row["title"], f"title of node '{code}'", _text),
        hs=_list(row.get("hs", []), f"hs of node '{code}'"),
        isic=_list(row["isic"], f"isic of node '{code}'"),
        keywords=_by_language(row["keywords"], f"keywords of node '{code}'", _list),
    )


def _table(value: object, where: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ChainError(f"{where} is not a table; begin it with [[stages]] or [[nodes]] on a line of its own.")
    where = f"{where} ('{value['code']}')" if isinstance(value.get("code"), str) else where
    for key in value:
        if key not in keys:
            raise ChainError(f"{where} has the unknown key '{key}'; {_instead(key, keys)}")
    for key in keys:
        if key not in value and key not in _MAY_BE_ABSENT:
            raise ChainError(f"{where} has no '{key}'; add it, as the other entries have it.")
    return value


def _rows(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise ChainError(f"{where} is not a list; begin each entry with [[{where}]] on a line of its own.")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ChainError(f"{where} is {value!r}, not a text; put it in quotation marks.")
    return value


def _list(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ChainError(f'{where} is not a list; write it like ["a", "b"].')
    return tuple(_text(item, where) for item in value)


def _by_language[T](value: object, where: str, read: Callable[[object, str], T]) -> Mapping[str, T]:
    if not isinstance(value, dict):
        raise ChainError(f"{where} does not say its language; write it like title.en = ... and title.zh-hans = ...")
    return {language: read(item, f"{where} in '{language}'") for language, item in value.items()}
