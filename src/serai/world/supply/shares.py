"""Who makes how much of a node: the best statement at hand.

In order: declared by the chain's author, published for the product, exports of the node's headings, output of the
industry's cells in a world table. Where nobody says anything the whole is unknown. Grades say how close a number stands
to the product.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serai.world.chains import Node
from serai.world.industries import cells_making
from serai.world.supply.records import OTHERS, UNATTRIBUTED, Grade, Provider, ShareRow, place_of
from serai.world.table import NotMeasured, WorldTable
from serai.world.trade import Exports

LARGEST = 20
"""Countries that a share from exports or a table names; the rest are others."""


@dataclass(frozen=True)
class NodeShares:
    """The makers of one node: `named` shares by alpha-3 code; they and the two remainders sum to 1.

    `withheld` are makers whose number the source keeps to itself; the unattributed remainder holds it. `total` is the
    sum of the amounts in `unit`, where they are amounts.
    """

    named: Mapping[str, float]
    others: float
    unattributed: float
    grade: Grade
    year: int | None = None
    source: str = ""
    unit: str = ""
    withheld: tuple[str, ...] = ()
    total: float | None = None


NOT_STATED = NodeShares({}, 0.0, 1.0, Grade.ASSUMED, source="nobody says who makes it")


def best(rows: Iterable[ShareRow]) -> NodeShares | None:
    """The shares of one node by the closest grade, and the latest year of it. None without rows."""
    sets: dict[tuple[str, int, str, str], list[ShareRow]] = defaultdict(list)
    for row in rows:
        sets[row.grade.value, -(row.year or 0), row.source, row.unit].append(row)
    return of_rows(sets[min(sets)]) if sets else None


def closest(*candidates: NodeShares | None) -> NodeShares | None:
    """The one of the closest grade, of the latest year among them; the first of equals."""
    given = [shares for shares in candidates if shares is not None]
    return min(given, key=lambda shares: (shares.grade.value, -(shares.year or 0))) if given else None


def of_rows(rows: Sequence[ShareRow]) -> NodeShares:
    """The shares that rows of one source and year state, over the sum of the rows.

    Shares that sum to less than 1 without a row for the rest leave an unattributed remainder.
    """
    amounts: dict[str, float] = defaultdict(float)
    for row in rows:
        amounts[row.country] += row.share or 0.0
    is_amount = any(row.is_amount for row in rows)
    others, unattributed = amounts.pop(OTHERS, 0.0), amounts.pop(UNATTRIBUTED, 0.0)
    whole = sum(amounts.values()) + others + unattributed
    if not is_amount and others == unattributed == 0 and whole < 1:
        unattributed, whole = 1 - whole, 1.0
    first = rows[0]
    withheld = tuple(row.country for row in rows if row.share is None)
    if whole == 0:
        return NodeShares({}, 0.0, 1.0, first.grade, first.year, first.source, first.unit, withheld)
    return NodeShares(
        named={country: amount / whole for country, amount in amounts.items() if amount > 0},
        others=others / whole,
        unattributed=unattributed / whole,
        grade=first.grade,
        year=first.year,
        source=first.source,
        unit=first.unit,
        withheld=withheld,
        total=whole if is_amount else None,
    )


def of_providers(providers: Sequence[Provider]) -> NodeShares | None:
    """The shares of the countries of a node's providers: those stated of countries, else those of firms added up.

    Providers that state no share are makers whose number is withheld. Without any share they are equal, which is
    assumed. None without providers.
    """
    if not providers:
        return None
    with_share = [provider for provider in providers if provider.share is not None]
    unnamed = [provider for provider in with_share if provider.country == UNATTRIBUTED]
    countries = [provider for provider in with_share if not provider.is_firm and provider.country != UNATTRIBUTED]
    firms = [provider for provider in with_share if provider.is_firm and provider.country != UNATTRIBUTED]
    stated = _of_latest_year([*(countries or firms), *unnamed])
    if not stated:
        makers = dict.fromkeys(provider.country for provider in providers)
        rows = [ShareRow(providers[0].node, maker, 1 / len(makers), Grade.ASSUMED, None, "") for maker in makers]
        return of_rows(rows)
    latest = max(stated, key=lambda provider: provider.year or 0)
    counted = {provider.country for provider in stated}
    silent = dict.fromkeys(provider.country for provider in providers if provider.country not in counted)
    shares = [(provider.country, provider.share) for provider in stated]
    shares += [(country, None) for country in silent if country != UNATTRIBUTED]
    return of_rows(
        [ShareRow(latest.node, *share, max(p.grade for p in stated), latest.year, latest.source) for share in shares]
    )


def _of_latest_year(providers: list[Provider]) -> list[Provider]:
    """Those of the latest year that is stated, and those that state none."""
    latest = max((provider.year or 0 for provider in providers), default=0)
    return [provider for provider in providers if provider.year in {None, latest}]


def of_exports(node: Node, exports: Exports, shared: Mapping[str, int]) -> NodeShares | None:
    """Shares in the world's exports of the node's headings, values added up; an exporter's share, not a maker's.

    `shared` says at how many nodes a heading stands: one that several share is grade C. None where none is exported.
    """
    headings = [heading for heading in node.hs if heading in exports.products]
    if not headings:
        return None
    values = exports.values[:, [exports.products.index(heading) for heading in headings]].sum(axis=1)
    grade = Grade.HEADING if all(shared.get(heading, 1) <= 1 for heading in headings) else Grade.INDUSTRY
    source = f"{exports.source}: exports of HS {', '.join(headings)}"
    return _largest(dict(zip(exports.countries, values.tolist(), strict=True)), grade, exports.year, source, "US$")


def of_table(node: Node, table: WorldTable) -> NodeShares | None:
    """Shares in the output of the industries that make the node. None where the table doesn't tell."""
    try:
        cells = cells_making(table, node.isic)
    except NotMeasured:
        return None
    output = table.by_country(np.where(np.isin(np.arange(table.n), cells), table.x, 0.0))
    codes = [place_of(label) or OTHERS for label in table.countries]
    amounts: dict[str, float] = defaultdict(float)
    for code, amount in zip(codes, output.tolist(), strict=True):
        amounts[code] += amount
    if not any(amounts.values()):
        return None
    source = f"output of the industry, {table.source}"
    return _largest(amounts, Grade.INDUSTRY, table.year, source, table.unit)


