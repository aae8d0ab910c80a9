"""Compilation of a supply network: a chain, and all that is known of its makers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.chains import Chain, Position
from serai.world.supply.flows import trade_matrix
from serai.world.supply.geography import distances, in_table, places
from serai.world.supply.network import UNKNOWN, Firm, SupplyNetwork
from serai.world.supply.readers import shipped_shares
from serai.world.supply.records import REMAINDERS, Declared, Grade, ShareRow
from serai.world.supply.requirement_groups import Groups, groups_of, industries_of_nodes
from serai.world.supply.shares import (
    NOT_STATED,
    NodeShares,
    best,
    closest,
    mixed,
    of_exports,
    of_providers,
    of_table,
    shared_headings,
)
from serai.world.table import WorldTable
from serai.world.trade import Exports

LEAST_AFFINITY = 1e-6
"""A pair that the table says never trades may still do so: fitting needs a way to every margin."""


def supply_network(
    chain: Chain | Declared,
    *,
    table: WorldTable | None = None,
    exports: Exports | None = None,
    shares: Iterable[ShareRow] | None = None,
    countries: Iterable[str] | None = None,
) -> SupplyNetwork:
    """The supply network of a chain, or of a folder that `read_chain_folder` has read.

    `shares` are those whose node is chain/node, the ones that come with Serai where left out. `exports` by heading and
    a world `table` fill what they leave open, and the table gives parts in cost and the pattern of flows. `countries`
    are those that use something, besides the makers; all of them where left out.
    """
    declared = chain if isinstance(chain, Declared) else Declared(chain)
    chain = declared.chain
    makers = makers_of(declared, shipped_shares() if shares is None else shares, exports, table)
    named = {code for maker in makers for code in maker.named} | {p.country for p in declared.providers}
    named |= {end for row in declared.trade for end in (row.origin, row.destination)}
    users = places().countries if countries is None else countries
    labels = (*sorted((named | set(users)) - set(REMAINDERS.values())), UNKNOWN)
    groups = groups_of(chain, table)
    affinity, pattern, flow_grade, final_users = _patterns(chain, table, labels)
    return SupplyNetwork(
        chain=chain,
        countries=labels,
        makers=makers,
        groups=groups,
        spare=np.array([node.spare_capacity or 0.0 for node in chain.nodes]),
        final_use=_final_use(chain, table),
        affinity=affinity,
        pattern=pattern,
        flow_grade=flow_grade,
        final_users=final_users,
        onward=_onward(chain, groups, table),
        trade=_trade(declared, makers, labels),
        firms=tuple(
            Firm(provider.name, provider.node, provider.country, provider.share, provider.source)
            for provider in declared.providers
            if provider.is_firm
        ),
        source="" if table is None else table.source,
    )


def makers_of(
    declared: Declared, rows: Iterable[ShareRow], exports: Exports | None, table: WorldTable | None
) -> tuple[NodeShares, ...]:
    """The makers of each node by the first of the ways in which something is known; `rows` are of chain/node."""
    chain = declared.chain
    own, published = _by_node(declared.shares), _by_node(rows)
    providers = defaultdict(list)
    for provider in declared.providers:
        providers[provider.node].append(provider)
    shared = shared_headings(chain.nodes)
    makers: dict[str, NodeShares] = {}
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, general in declared.kinds:
        kinds[general].append(kind)
    for code in sorted(chain.layers, key=lambda code: chain.layers[code]):  # kinds before what they are a kind of
        node = chain.node(code)
        makers[code] = (
            best(own.get(code, ()))
            or of_providers(providers.get(code, ()))
            or (mixed([(1.0, makers[kind]) for kind in kinds[code]]) if kinds[code] else None)
            or closest(
                best(published.get(f"{chain.slug}/{code}", ())),
                of_exports(node, exports, shared) if exports is not None else None,
            )
            or (of_table(node, table) if table is not None else None)
            or NOT_STATED
        )
    return tuple(makers[node.code] for node in chain.nodes)


def _by_node(rows: Iterable[ShareRow]) -> Mapping[str, Sequence[ShareRow]]:
    by_node: dict[str, list[ShareRow]] = defaultdict(list)
    for row in rows:
        by_node[row.node].append(row)
    return by_node


def _final_use(chain: Chain, table: WorldTable | None) -> Array:
    """The part of each node that goes to final users: as stated, else of a downstream node that of its industry in
    the table, else none. What feeds no other node goes to final users whole."""
    stated = [node.final_use for node in chain.nodes]
    final = np.array([0.0 if value is None else value for value in stated])
    if table is not None:
        S, N = table.n_industries, table.n_countries
        bought = table.F.reshape(N, S, -1).sum(axis=(0, 2))
        for place, industries in enumerate(industries_of_nodes(chain, table)):
            downstream = chain.stage_of(chain.nodes[place].code).position == Position.DOWNSTREAM
            if stated[place] is None and downstream and len(industries):
                whole = table.x.reshape(N, S)[:, industries].sum()
                final[place] = np.clip(bought[industries].sum() / whole, 0, 1) if whole else 0.0
    return final


def _onward(chain: Chain, groups: Groups, table: WorldTable | None) -> Array:
    """The weight of the user of each member in what becomes of the member's output, shape (M,): the table's flows
    between their industries where it tells, else equal."""
    users = groups.user[groups.group_of_member]
    onward = np.ones(len(users))
    if table is None:
        return onward
    S, N = table.n_industries, table.n_countries
    flows = table.Z.reshape(N, S, N, S).sum(axis=(0, 2))
    industries = industries_of_nodes(chain, table)
    for node in np.unique(groups.member):
        at = np.flatnonzero(groups.member == node)
        used = np.array([flows[np.ix_(industries[node], industries[user])].sum() for user in users[at]])
        if (used > 0).all():
            onward[at] = used / used.sum()
    return onward


def _patterns(
    chain: Chain, table: WorldTable | None, labels: tuple[str, ...]
) -> tuple[Array, Indices, tuple[str, ...], Array]:
    """Seeds of flows (Q, K, K), the seed of each node (n,), its grade, and the final users of each seed (Q, K)."""
    near = nearness(labels)
    weight = _size(labels)
    keys: list[tuple[int, ...]] = [()] * len(chain.nodes)
    if table is not None:
        keys = [tuple(int(i) for i in industries) for industries in industries_of_nodes(chain, table)]
    distinct = list(dict.fromkeys(keys))
    seeds, users = [], []
    for key in distinct:
        seed, final = (near, weight) if table is None or not key else _of_table(table, list(key), labels, near, weight)
        seeds.append(seed)
        users.append(final)
    pattern = np.array([distinct.index(key) for key in keys], dtype=np.intp)
    grades = tuple(Grade.ASSUMED.value if not key else Grade.INDUSTRY.value for key in keys)
    return np.array(seeds), pattern, grades, np.array(users)


def nearness(labels: tuple[str, ...]) -> Array:
    """One over the distance between countries, of mean 1, shape (K, K); the mean where a place is not known."""
    near = 1 / distances(labels)
    return np.nan_to_num(near / np.nanmean(near), nan=1.0)


def _size(labels: tuple[str, ...]) -> Array:
    """Share of each country in the world's GDP, shape (K,); the unknown remainder has none."""
    all_places = places()
    size = all_places.of(all_places.gdp, labels, 0.0)
    return size / size.sum() if size.sum() else np.full(len(labels), 1 / len(labels))


