"""What a scenario does: computed by the library, and kept as numbers that pages, files and the interface show."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.scenarios import ON_FAIR, ON_TABLE, Written, makers_at, table_of
from serai.expo.insight.supply.domain.networks import alpha2, alpha3, document_of, network_of, network_with
from serai.world.arrays import Array
from serai.world.classifications.industries import industries
from serai.world.progress import Progress
from serai.world.readers import read
from serai.world.shocks import Result, Scenario, run
from serai.world.supply import Grade, Provider, Stoppage, SupplyNetwork
from serai.world.table import WorldTable

MOST_STEPS = 120
"""Steps of time that are kept; a longer path is thinned evenly, its first and last step stay."""
MOST_LINES, MOST_INDUSTRIES = 5, 20
NEARLY_NOTHING = 1e-9

FAIR_LIMIT = "Firms of this fair are taken as the only makers of the nodes on which they stand, in equal parts."


def compute(edition: Edition, scenario: Written, progress: Progress) -> dict[str, Any]:
    """The result of a scenario. Raises ValueError or KeyError, with a sentence, for what the library refuses.

    ``countries``: loss by alpha-2 code and relative to what a country has. ``nodes`` of a chain, ``industries`` of a
    table. ``over_time``: the world and the countries that lose most. ``bound``: what held how many makers back.
    """
    progress("", 0.05)
    parameters = dict(scenario.canonical()["parameters"])
    if scenario.on == ON_TABLE:
        world: WorldTable | SupplyNetwork = read(table_of(scenario))
    else:
        world = _with_firms(edition, scenario.chain) if scenario.on == ON_FAIR else network_of(scenario.chain)
    progress("", 0.3)
    result = run(world, Scenario(scenario.kind, parameters))
    progress("", 0.9)
    return {**_told(result), **_detail(world, result), "limits": _limits(scenario, result)}


def _limits(scenario: Written, result: Result) -> list[str]:
    return [*([FAIR_LIMIT] if scenario.on == ON_FAIR else []), *result.limits]


def _with_firms(edition: Edition, slug: str) -> SupplyNetwork:
    """The network of a chain in which the firms of the fair are the only makers of the nodes on which they stand."""
    codes = {node.code for node in document_of(slug).nodes}
    makers = sorted((node, firm, alpha3(country)) for node, firm, country in makers_at(edition, slug) if node in codes)
    makers = [row for row in makers if row[2]]
    count = Counter(node for node, _firm, _country in makers)
    providers = tuple(
        Provider(node, firm, country, 1 / count[node], source="the fair", grade=Grade.ASSUMED)
        for node, firm, country in makers
    )
    return network_with(slug, providers)


def _told(result: Result) -> dict[str, Any]:
    """What every result says, whatever it is of."""
    world = result.table
    losses, shares = result.loss_by_country, result.share_of_gdp
    rows = [
        {"country": alpha2(label), "label": label, "loss": float(loss), "share": float(share)}
        for label, loss, share in zip(world.countries, losses, shares, strict=True)
        if abs(loss) > NEARLY_NOTHING
    ]
    return {
        "kind": result.scenario.kind,
        "parameters": result.scenario.parameters,
        "total": result.total,
        "unit": world.unit if isinstance(world, WorldTable) else "",
        "countries": sorted(rows, key=lambda row: (-abs(row["share"]), row["label"])),
        "status": result.status.name,
        "residual": result.residual,
        "horizon": result.horizon.name,
        "cautions": list(dict.fromkeys(result.cautions)),
        "sources": list(result.sources),
        "table": world.source,
        "citation": result.cite(),
    }


def _detail(world: WorldTable | SupplyNetwork, result: Result) -> dict[str, Any]:
    if isinstance(world, SupplyNetwork):
        return _of_chain(world, result)
    whole = float(world.v.sum())
    return {
        "share_of_world": result.total / whole,
        "industries": _industries(world, result.loss),
        "over_time": _over_time(result, 1.0, "day"),
        "bound": _counted(result.bound),
    }


def _industries(table: WorldTable, loss: Array) -> list[dict[str, Any]]:
    """The industries that lose most in the world, and the part of their value added."""
    lost = loss.reshape(table.n_countries, table.n_industries).sum(axis=0)
    added = table.v.reshape(table.n_countries, table.n_industries).sum(axis=0)
    names = industries(table.classification)
    return [
        {
            "label": table.industries[place],
            "name": names[label]["name"] if (label := table.industries[place]) in names else label,
            "loss": float(lost[place]),
            "share": float(lost[place] / added[place]) if added[place] else 0.0,
        }
        for place in np.argsort(-np.abs(lost), kind="stable")[:MOST_INDUSTRIES].tolist()
        if abs(lost[place]) > NEARLY_NOTHING
    ]


def _of_chain(network: SupplyNetwork, result: Result) -> dict[str, Any]:
    """Losses by node with both ends, in shares of the world's supply of each."""
    stoppage: Stoppage = result.answer
    titles = {node.code: dict(node.title) for node in network.chain.nodes}
    members = {(group.user, group.code): group.members for group in network.groups.requirements}
    records = stoppage.records()
    for record in records:
        record["title"] = titles[record["node"]]
        record["held_by_titles"] = [titles[code] for code in members.get((record["node"], record["held_by"]), ())]
    named = {record["held_by"]: record["held_by_titles"] for record in records}
    counts = Counter(record["held_by"] for record in records)
    whole = float(network.end_supply.sum())
    low, high = (float(end.mean()) for end in stoppage.end_loss)
    return {
        "end_low": low,
        "end_high": high,
        "nodes": sorted(records, key=lambda record: (-record["loss_high"], record["node"])),
        "over_time": _over_time(result, whole, "week"),
        "bound": [[word, count, named[word]] for word, count in counts.most_common(MOST_INDUSTRIES)],
    }


def _over_time(result: Result, whole: float, step: str) -> dict[str, Any] | None:
    """The world's loss by step, relative to ``whole``, and that of the countries that lose most."""
    if result.over_time is None:
        return None
    path = result.over_time / whole
    kept = np.unique(np.linspace(0, len(path) - 1, min(len(path), MOST_STEPS)).round().astype(int))
    ranked = np.argsort(-np.abs(path.sum(axis=0)), kind="stable")[:MOST_LINES].tolist()
    labels = result.table.countries
    return {
        "step": step,
        "steps": kept.tolist(),
        "world": path.sum(axis=1)[kept].tolist(),
        "countries": [
            {"country": alpha2(labels[place]), "label": labels[place], "values": path[kept, place].tolist()}
            for place in ranked
            if np.abs(path[:, place]).max() > NEARLY_NOTHING
        ],
    }


def _counted(bound: Sequence[str] | None) -> list[list[Any]]:
    """What held how many cells back, the most frequent first."""
    counts = Counter(word for word in bound or () if word)
    return [[word, count, []] for word, count in counts.most_common(MOST_INDUSTRIES)]