def _largest(amounts: Mapping[str, float], grade: Grade, year: int, source: str, unit: str) -> NodeShares | None:
    """The shares of the largest countries; all others are *others*."""
    ranked = sorted(
        ((country, amount) for country, amount in amounts.items() if country != OTHERS and amount > 0),
        key=lambda pair: -pair[1],
    )
    whole = sum(amounts.values())
    if not whole:
        return None
    named = {country: amount / whole for country, amount in ranked[:LARGEST]}
    return NodeShares(named, max(0.0, 1 - sum(named.values())), 0.0, grade, year, source, unit, total=whole)


def mixed(parts: Sequence[tuple[float, NodeShares]]) -> NodeShares:
    """The makers of a node that stands for several: the mean of theirs by these weights, by the weakest grade."""
    whole = sum(weight for weight, _ in parts)
    named: dict[str, float] = defaultdict(float)
    for weight, shares in parts:
        for country, share in shares.named.items():
            named[country] += weight / whole * share
    return NodeShares(
        named=dict(named),
        others=sum(weight * shares.others for weight, shares in parts) / whole,
        unattributed=sum(weight * shares.unattributed for weight, shares in parts) / whole,
        grade=max(Grade.INDUSTRY, *(shares.grade for _, shares in parts)),
        year=max((shares.year or 0 for _, shares in parts), default=0) or None,
        source="; ".join(dict.fromkeys(shares.source for _, shares in parts if shares.source)),
        withheld=tuple(dict.fromkeys(country for _, shares in parts for country in shares.withheld)),
    )


def shared_headings(nodes: Iterable[Node]) -> Mapping[str, int]:
    """At how many nodes each heading stands."""
    at: dict[str, int] = defaultdict(int)
    for node in nodes:
        for heading in set(node.hs):
            at[heading] += 1
    return at