def _of_table(
    table: WorldTable, industries: list[int], labels: tuple[str, ...], near: Array, weight: Array
) -> tuple[Array, Array]:
    """The seed of some industries: how much more a pair trades than its sizes say; nearness for countries outside of
    the table, brought to the same mean. And the share of each country in final use."""
    N, S = table.n_countries, table.n_industries
    bought = table.Z.reshape(N, S, N, S)[:, industries].sum(axis=(1, 3))
    final = table.F.reshape(N, S, N, -1)[:, industries].sum(axis=(1, 3))
    flows = np.maximum(bought + final, 0)
    expected = np.outer(flows.sum(axis=1), flows.sum(axis=0)) / flows.sum()
    ratio = np.divide(flows, expected, out=np.zeros_like(flows), where=expected > 0)
    inside = in_table(table, labels)
    rows = np.flatnonzero(inside >= 0)
    seed = near.copy()
    if len(rows):
        block = np.maximum(ratio[np.ix_(inside[rows], inside[rows])], LEAST_AFFINITY)
        seed *= block.mean() / near[np.ix_(rows, rows)].mean()
        seed[np.ix_(rows, rows)] = block
    users = np.maximum(final.sum(axis=0), 0)
    share = np.where(inside >= 0, users[np.maximum(inside, 0)], 0.0)
    rest = max(users.sum() - share.sum(), 0.0)
    outside = np.where(inside < 0, weight, 0.0)
    share = share + (rest * outside / outside.sum() if outside.sum() else 0.0)
    return np.maximum(seed, LEAST_AFFINITY), share / share.sum() if share.sum() else weight


def _trade(declared: Declared, makers: tuple[NodeShares, ...], labels: tuple[str, ...]) -> Mapping[int, Array]:
    """Known flows by node: domestic supply is production less exports where production is known in amounts."""
    place = {label: number for number, label in enumerate(labels)}
    by_node: dict[int, Array] = {}
    number = {node.code: at for at, node in enumerate(declared.chain.nodes)}
    for row in declared.trade:
        ends = (place.get(row.origin, len(labels) - 1), place.get(row.destination, len(labels) - 1))
        flows = by_node.setdefault(number[row.node], np.zeros((len(labels), len(labels))))
        flows[ends] += row.value
    for node, flows in by_node.items():
        production = np.zeros(len(labels))
        for country, share in makers[node].named.items():
            production[place[country]] = share * (makers[node].total or 0.0)
        by_node[node] = trade_matrix(flows, production)
    return by_node
