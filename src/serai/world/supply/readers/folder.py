"""A chain of one's own as a folder of CSV files, which a spreadsheet can write.

    chain.csv      one row: title (the file may be missing: the folder's name is the title)
    nodes.csv      code, title; may have stage, position, isic, hs, keywords, spare_capacity, final_use, reason
    edges.csv      supplier, user; may have relation, group, share, critical, stock_weeks, reason
    groups.csv     user, group; may have share, critical, stock_weeks, reason (the file may be missing)
    providers.csv  node, provider; may have country, share, year, source, grade (may be missing)
    shares.csv     node, country, share or amount; may have grade, year, source, unit (may be missing)
    trade.csv      node, origin, destination, value (may be missing)

Edges of one group serve each other's turn; an edge without a group is an input of its own. `share` of an edge is its
part in the cost of the user's output. The relation "is a kind of" makes the supplier one of those that serve as the
user. Several values in a cell are parted by semicolons. Shares are written 0.25 or 25 %. docs/method/supply.md has all
of this with an example, and `serai chain new` writes one.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from serai.world.chains import Chain, Node, Position, Requirement, Stage, check_structure
from serai.world.supply.readers.rows import Row, rows
from serai.world.supply.readers.shipped import share_or_amount
from serai.world.supply.records import (
    REMAINDERS,
    UNATTRIBUTED,
    Declared,
    Grade,
    Provider,
    ShareRow,
    Trade,
    UnreadableSupply,
    place_of,
)

LANGUAGES = ("en", "zh-hans", "ar", "es", "fr", "ru")
TITLES = ("title", *(f"title.{language}" for language in LANGUAGES))
GROUP = ("share", "critical", "stock_weeks", "reason")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "chain": ("code", *TITLES),
    "nodes": ("code", *TITLES, "stage", "position", "isic", "hs", "keywords", "spare_capacity", "final_use", "reason"),
    "edges": ("supplier", "user", "relation", "group", *GROUP),
    "groups": ("user", "group", *GROUP),
    "providers": ("node", "provider", "country", "share", "year", "source", "grade"),
    "shares": ("node", "country", "share", "amount", "grade", "year", "source", "unit"),
    "trade": ("node", "origin", "destination", "value"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "chain": (),
    "nodes": ("code",),
    "edges": ("supplier", "user"),
    "groups": ("user", "group"),
    "providers": ("node", "provider"),
    "shares": ("node", "country"),
    "trade": ("node", "origin", "destination", "value"),
}
KIND, FEEDS = frozenset({"is a kind of", "kind of", "kind"}), frozenset({"", "feeds", "goes into"})
KINDS = "kinds"
"""The group of a node's kinds where none is named."""

MOST = 1.05
"""What shares of one node may sum to: more than 1 by rounding only."""


def read_chain_folder(path: Path) -> Declared:
    """The chain of a folder with all that it says. Raises UnreadableSupply with file and line."""
    if not path.is_dir():
        raise UnreadableSupply(f"{path} is no folder; a chain is a folder with nodes.csv and edges.csv.")
    for name in ("nodes", "edges"):
        if not (path / f"{name}.csv").is_file():
            raise UnreadableSupply(f"{path} has no {name}.csv; 'serai chain new' writes an example of all files.")
    nodes, stages = _nodes(_rows(path, "nodes"))
    codes = {node.code for node in nodes}
    edges = list(_edges(_rows(path, "edges"), codes))
    requirements = _requirements(edges, list(_rows(path, "groups")), codes)
    slug, title = _called(path)
    chain = Chain(slug, title, title, stages, nodes, tuple(edge.ends for edge in edges), requirements)
    if faults := check_structure(chain):
        raise UnreadableSupply("\n".join(f"{path.name}: {fault}" for fault in faults))
    return Declared(
        chain=chain,
        shares=tuple(_shares(_rows(path, "shares"), codes)),
        providers=tuple(_providers(_rows(path, "providers"), codes)),
        trade=tuple(_trade(_rows(path, "trade"), codes)),
        kinds=tuple(edge.ends for edge in edges if edge.is_kind),
    )


def _rows(path: Path, name: str) -> Iterator[Row]:
    file = path / f"{name}.csv"
    return rows(file, COLUMNS[name], NEEDED[name]) if file.is_file() else iter(())


def _called(path: Path) -> tuple[str, dict[str, str]]:
    """The code of a chain and its titles: as chain.csv says, else the name of the folder."""
    name = path.resolve().name
    row = next(_rows(path, "chain"), Row("chain.csv", 1, {}))
    titles = {language: text for language in LANGUAGES if (text := row.text(f"title.{language}"))}
    titles.setdefault("en", row.text("title") or name)
    return _slug(row.text("code") or name) or "chain", titles


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _code(row: Row, column: str, codes: Iterable[str]) -> str:
    """A node's code in whatever case and with whatever signs between its words."""
    named = Row(row.file, row.line, {column: _slug(row.needed(column)) or row.text(column)})
    return named.code(column, set(codes), "node")


