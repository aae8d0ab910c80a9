"""Edits of a chain as data: a stage or a node is put in, changed or taken out; what differs between two versions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import compress

from serai.world.chains import Chain, Node, Stage, wrong_in

type Texts = Mapping[str, str]


def with_stage(chain: Chain, stage: Stage) -> Chain:
    """The chain with a stage in the place of the one of its code, or as its last."""
    return replace(chain, stages=_put(chain.stages, stage))


def without_stage(chain: Chain, code: str) -> Chain:
    """The chain without a stage."""
    return replace(chain, stages=tuple(stage for stage in chain.stages if stage.code != code))


def moved_stage(chain: Chain, code: str, steps: int) -> Chain:
    """The chain with a stage so many steps later, or earlier if negative."""
    stages = list(chain.stages)
    place = next(number for number, stage in enumerate(stages) if stage.code == code)
    stages.insert(min(max(place + steps, 0), len(stages) - 1), stages.pop(place))
    return replace(chain, stages=tuple(stages))


def with_node(chain: Chain, node: Node, *, made_from: Collection[str], goes_into: Collection[str]) -> Chain:
    """The chain with a node in the place of the one of its code, or as its last, and with these edges of it."""
    kept = [edge for edge in chain.edges if node.code not in edge]
    edges = [*((supplier, node.code) for supplier in made_from), *((node.code, user) for user in goes_into)]
    return _with_edges(replace(chain, nodes=_put(chain.nodes, node)), (*kept, *edges))


def without_node(chain: Chain, code: str, *, merged_into: str = "") -> Chain:
    """The chain without a node. The node ``merged_into`` takes over its words, and its neighbours where it can."""
    removed = chain.node(code)
    nodes = [_with_words_of(node, removed) if node.code == merged_into else node for node in chain.nodes]
    kept = replace(chain, nodes=tuple(node for node in nodes if node.code != code))
    kept = _with_edges(kept, tuple(edge for edge in chain.edges if code not in edge))
    taken_over = [(supplier, merged_into) for supplier in chain.suppliers_of(code)]
    taken_over += [(merged_into, user) for user in chain.users_of(code)]
    for edge in taken_over if merged_into else ():
        joined = replace(kept, edges=(*kept.edges, edge))
        kept = kept if wrong_in(joined) else joined  # a loop, or there already
    return kept


def _with_edges(chain: Chain, edges: tuple[tuple[str, str], ...]) -> Chain:
    """The chain with these edges instead of its own. A group of inputs keeps those of its members that still feed."""
    groups = []
    for group in chain.requirements:
        feeding = [(member, group.user) in edges for member in group.members]
        shares = group.member_shares and tuple(compress(group.member_shares, feeding))
        if shares and sum(shares):
            shares = tuple(share / sum(shares) for share in shares)
        groups.append(replace(group, members=tuple(compress(group.members, feeding)), member_shares=shares or None))
    return replace(chain, edges=edges, requirements=tuple(group for group in groups if group.members))


def _with_words_of(node: Node, other: Node) -> Node:
    """The node with the title and the keywords of another among its keywords."""
    keywords = {language: list(words) for language, words in node.keywords.items()}
    for language, words in other.phrases.items():
        keywords.setdefault(language, []).extend(words)
    for language, title in other.title.items():
        keywords.setdefault(language, []).append(title)
    return replace(node, keywords={language: tuple(dict.fromkeys(words)) for language, words in keywords.items()})


def _put[Part: Stage | Node](parts: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
    if any(other.code == part.code for other in parts):
        return tuple(part if other.code == part.code else other for other in parts)
    return (*parts, part)


@dataclass(frozen=True)
class Change:
    """One difference: of what (chain, stage, node or edge), which one, and its fields before and after."""

    of: str
    code: str
    title: Texts
    how: str
    """added, removed or changed"""
    fields: tuple[tuple[str, str, str], ...] = ()
    """Name of the field, its text before, its text after."""


def differences(before: Chain, after: Chain) -> list[Change]:
    """What differs between two versions, in the order of the chain."""
    changes = []
    if fields := _fields(before, after, ("title", "summary")):
        changes.append(Change("chain", after.slug, after.title, "changed", fields))
    changes += _of_parts("stage", before.stages, after.stages, ("title", "position"))
    if [stage.code for stage in before.stages] != [stage.code for stage in after.stages]:
        old, new = (", ".join(stage.code for stage in chain.stages) for chain in (before, after))
        changes.append(Change("chain", after.slug, after.title, "changed", (("order", old, new),)))
    names = ("title", "summary", "stage", "hs", "isic", "keywords", "examples")
    changes += _of_parts("node", before.nodes, after.nodes, names)
    for how, one, other in (("removed", before, after), ("added", after, before)):
        edges = [edge for edge in one.edges if edge not in set(other.edges)]
        changes += [Change("edge", f"{supplier} > {user}", {}, how) for supplier, user in edges]
    return changes


def _of_parts(
    of: str,
    before: tuple[Stage, ...] | tuple[Node, ...],
    after: tuple[Stage, ...] | tuple[Node, ...],
    names: tuple[str, ...],
) -> list[Change]:
    old, new = ({part.code: part for part in parts} for parts in (before, after))
    changes = [Change(of, code, part.title, "removed") for code, part in old.items() if code not in new]
    for code, part in new.items():
        if code not in old:
            changes.append(Change(of, code, part.title, "added"))
        elif fields := _fields(old[code], part, names):
            changes.append(Change(of, code, part.title, "changed", fields))
    return changes


def _fields(before: object, after: object, names: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """The fields that differ, of a mapping each language, as texts."""
    differing = []
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            differing += [
                (f"{name} ({language})", _text(old.get(language, "")), _text(new.get(language, "")))
                for language in {**old, **new}
                if old.get(language) != new.get(language)
            ]
        elif old != new:
            differing.append((name, _text(old), _text(new)))
    return tuple(differing)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True)
class Effect:
    """What a new version does to the firms that are placed: which nodes are gone, and whether nodes read anew."""

    removed: frozenset[str]
    read_anew: bool

    @property
    def is_none(self) -> bool:
        return not self.removed and not self.read_anew


def effect(before: Chain, after: Chain) -> Effect:
    """The effect on placing. Edges, stages and the order of nodes place nobody; what describes a node does."""
    old, new = ({node.code: _description(node) for node in chain.nodes} for chain in (before, after))
    return Effect(
        removed=frozenset(old.keys() - new.keys()),
        read_anew=any(old.get(code) != description for code, description in new.items()),
    )


def _description(node: Node) -> tuple[object, ...]:
    return node.title, node.summary, node.keywords, node.examples, node.hs, node.isic
