"""How a scorecard is computed: the properties by all tables at hand, the figures by year, and the strengths."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain import subjects
from serai.expo.insight.scorecards.domain.measures import all_measured, tables_print
from serai.expo.insight.supply.domain.exposures import KIND as EXPOSURE
from serai.expo.insight.supply.domain.networks import document_of, fingerprint_of_chain, world_table
from serai.expo.insight.supply.domain.stored_results import NotComputable, digest, needed, result
from serai.world.arrays import Array
from serai.world.chains import Chain
from serai.world.classifications import countries
from serai.world.classifications.countries import alpha2
from serai.world.classifications.industries import industries
from serai.world.industries import cells_making
from serai.world.progress import Progress
from serai.world.scorecards import (
    YEARLY,
    Measured,
    Row,
    advantages_of,
    chains_of_the_package,
    code_of,
    export_advantages,
    makers_of_chains,
    measured,
    nodes_in_reach,
    nodes_made,
    of_all,
    of_country,
    of_group,
    reach_at_hand,
    yearly,
)
from serai.world.table import NotMeasured
from serai.world.trade import exports_at_hand

KIND = "scorecard"
"""World-wide by kind and code of the subject; of a fair for its groups, whose members are those of its opening day."""

MOST_NODES, MOST_INDUSTRIES, MOST_MAKERS = 12, 10, 12
OF_A_NODE = ("makers", "grade", "year", "single_source", "concentrated", "concentration_low", "concentration_high")

NO_MEMBER = gettext_noop("This group had no member on the opening day of the fair.")
NO_MEMBER_TODAY = gettext_noop("This group has no member today.")
NO_INDUSTRY = gettext_noop("The table of the world does not have this industry.")


def edition_of(edition: Edition | None, kind: str) -> Edition | None:
    """The fair to which the scorecard of a kind of subject belongs; None where it is the same for all."""
    return edition if kind == subjects.GROUP else None


def _fingerprint(edition: Edition | None, key: str) -> str:
    kind, _slash, code = key.partition("/")
    own = ""
    if kind == subjects.CHAIN:
        own = fingerprint_of_chain(code)
    elif kind == subjects.GROUP:
        own = ",".join(subjects.members_of(edition, code))
    return digest(tables_print(), own)


@result(KIND, fingerprint=_fingerprint, version=2)
def scorecard(edition: Edition | None, key: str, progress: Progress) -> dict[str, Any]:
    """A scorecard as pages, pictures and the interface show it; see ``_card``, and what each kind adds."""
    kind, _slash, code = key.partition("/")
    if kind == subjects.COUNTRY:
        return _of_countries([countries.country(code).alpha3], progress)
    if kind == subjects.GROUP:
        members = subjects.members_of(edition, code)
        if not members:
            raise NotComputable(NO_MEMBER if edition else NO_MEMBER_TODAY)
        return _of_countries(members, progress, group=True)
    if kind == subjects.INDUSTRY:
        return _of_industry(code, progress)
    return _of_chain(code, progress)


def _card(tables: Iterable[Measured], rows: Iterable[Row]) -> dict[str, Any]:
    """``tables`` by name with title, year and source; ``rows`` with the points of each indicator."""
    return {
        "tables": {
            table.name: {"title": table.title, "year": table.year, "citation": table.citation} for table in tables
        },
        "rows": [asdict(row) for row in rows],
    }


def _of_countries(codes: Collection[str], progress: Progress, *, group: bool = False) -> dict[str, Any]:
    """Adds ``yearly``, ``industries`` with an advantage, nodes that it ``makes`` and ``could`` make, ``members``."""
    tables = all_measured(progress)
    progress("", 0.9)
    rows = of_group(tables, codes) if group else of_country(tables, next(iter(codes)))
    chains, table = chains_of_the_package(), world_table()
    makers = makers_of_chains(chains, table)
    made = nodes_made(makers, codes, 0.0)
    exports = exports_at_hand()
    names = industries(table.classification)
    could = nodes_in_reach(makers, chains, codes, exports)[:MOST_NODES]
    return _card(tables, rows) | {
        "yearly": {key: yearly(figure, codes) for key, figure in YEARLY.items()},
        "industries": [
            asdict(row) | {"name": names[row.industry]["name"] if row.industry in names else row.industry}
            for row in advantages_of(table, codes)[:MOST_INDUSTRIES]
        ],
        "industries_year": table.year,
        "industries_source": table.citation,
        "makes": [
            asdict(row) | {"leaders": [(alpha2(code), share) for code, share in row.leaders[:3]]}
            for row in made[:MOST_NODES]
        ],
        "makes_at_least_one_percent": sum(row.share >= 0.01 for row in made),
        "could": [asdict(row) | {"country": alpha2(row.country)} for row in could],
        "could_is_measured": any(code in codes for code in reach_at_hand(exports).countries),
        "titles": _titles(
            chains, {(m.chain, m.node) for m in made[:MOST_NODES]} | {(node.chain, node.node) for node in could}
        ),
        "members": sorted(alpha2(code) for code in codes) if group else [],
        "measured_members": sorted({alpha2(code) for t in tables for code in t.countries if code in codes} - {""}),
    }


def _titles(chains: Iterable[Chain], nodes: Collection[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The titles of these nodes by chain/node, and of their chains."""
    named = {slug for slug, _code in nodes}
    titles = {chain.slug: dict(chain.title) for chain in chains if chain.slug in named}
    return titles | {f"{slug}/{code}": dict(_node(chains, slug, code)) for slug, code in sorted(nodes)}