def _nodes(given: Iterator[Row]) -> tuple[tuple[Node, ...], tuple[Stage, ...]]:
    nodes: dict[str, Node] = {}
    stages: dict[str, Stage] = {}
    for row in given:
        code = _slug(row.needed("code"))
        if not code:
            raise row.refused(f"The code '{row.text('code')}' has no Latin letter or digit; write one such as cells-1.")
        if code in nodes:
            raise row.refused(f"The node '{code}' is given twice; keep one.")
        titles = {language: text for language in LANGUAGES if (text := row.text(f"title.{language}"))}
        titles.setdefault("en", row.text("title") or row.text("code"))
        stage = row.text("stage") or "All"
        stages.setdefault(_slug(stage), Stage(_slug(stage), _position(row), dict.fromkeys(titles, stage)))
        nodes[code] = Node(
            code=code,
            stage=_slug(stage),
            title=titles,
            hs=row.words("hs"),
            isic=row.words("isic"),
            keywords={"en": row.words("keywords")},
            spare_capacity=row.number("spare_capacity"),
            final_use=row.share("final_use"),
            reason=row.text("reason"),
        )
    if not nodes:
        raise UnreadableSupply("nodes.csv has no row; a chain needs at least one node.")
    return tuple(nodes.values()), tuple(stages.values())


def _position(row: Row) -> Position:
    text = row.text("position") or Position.MIDSTREAM
    if text not in set(Position):
        raise row.refused(f"'position' is '{text}'; write one of {', '.join(Position)}.")
    return Position(text)


@dataclass(frozen=True)
class _Edge:
    """One row of edges.csv."""

    row: Row
    ends: tuple[str, str]
    group: str
    share: float | None
    is_kind: bool


def _edges(given: Iterator[Row], codes: set[str]) -> Iterator[_Edge]:
    met: set[tuple[str, str]] = set()
    for row in given:
        relation = row.text("relation").casefold().replace("_", " ")
        if relation not in KIND | FEEDS:
            raise row.refused(f"'relation' is '{row.text('relation')}'; write feeds or is a kind of.")
        ends = (_code(row, "supplier", codes), _code(row, "user", codes))
        if ends in met:
            raise row.refused(f"The edge from '{ends[0]}' to '{ends[1]}' is given twice; keep one.")
        met.add(ends)
        is_kind = relation in KIND
        group = _slug(row.text("group")) or (KINDS if is_kind else ends[0])
        yield _Edge(row, ends, group, row.share("share"), is_kind)


