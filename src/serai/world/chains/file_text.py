"""A chain as the text of its TOML file."""

import json
from collections.abc import Iterator, Mapping

from serai.world.chains.structure import Chain, Node, Requirement

type Value = str | float | bool | tuple[str, ...] | tuple[float, ...]


def write_chain(chain: Chain) -> str:
    """A chain as the text of its file: `parse_chain` gives the same chain again, and the same chain the same text."""
    return "\n".join(_lines(chain)) + "\n"


def _lines(chain: Chain) -> Iterator[str]:
    yield from _texts("title", chain.title)
    yield from _texts("summary", chain.summary)
    for stage in chain.stages:
        yield from ("", "[[stages]]", _pair("code", stage.code), _pair("position", stage.position))
        yield from _texts("title", stage.title)
    for node in chain.nodes:
        yield from ("", "[[nodes]]", *_node(chain, node))
    for group in chain.requirements:
        yield from ("", "[[requirements]]", *_requirement(group))


def _node(chain: Chain, node: Node) -> Iterator[str]:
    yield from (_pair("code", node.code), _pair("stage", node.stage))
    yield from _texts("title", node.title)
    yield from _texts("summary", node.summary)
    yield from _given(hs=node.hs, isic=node.isic, feeds=chain.users_of(node.code))
    yield from _texts("keywords", node.keywords)
    yield from _texts("examples", node.examples)
    yield from _given(spare_capacity=node.spare_capacity, final_use=node.final_use, reason=node.reason)


def _requirement(group: Requirement) -> Iterator[str]:
    yield from (_pair("user", group.user), _pair("code", group.code), _pair("any_of", group.members))
    yield from _given(share=group.share, member_shares=group.member_shares)
    if not group.critical:
        yield _pair("critical", value=False)
    yield from _given(stock_weeks=group.stock_weeks or None)
    yield _pair("reason", group.reason)


def _given(**values: Value | None) -> Iterator[str]:
    """A line for each value that somebody gave."""
    yield from (_pair(key, value) for key, value in values.items() if value not in (None, "", ()))


def _texts(name: str, by_language: Mapping[str, str] | Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield from (_pair(f"{name}.{language}", value) for language, value in by_language.items() if value)


def _pair(key: str, value: Value) -> str:
    """A line of TOML: its basic strings, numbers and lists are written like those of JSON."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