def _node(chains: Iterable[Chain], slug: str, code: str) -> Any:
    return next(chain for chain in chains if chain.slug == slug).node(code).title


def _of_industry(label: str, progress: Progress) -> dict[str, Any]:
    """Adds the countries that make most of it."""
    table = world_table()
    if label not in table.industries:
        raise NotComputable(NO_INDUSTRY)
    progress("", 0.2)
    place = table.industries.index(label)
    cells = np.arange(table.n_countries) * table.n_industries + place
    of_cells = measured(table, subjects.table_of_makers(), cells=cells)
    output = table.x.reshape(table.n_countries, table.n_industries)[:, place]
    advantage, shares = export_advantages(table)
    return _card([of_cells], of_all([of_cells])) | {
        "makers": _largest(table.countries, output, advantage[:, place], shares[:, place]),
        "makers_source": table.citation,
        "makers_year": table.year,
    }


def _largest(labels: Collection[str], output: Array, advantage: Array, exports: Array) -> list[dict[str, Any]]:
    """The countries that make most: share in output and in exports, and revealed comparative advantage."""
    codes = [alpha2(code_of(label)) for label in labels]
    return [
        {
            "country": codes[place],
            "share": float(output[place] / output.sum()),
            "exports": float(exports[place]),
            "advantage": float(advantage[place]),
        }
        for place in np.argsort(-output, kind="stable").tolist()
        if codes[place] and output[place] > 0
    ][:MOST_MAKERS]


def _of_chain(slug: str, progress: Progress) -> dict[str, Any]:
    """Adds ``nodes`` with their makers, as the chain map shows them, and which ``stops`` the ends feel most."""
    chain = document_of(slug)
    table = world_table()
    progress("", 0.2)
    try:
        cells = np.unique(cells_making(table, [code for node in chain.nodes for code in node.isic]))
        tables = [measured(table, subjects.table_of_makers(), cells=cells)]
    except NotMeasured:
        tables = []
    progress("", 0.7)
    exposure = needed(None, EXPOSURE, slug)
    stops = [
        {"country": country, "low": max(low for low, _ in ends), "high": max(high for _, high in ends)}
        for country, losses in exposure["stops"].items()
        if (ends := [losses[code] for code in exposure["ends"] if code in losses])
    ]
    return _card(tables, of_all(tables)) | {
        "nodes": [
            {"node": node.code, **{name: exposure["nodes"][node.code][name] for name in OF_A_NODE}}
            for node in chain.nodes
        ],
        "stops": sorted(stops, key=lambda stop: (-stop["high"], stop["country"]))[:MOST_MAKERS],
        "titles": _titles([chain], {(slug, node.code) for node in chain.nodes}),
    }
