"""The supply networks of chains: compiled from a fair's chain, the world table and the shares that come with Serai.

Emissions and digital content of a unit are stored for each chain: to solve a table of 80 countries takes half a minute.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.stored_results import NotComputable, compute_now, digest, result
from serai.expo.offers.chains.domain.own_chains import document_of as document_of_version
from serai.expo.offers.chains.domain.placements import as_world_chain
from serai.expo.offers.chains.models import Chain
from serai.world import chains as world
from serai.world.progress import Progress
from serai.world.readers import MAKERS, default_table, read
from serai.world.supply import Declared, Provider, SupplyNetwork, shipped_shares, supply_network
from serai.world.supply.contents import Contents, per_unit_contents
from serai.world.supply.records import ShareRow
from serai.world.table import WorldTable

MOST_NETWORKS = 16
"""Networks that a process keeps; each has some megabytes."""

NO_CHAIN = gettext_noop("This chain is not there any more.")


def document_of(slug: str) -> world.Chain:
    """The chain of this address with all that its file says; one that comes with Serai needs no row.

    Rows know no groups of inputs, stocks or spare capacity. Raises NotComputable where it was removed.
    """
    if slug in world.BUILTIN:
        (document,) = world.builtin_chains((slug,))
        return document
    chain = Chain.objects.filter(slug=slug).first()
    if chain is None:
        raise NotComputable(NO_CHAIN)
    return _own_document(chain)


def _own_document(chain: Chain) -> world.Chain:
    """The document of an organisation's chain: that of the version in use."""
    version = chain.versions.filter(in_use=True).first()
    return document_of_version(version) if version else as_world_chain(chain)


def fingerprint_of_chain(slug: str) -> str:
    """What a result about a chain rests on, besides rows of the fair; empty where it was removed."""
    if slug in world.BUILTIN:
        return digest(_builtin(slug), default_table(MAKERS))
    chain = Chain.objects.filter(slug=slug).first()
    return fingerprint_of_row(chain) if chain else ""


def fingerprint_of_row(chain: Chain) -> str:
    """The same of a chain at hand: the chain as it stands, and the world table."""
    if chain.slug in world.BUILTIN:
        return fingerprint_of_chain(chain.slug)
    return digest(world.write_chain(_own_document(chain)), chain.copied_from, default_table(MAKERS))


@cache
def _builtin(slug: str) -> str:
    """The digest of a chain that comes with Serai: its file does not change while a process lives."""
    return digest(world.write_chain(*world.builtin_chains((slug,))))


def network_of(slug: str) -> SupplyNetwork:
    """The supply network of a chain as it stands. For tasks: it takes a second. Raises NotComputable."""
    return _network(slug, world.write_chain(document_of(slug)), _copied_from(slug))


def network_with(slug: str, providers: tuple[Provider, ...]) -> SupplyNetwork:
    """The same with makers that are named for some of its nodes, instead of those known otherwise."""
    chain = document_of(slug)
    shares = _known_shares(chain, _copied_from(slug))
    return supply_network(Declared(chain, providers=providers), shares=shares, table=world_table())


def _copied_from(slug: str) -> str:
    """The built-in chain of which this one is a copy, or empty."""
    return Chain.objects.filter(slug=slug).values_list("copied_from", flat=True).first() or ""


@cache
def world_table() -> WorldTable:
    """The world table by which chains are compiled. For tasks: it holds 200 MB."""
    return read(question=MAKERS)


@lru_cache(MOST_NETWORKS)
def _network(slug: str, content: str, copied_from: str) -> SupplyNetwork:
    chain = world.parse_chain(content.encode(), slug, name=f"{slug}.toml")
    return supply_network(chain, shares=_known_shares(chain, copied_from), table=world_table())


def _known_shares(chain: world.Chain, copied_from: str) -> Sequence[ShareRow]:
    """The shares that come with Serai for a chain, which is a copy where it says of which."""
    return shares_of_copy(chain, copied_from) if copied_from else shipped_shares()


def shares_of_copy(chain: world.Chain, copied_from: str) -> Sequence[ShareRow]:
    """The shares that come with Serai for a copy of a built-in chain: those of the original's nodes, where the copy
    still has the node with the same HS headings."""
    (original,) = world.builtin_chains((copied_from,))
    headings = {node.code: node.hs for node in original.nodes}
    same = {f"{copied_from}/{node.code}": node.code for node in chain.nodes if headings.get(node.code) == node.hs}
    return [replace(row, node=f"{chain.slug}/{same[row.node]}") for row in shipped_shares() if row.node in same]


KIND = "unit-contents"
"""World-wide, by the slug of a chain."""

DIGITS = 5


@result(KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def unit_contents(_edition: Edition | None, slug: str, _progress: Progress) -> dict[str, Any]:
    """By property and link what a unit from each country of the network has in it, where the table tells."""
    network = network_of(slug)
    contents = per_unit_contents(network, np.arange(network.n), world_table())
    return {
        name: {
            network.nodes[node]: {
                network.countries[place]: float(f"{values[place]:.{DIGITS}g}")
                for place in np.flatnonzero(np.isfinite(values)).tolist()
            }
            for node, values in by_node.items()
        }
        for name, by_node in contents.items()
    }


def contents_of(slug: str, network: SupplyNetwork) -> Contents:
    """The stored contents of a chain, as `source_values` takes them. For tasks: what is not stored is computed."""
    data = compute_now(None, KIND, slug).data or {}
    return {name: {node: _row(network, data.get(name, {}), node) for node in range(network.n)} for name in NAMES}


NAMES = ("green", "digital")


def _row(network: SupplyNetwork, by_node: dict[str, dict[str, float]], node: int) -> Any:
    contents = by_node.get(network.nodes[node], {})
    return np.array([contents.get(country, np.nan) for country in network.countries])