def _requirements(edges: Sequence[_Edge], stated: Iterable[Row], codes: set[str]) -> tuple[Requirement, ...]:
    of_group: dict[tuple[str, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        of_group[edge.ends[1], edge.group].append(edge)
    about: dict[tuple[str, str], Row] = {}
    for row in stated:
        key = (_code(row, "user", codes), _slug(row.needed("group")))
        if key not in of_group:
            raise row.refused(f"No edge to '{key[0]}' names the group '{key[1]}'; name it in edges.csv.")
        if key in about:
            raise row.refused(f"The group '{key[1]}' of '{key[0]}' is given twice; keep one.")
        about[key] = row
    groups_of: dict[str, int] = defaultdict(int)
    for user, _ in of_group:
        groups_of[user] += 1
    return tuple(
        _requirement(key, members, about.get(key), alone=groups_of[key[0]] == 1) for key, members in of_group.items()
    )


def _requirement(key: tuple[str, str], members: Sequence[_Edge], about: Row | None, *, alone: bool) -> Requirement:
    """A group from its edges, and from its row in groups.csv where there is one."""
    given = [edge.share for edge in members]
    shares = [share for share in given if share is not None]
    if shares and len(shares) < len(given):
        missing = next(edge for edge in members if edge.share is None)
        raise missing.row.refused("The other inputs of this group have a share; give one here too, or nowhere.")
    whole = sum(shares) if shares else None
    first = about or members[0].row
    share = about.share("share") if about else None
    share = share if share is not None else whole
    if share is None and alone and all(edge.is_kind for edge in members):
        share = 1.0  # a kind is the thing itself
    return Requirement(
        user=key[0],
        code=key[1],
        members=tuple(edge.ends[0] for edge in members),
        share=share,
        member_shares=tuple(part / whole for part in shares) if whole and len(members) > 1 else None,
        critical=first.yes("critical", without=True),
        stock_weeks=first.number("stock_weeks") or 0.0,
        reason=first.text("reason"),
    )


def _providers(given: Iterator[Row], codes: set[str]) -> Iterator[Provider]:
    sums: dict[tuple[str, bool, int | None], float] = defaultdict(float)
    for row in given:
        node, name = _code(row, "node", codes), row.needed("provider")
        place = place_of(name)
        home = row.text("country")
        is_firm = bool(home) and (place is None or place != place_of(home))  # a firm may be called SK
        if not row.text("country") and place is None:
            raise row.refused(f"'{name}' is no country; name the country of the firm in 'country', or write various.")
        share = row.share("share")
        together = (node, is_firm, row.year())
        sums[together] += share or 0
        if sums[together] > MOST:
            raise row.refused(f"The shares of '{node}' sum to {sums[together]:.2f} here; they sum to at most 1.")
        country = row.place("country") if is_firm else place or UNATTRIBUTED
        yield Provider(
            node=node,
            name=name,
            country=UNATTRIBUTED if country in REMAINDERS else country,
            share=share,
            is_firm=is_firm,
            year=row.year(),
            source=row.text("source"),
            grade=row.grade(Grade.STATED),
        )


def _shares(given: Iterator[Row], codes: set[str]) -> Iterator[ShareRow]:
    sums: dict[str, float] = defaultdict(float)
    met: set[tuple[object, ...]] = set()
    for row in given:
        node, country = _code(row, "node", codes), row.place("country")
        share, is_amount = share_or_amount(row)
        stated = ShareRow(
            node, country, share, row.grade(Grade.STATED), row.year(), row.text("source"), row.text("unit"), is_amount
        )
        key = (node, country, stated.year, stated.source)
        if key in met:
            raise row.refused(f"{country} stands twice for '{node}' with the same year and source; keep one.")
        met.add(key)
        group = f"{node}/{stated.year}/{stated.source}"
        sums[group] += 0 if is_amount else share or 0
        if sums[group] > MOST:
            raise row.refused(f"The shares of '{node}' sum to {sums[group]:.2f} here; they sum to at most 1.")
        yield stated


def _trade(given: Iterator[Row], codes: set[str]) -> Iterator[Trade]:
    for row in given:
        value = row.number("value")
        if value is None:
            raise row.refused("'value' is empty; write what is sent, in one unit for the whole node.")
        yield Trade(_code(row, "node", codes), row.place("origin"), row.place("destination"), value)


def write_chain_folder(declared: Declared, path: Path) -> None:
    """Write a chain as a folder of CSV files; `read_chain_folder` gives it back. Raises OSError."""
    path.mkdir(parents=True, exist_ok=True)
    for name, lines in _tables(declared).items():
        if lines or name in {"nodes", "edges"}:  # the two that a chain cannot be without
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, [column for column in COLUMNS[name] if _used(column, name, lines)])
                writer.writeheader()
                writer.writerows([{key: value for key, value in line.items() if value != ""} for line in lines])


def _used(column: str, name: str, lines: Sequence[Mapping[str, object]]) -> bool:
    return column in NEEDED[name] or any(line.get(column, "") != "" for line in lines)


def _tables(declared: Declared) -> Mapping[str, list[dict[str, object]]]:
    chain, kinds = declared.chain, set(declared.kinds)
    groups = chain.groups
    return {
        "chain": [{"code": chain.slug, **_titles(chain.title)}],
        "nodes": [_node_line(chain, node) for node in chain.nodes],
        "edges": [
            {
                "supplier": member,
                "user": group.user,
                "relation": "is a kind of" if (member, group.user) in kinds else "",
                "group": group.code if len(group.members) > 1 or group.code != member else "",
                "share": round((group.share or 1) * group.member_shares[place], 12) if group.member_shares else "",
            }
            for group in groups
            for place, member in enumerate(group.members)
        ],
        "groups": [
            {
                "user": group.user,
                "group": group.code,
                "share": _given(group.share),
                "critical": "yes" if group.critical else "no",
                "stock_weeks": group.stock_weeks,
                "reason": group.reason,
            }
            for group in groups
        ],
        "providers": [
            {
                "node": provider.node,
                "provider": provider.name,
                "country": provider.country if provider.is_firm else "",
                "share": _given(provider.share),
                "year": _given(provider.year),
                "source": provider.source,
                "grade": provider.grade.value,
            }
            for provider in declared.providers
        ],
        "shares": [
            {
                "node": row.node,
                "country": row.country,
                "amount" if row.is_amount else "share": "W" if row.share is None else row.share,
                "grade": row.grade.value,
                "year": _given(row.year),
                "source": row.source,
                "unit": row.unit,
            }
            for row in declared.shares
        ],
        "trade": [
            {"node": row.node, "origin": row.origin, "destination": row.destination, "value": row.value}
            for row in declared.trade
        ],
    }


def _node_line(chain: Chain, node: Node) -> dict[str, object]:
    stage = chain.stage_of(node.code)
    return {
        "code": node.code,
        **_titles(node.title),
        "stage": stage.title.get("en", stage.code),
        "position": stage.position.value,
        "isic": "; ".join(node.isic),
        "hs": "; ".join(node.hs),
        "keywords": "; ".join(node.keywords.get("en", ())),
        "spare_capacity": _given(node.spare_capacity),
        "final_use": _given(node.final_use),
        "reason": node.reason,
    }


def _titles(titles: Mapping[str, str]) -> dict[str, object]:
    return {f"title.{language}": text for language, text in titles.items() if language in LANGUAGES}


def _given(value: object) -> object:
    return "" if value is None else value
