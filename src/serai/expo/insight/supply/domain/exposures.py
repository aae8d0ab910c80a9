"""What the world says of a chain: who makes each node, how concentrated that is, and what is missing when some stop.

A fair's chains are asked for before anybody looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import layouts, stored_results
from serai.expo.insight.supply.domain.networks import fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.stored_results import result
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.domain.world_sources import origins, sourcing
from serai.world.classifications.countries import alpha2
from serai.world.progress import Progress
from serai.world.supply import SupplyNetwork, alternatives, exposure, exposure_to_makers

KIND = "chain-exposure"
"""World-wide, by the slug of a chain."""

MOST_MAKERS, MOST_ALTERNATIVES = 40, 8
LEAST_LOSS = 5e-4
"""Losses below this part of a node are not kept."""


@result(KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def chain_exposure(_edition: Edition | None, slug: str, progress: Progress) -> dict[str, Any]:
    """What pages show of a chain in the world. Countries by alpha-2 code, shares and losses from 0 to 1.

    ``nodes``: by code the makers with grade, year and source, concentration, what stops if the largest maker of this
    node alone stops, and who else makes it or could. ``stops``: by country that stops everywhere, the loss of each
    node, low and high end by what makers do that nobody names. ``ends``: the nodes for which the chain works.
    ``origins``: whose work is in the chain, and in each node, by the world table; ``sourcing``: who exports the
    headings of a node, where this machine has a table of exports.
    """
    network = network_of(slug)
    progress("", 0.3)
    return exposure_of(network) | {"origins": _origins([code for node in network.chain.nodes for code in node.isic])}


def exposure_of(network: SupplyNetwork) -> dict[str, Any]:
    """The same of a network at hand, but for the whole chain's origins."""
    everywhere = exposure(network, nodes=np.arange(network.n))
    stops = {
        alpha2(name): losses
        for place, name in enumerate(everywhere.names)
        if (losses := losses_by_node(network.nodes, everywhere.low[place], everywhere.high[place]))
    }
    return {
        "nodes": _nodes(network),
        "stops": {country: losses for country, losses in sorted(stops.items()) if country},
        "ends": [network.nodes[place] for place in network.ends.tolist()],
        "table": network.source,
    }


type Losses = dict[str, tuple[float, float]]


def losses_by_node(codes: tuple[str, ...], low: Any, high: Any) -> Losses:
    """Low and high loss by node, those that are worth telling."""
    return {
        code: (round(float(least), 4), round(float(most), 4))
        for code, least, most in zip(codes, low, high, strict=True)
        if most >= LEAST_LOSS
    }


def _nodes(network: SupplyNetwork) -> dict[str, Any]:
    by_maker = exposure_to_makers(network)
    place_of = {name: place for place, name in enumerate(by_maker.names)}
    ends = tuple(network.nodes[end] for end in by_maker.ends.tolist())
    nodes = {}
    for place, record in enumerate(network.node_records()):
        code, largest, makers = record["node"], record["largest"], network.makers[place]
        stop = place_of.get(f"{code}/{largest}")
        nodes[code] = {
            **_told(record),
            "makers": _ranked(makers.named),
            "others": round(makers.others, 4),
            "unattributed": round(makers.unattributed, 4),
            "withheld": [alpha2(country) for country in makers.withheld],
            "if_largest_stops": {} if stop is None else losses_by_node(ends, by_maker.low[stop], by_maker.high[stop]),
            "alternatives": _alternatives(network, code, largest),
            "origins": _origins(network.chain.nodes[place].isic),
            "sourcing": _sourcing(network.chain.nodes[place].hs),
        }
    return nodes


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """What of a node's record pages show."""
    shares = ("first", "first_three", "unknown", "concentration_low", "concentration_high", "effective_low")
    return {
        "largest": alpha2(record["largest"]) if record["largest"] else "",
        **{name: round(float(record[name]), 4) for name in shares},
        "effective_high": None if record["effective_high"] is None else round(record["effective_high"], 4),
        **{name: record[name] for name in ("single_source", "concentrated", "grade", "year", "source")},
    }


def _ranked(named: Mapping[str, float]) -> list[tuple[str, float]]:
    """The largest makers; the same for those that are not known."""
    ranked = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_MAKERS]
    return [(alpha2(country), round(share, 4)) for country, share in ranked]


def _alternatives(network: SupplyNetwork, code: str, largest: str) -> list[dict[str, Any]]:
    """Who makes a node beside the largest maker, then who could by what it exports."""
    return [
        {
            "country": alpha2(other.country),
            "share": round(other.share, 4),
            "makes": other.makes,
            "density": None if other.density is None else round(other.density, 3),
        }
        for other in alternatives(network, code, without=[largest])
        if alpha2(other.country)
    ][:MOST_ALTERNATIVES]


def _origins(isic: Sequence[str]) -> dict[str, Any] | None:
    shares = origins(isic)
    return None if shares is None else asdict(shares)


def _sourcing(headings: Sequence[str]) -> list[dict[str, Any]] | None:
    sourced = sourcing(headings)
    return None if sourced is None else [asdict(heading) for heading in sourced]


STOPS_KIND = "chain-maker-stops"
"""World-wide, by the slug of a chain."""


@result(STOPS_KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def maker_stops(_edition: Edition | None, slug: str, progress: Progress) -> dict[str, Any]:
    """``stops``: by node and alpha-2 code of the country, the loss of each end node, low and high end, 0 to 1.

    Stops of which no end node feels anything are left out.
    """
    network = network_of(slug)
    progress("", 0.3)
    every = exposure_to_makers(network)
    ends = tuple(network.nodes[end] for end in every.ends.tolist())
    stops: dict[str, dict[str, Losses]] = {}
    for place, name in enumerate(every.names):
        node, _slash, country = name.rpartition("/")
        losses = losses_by_node(ends, every.low[place], every.high[place])
        if losses and alpha2(country):
            stops.setdefault(node, {})[alpha2(country)] = losses
    return {"stops": stops, "table": network.source}


KINDS = (layouts.KIND, KIND)


def prepare(edition: Edition) -> None:
    """Have the worker compute what the maps of the edition's chains show, where it is missing or not current."""
    with scope(edition=edition):
        for chain in chains_of_edition(edition):
            for kind in KINDS:
                stored_results.prepare(None, kind, chain.slug)


def prepare_all() -> None:
    """The same for every fair that is not over."""
    for edition in Edition.objects.exclude(state=Edition.State.CLOSED):
        prepare(edition)
