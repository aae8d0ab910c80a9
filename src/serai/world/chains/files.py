"""Chains as TOML files: those that come with Serai and those that an organiser brings."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from serai.world.chains.checks import check_chain, instead
from serai.world.chains.structure import Chain, ChainError, Node, Position, Requirement, Stage

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
        content = path.read_bytes()
    except FileNotFoundError:
        raise ChainError(f"{path.name}: there is no such file; give the path of a chain file.") from None
    chain = parse_chain(content, path.name.removesuffix(".toml"), name=path.name)
    if faults := check_chain(chain):
        raise ChainError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return chain


def parse_chain(content: bytes, slug: str, *, name: str) -> Chain:
    """The chain of the content of a TOML file, whose `name` stands in what is refused; it may have faults.

    Raises ChainError if the content is not a chain.
    """
    try:
        return _chain(slug, tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ChainError(f"{name}: not UTF-8 at byte {error.start}; save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ChainError(f"{name}: not valid TOML: {error}; mend that line.") from None
    except ChainError as error:
        raise ChainError(f"{name}: {error}") from None


# From TOML to the dataclasses. `where` names the place in the file for the sentence of an error.

_CHAIN_KEYS = ("title", "summary", "stages", "nodes", "requirements")
_STAGE_KEYS = ("code", "position", "title")
_SUPPLY_KEYS = ("spare_capacity", "final_use", "reason")
_NODE_KEYS = ("code", "stage", "title", "summary", "hs", "isic", "feeds", "keywords", "examples", *_SUPPLY_KEYS)
_REQUIREMENT_KEYS = ("user", "code", "any_of", "share", "member_shares", "critical", "stock_weeks", "reason")
_MAY_BE_ABSENT = frozenset(
    {
        *("summary", "stages", "nodes", "requirements", "hs", "isic", "feeds", "keywords", "examples", *_SUPPLY_KEYS),
        *("share", "member_shares", "critical", "stock_weeks"),
    }
)


def _chain(slug: str, document: Mapping[str, object]) -> Chain:
    table = _table(document, "the file", _CHAIN_KEYS)
    stages = [
        _table(row, f"stage {n}", _STAGE_KEYS) for n, row in enumerate(_rows(table.get("stages", []), "stages"), 1)
    ]
    nodes = [_table(row, f"node {n}", _NODE_KEYS) for n, row in enumerate(_rows(table.get("nodes", []), "nodes"), 1)]
    requirements = [
        _table(row, f"requirement {n}", _REQUIREMENT_KEYS)
        for n, row in enumerate(_rows(table.get("requirements", []), "requirements"), 1)
    ]
    return Chain(
        slug=slug,
        title=_by_language(table["title"], "title", _text),
        summary=_by_language(table.get("summary", {}), "summary", _text),
        stages=tuple(_stage(row) for row in stages),
        nodes=tuple(_node(row) for row in nodes),
        edges=tuple(
            (_text(row["code"], "code"), user)
            for row in nodes
            for user in _list(row.get("feeds", []), f"feeds of node '{row['code']}'")
        ),
        requirements=tuple(_requirement(row) for row in requirements),
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
        isic=_list(row.get("isic", []), f"isic of node '{code}'"),
        keywords=_by_language(row.get("keywords", {}), f"keywords of node '{code}'", _list),
        spare_capacity=_number(row.get("spare_capacity"), f"spare_capacity of node '{code}'"),
        final_use=_number(row.get("final_use"), f"final_use of node '{code}'"),
        reason=_text(row.get("reason", ""), f"reason of node '{code}'"),
        summary=_by_language(row.get("summary", {}), f"summary of node '{code}'", _text),
        examples=_by_language(row.get("examples", {}), f"examples of node '{code}'", _list),
    )


def _requirement(row: Mapping[str, object]) -> Requirement:
    user, code = _text(row["user"], "the user of a requirement"), _text(row["code"], "the code of a requirement")
    where = f"requirement '{code}' of '{user}'"
    critical = row.get("critical", True)
    if not isinstance(critical, bool):
        raise ChainError(f"critical of {where} is {critical!r}; write true or false.")
    shares = row.get("member_shares")
    return Requirement(
        user=user,
        code=code,
        members=_list(row["any_of"], f"any_of of {where}"),
        share=_number(row.get("share"), f"share of {where}"),
        member_shares=None if shares is None else tuple(_numbers(shares, f"member_shares of {where}")),
        critical=critical,
        stock_weeks=_number(row.get("stock_weeks"), f"stock_weeks of {where}") or 0.0,
        reason=_text(row["reason"], f"reason of {where}"),
    )


def _numbers(value: object, where: str) -> list[float]:
    if not isinstance(value, list):
        raise ChainError(f"{where} is not a list; write it like [0.6, 0.4].")
    return [number for item in value if (number := _number(item, where)) is not None]


def _number(value: object, where: str) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ChainError(f"{where} is {value!r}, not a number; write it like 0.1.")
    return value


def _table(value: object, where: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ChainError(f"{where} is not a table; begin it with [[stages]] or [[nodes]] on a line of its own.")
    where = f"{where} ('{value['code']}')" if isinstance(value.get("code"), str) else where
    for key in value:
        if key not in keys:
            raise ChainError(f"{where} has the unknown key '{key}'; {instead(key, keys)}")
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
