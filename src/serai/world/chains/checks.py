"""What can be wrong in a chain, each fault one sentence that names the place and what to do."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError

from serai.world.chains.structure import Chain
from serai.world.classifications import harmonized_system, isic

ROUNDING = 0.005
"""By how much shares that sum to 1 may miss it."""

LONGEST_STOCK = 520
"""Weeks of stock from which a number is taken for a mistake."""


def check_chain(chain: Chain) -> tuple[str, ...]:
    """The faults of a chain, each one sentence that names the place and what to do; none for a sound chain."""
    return (*wrong_in(chain), *unfinished_in(chain), *missing_in(chain))


def wrong_in(chain: Chain) -> tuple[str, ...]:
    """What can't stand in any chain: doubled or unknown codes, loops, edges that run back."""
    return tuple(sentence for check in _WRONG for sentence in check(chain))


def unfinished_in(chain: Chain) -> tuple[str, ...]:
    """What a chain still needs before a fair can use it: a node, and an edge for each node."""
    return tuple(sentence for check in _UNFINISHED for sentence in check(chain))


def missing_in(chain: Chain) -> tuple[str, ...]:
    """What makes a chain better: texts in all its languages, keywords, and the codes of industries and goods."""
    return tuple(sentence for check in _MISSING for sentence in check(chain))


def check_structure(chain: Chain) -> tuple[str, ...]:
    """The faults that keep a chain from being computed with; codes of classifications and keywords may be missing."""
    return tuple(
        sentence for check in (_codes, _no_node, _unknown, _edges, _requirements, _numbers) for sentence in check(chain)
    )


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


def _titled(chain: Chain) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each stage and node in words, with its title."""
    yield from ((f"stage '{stage.code}'", stage.title) for stage in chain.stages)
    yield from ((f"node '{node.code}'", node.title) for node in chain.nodes)


def _languages(chain: Chain) -> Iterator[str]:
    for language in chain.title:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", language):
            yield f"The language '{language}' is not a code in lower case; write it like 'en' or 'zh-hans'."
    if not chain.title:
        yield "The chain's title has no language; add title.en."
    for where, title in _titled(chain):
        if not any(text.strip() for text in title.values()):
            yield f"The title of {where} has no text; add title.{next(iter(chain.title), 'en')}."


def _translations(chain: Chain) -> Iterator[str]:
    """Every text of a chain should exist in all languages of the chain's title."""
    titles = [("The chain's title", chain.title), ("The chain's summary", chain.summary)]
    titles += [(f"The title of {where}", title) for where, title in _titled(chain) if title]
    for where, title in titles:
        for language in chain.title:
            if not title.get(language, "").strip():
                yield f"{where} has no text in '{language}', a language of the chain's title; add title.{language}."


def _keywords(chain: Chain) -> Iterator[str]:
    for node in chain.nodes:
        if not any(node.keywords.values()):
            yield f"Node '{node.code}' has no keywords, so firms are placed on it by its title alone; add keywords.en."


def _no_node(chain: Chain) -> Iterator[str]:
    if not chain.nodes:
        yield "The chain has no node; begin one with [[nodes]] on a line of its own."


def _empty_stages(chain: Chain) -> Iterator[str]:
    for stage in sorted({stage.code for stage in chain.stages} - {node.stage for node in chain.nodes}):
        yield f"Stage '{stage}' has no node; add one or remove the stage."


def _unknown(chain: Chain) -> Iterator[str]:
    nodes = {node.code for node in chain.nodes}
    for supplier, user in chain.edges:
        for code in sorted({supplier, user} - nodes):
            yield f"The edge from '{supplier}' to '{user}' names the unknown node '{code}'; {instead(code, nodes)}"


def _unknown_stages(chain: Chain) -> Iterator[str]:
    stages = {stage.code for stage in chain.stages}
    for node in chain.nodes:
        if node.stage not in stages:
            yield f"Node '{node.code}' is in the unknown stage '{node.stage}'; {instead(node.stage, stages)}"


def _edges(chain: Chain) -> Iterator[str]:
    for (supplier, user), times in Counter(chain.edges).items():
        if times > 1:
            yield f"The edge from '{supplier}' to '{user}' is given {times} times; keep one."
    try:
        _ = chain.layers
    except CycleError as error:
        yield f"There is a loop: {' feeds '.join(error.args[1])}; remove one of these edges, a chain runs one way."
    except KeyError:
        pass  # an edge to an unknown node, which has its own sentence


def _orphans(chain: Chain) -> Iterator[str]:
    joined = {code for edge in chain.edges for code in edge}
    for node in chain.nodes:
        if node.code not in joined:
            yield f"Node '{node.code}' has no edge; let it feed a node or be fed by one, or remove it."


def _backward(chain: Chain) -> Iterator[str]:
    """Edges run from an earlier stage to the same or a later one."""
    order = {stage.code: number for number, stage in enumerate(chain.stages)}
    stage = {node.code: node.stage for node in chain.nodes if node.stage in order}
    for supplier, user in chain.edges:
        if supplier in stage and user in stage and order[stage[supplier]] > order[stage[user]]:
            yield (
                f"The edge from '{supplier}' to '{user}' runs back from stage '{stage[supplier]}' to "
                f"'{stage[user]}'; turn it round or move a node."
            )


def _requirements(chain: Chain) -> Iterator[str]:
    """A requirement names edges of the chain, each once."""
    edges = set(chain.edges)
    met = Counter((member, group.user) for group in chain.requirements for member in group.members)
    for (member, user), times in met.items():
        if (member, user) not in edges:
            yield f"'{user}' requires '{member}', which does not feed it; add the edge or leave out the member."
        if times > 1:
            yield f"'{user}' requires '{member}' {times} times; keep it in one requirement."
    for (user, code), times in Counter((group.user, group.code) for group in chain.requirements).items():
        if times > 1:
            yield f"'{user}' has {times} requirements '{code}'; give each a code of its own."
    for group in chain.requirements:
        if not group.members:
            yield f"The requirement '{group.code}' of '{group.user}' has no member; name what serves."


def _numbers(chain: Chain) -> Iterator[str]:
    """The numbers of requirements and nodes are ones that can be."""
    for group in chain.requirements:
        where = f"The requirement '{group.code}' of '{group.user}'"
        if group.share is not None and not 0 <= group.share <= 1:
            yield f"{where} has the share {group.share:g}; a share is from 0 to 1."
        if not 0 <= group.stock_weeks < LONGEST_STOCK:
            yield f"{where} has a stock of {group.stock_weeks:g} weeks; write from 0 to {LONGEST_STOCK}."
        shares = group.member_shares
        if shares is not None and (len(shares) != len(group.members) or min(shares, default=0) < 0):
            yield f"{where} needs one share of at least 0 for each of its {len(group.members)} members."
        elif shares and abs(sum(shares) - 1) > ROUNDING:
            yield f"{where} has members' shares that sum to {sum(shares):g}; they sum to 1."
    for node in chain.nodes:
        if sum(group.share or 0 for group in chain.requirements if group.user == node.code) > 1 + ROUNDING:
            yield f"The requirements of '{node.code}' have shares that sum to more than 1; make them smaller."
        if node.spare_capacity is not None and not node.spare_capacity >= 0:
            yield f"Node '{node.code}' has the spare capacity {node.spare_capacity:g}; write a share of at least 0."
        if node.final_use is not None and not 0 <= node.final_use <= 1:
            yield f"Node '{node.code}' has the final use {node.final_use:g}; a share is from 0 to 1."


def _unknown_classes(chain: Chain) -> Iterator[str]:
    for node in chain.nodes:
        for heading in node.hs:
            if not harmonized_system.exists(heading):
                yield f"Node '{node.code}': HS 2022 has no heading '{heading}'; use four digits, such as 8507."
        for activity in node.isic:
            if not isic.is_class(activity):
                yield f"Node '{node.code}': ISIC Rev.4 has no class '{activity}'; use four digits, such as 2720."


def _classified(chain: Chain) -> Iterator[str]:
    """A node that makes goods needs HS headings; a service node needs none."""
    for node in chain.nodes:
        if not node.isic:
            yield f"Node '{node.code}' has no ISIC class; add the class of who makes it, such as 2720."
        if not node.hs and any(map(_makes_goods, node.isic)):
            yield f"Node '{node.code}' makes goods but has no HS heading; add one, such as 8507."


def _makes_goods(activity: str) -> bool:
    """Whether an ISIC class is in agriculture, mining or manufacturing and does not only support, repair or install."""
    if not isic.is_class(activity) or activity[:2] in {"09", "33"} or activity[:3] in {"016", "024"}:
        return False
    return isic.section_of(activity) in {"A", "B", "C"}


type _Check = Callable[[Chain], Iterator[str]]

_WRONG: tuple[_Check, ...] = (
    *(_codes, _languages, _unknown, _unknown_stages, _edges, _backward),
    *(_requirements, _numbers, _unknown_classes),
)
_UNFINISHED: tuple[_Check, ...] = (_no_node, _empty_stages, _orphans)
_MISSING: tuple[_Check, ...] = (_translations, _keywords, _classified)


def instead(code: str, codes: Collection[str]) -> str:
    """What to write for a code that is none of `codes`."""
    close = get_close_matches(code, sorted(codes), n=1)
    return f"did you mean '{close[0]}'?" if close else "use one that this file defines or its other entries use."
