"""Value of a match for the supply chain: the link of its two firms as a link of two cells of the world table.

The supplier's cell is its country and the industry of the node of the product. The buyer's cell is its country and the
industry that uses the product: that of its own node or, for a stated need, of the first node that the product feeds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from serai.match.partners import LinkValues, Match, Relation
from serai.match.reasons import ReasonKind
from serai.match.trade_links import industry_number
from serai.world.chains import Chain
from serai.world.classifications.countries import find
from serai.world.links import links_between, value_of_links
from serai.world.table import WorldTable

ASPECT: Mapping[str, str] = {
    "secure": "concentration",
    "stable": "expected loss",
    "smooth": "borders",
    "efficient": "variety",
    "open": "foreign share",
    "inclusive": "least developed",
    "mutual": "smaller gain",
    "green": "emissions",
    "digital": "information",
}
"""The aspect of a link that measures each property of the mission (`serai.world.links`)."""

SHARE = 0.05
"""Share of the buying industry's purchases of the product that is assumed to move to the supplier. The size of the
vector depends on it, its direction hardly does."""

type LinkVectors = dict[tuple[int, int], Mapping[str, float]]
"""The vectors of links of cells of one table, by the cells of the buyer and of the supplier."""

STATED = (
    ReasonKind.OFFERS_WHAT_YOU_NEED,
    ReasonKind.NEEDS_WHAT_YOU_OFFER,
    ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED,
    ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY,
)


def link_values(
    matches: Iterable[Match],
    countries: Mapping[str, str],
    chains: Sequence[Chain],
    table: WorldTable,
    *,
    weights: Mapping[str, float] | None = None,
    known: LinkVectors | None = None,
) -> LinkValues:
    """The vectors of the links of these matches, signed so that a change above 0 is an improvement.

    `countries` are those of the firms by key. `known` are vectors computed earlier for this table; new ones are added
    to it, so that a page that asks again need not wait. A match has no vector if the table lacks the country or the
    industry of a firm, or both firms are in one cell. Raises ValueError for a table of unknown classification.
    """
    cells = dict(_cells_of(matches, countries, chains, table))
    if not cells:
        return LinkValues({}, weights or {})
    known = {} if known is None else known
    _learn(table, {pair for pair in cells.values() if pair not in known}, known)
    return LinkValues({firms: known[pair] for firms, pair in cells.items()}, weights or {})


def _cells_of(
    matches: Iterable[Match], countries: Mapping[str, str], chains: Sequence[Chain], table: WorldTable
) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """The two firms of each match, and the cells of its buyer and of its supplier where the table has both."""
    number = industry_number(table)
    chain_of = {chain.slug: chain for chain in chains}
    country_row = {code: row for row, code in enumerate(table.countries)}

    def cell(firm: str, chain: str, node: str) -> int | None:
        industry = number(chain_of[chain].node(node))
        country = find(countries[firm]) if countries.get(firm) else None
        if country is None or country.alpha3 not in country_row or industry is None:
            return None
        return country_row[country.alpha3] * table.n_industries + industry

    for match in matches:
        reason = match.reasons[0]
        buys = match.relation is Relation.SUPPLIER
        buyer, supplier = (match.firm, match.partner) if buys else (match.partner, match.firm)
        places = reason.own_place, reason.their_place
        used, made = places if buys else places[::-1]
        if used is None or made is None:  # the chain does not join them, so their industries are not known
            continue
        user = used.node
        if reason.kind in STATED:
            user = next(iter(chain_of[used.chain].users_of(used.node)), used.node)
        of_buyer, of_supplier = cell(buyer, used.chain, user), cell(supplier, made.chain, made.node)
        if of_buyer is not None and of_supplier is not None and of_buyer != of_supplier:
            yield (match.firm, match.partner), (of_buyer, of_supplier)


def _learn(table: WorldTable, missing: set[tuple[int, int]], vectors: LinkVectors) -> None:
    """Add the vectors of these links of cells, and of those to the same industry of all other countries.

    Ten links take as long as a thousand, and a user who looks at one supplier will look at others.
    """
    if not missing:
        return
    of_industry = {(buyer, supplier % table.n_industries) for buyer, supplier in missing}
    asked = sorted(
        (buyer, country * table.n_industries + industry)
        for buyer, industry in of_industry
        for country in range(table.n_countries)
        if buyer != country * table.n_industries + industry
    )
    buyers, suppliers = np.array(asked, dtype=np.int64).T
    value = value_of_links(table, links_between(buyers, suppliers, SHARE))
    named = {aspect.name: aspect for aspect in value.aspects}
    better = {name: value.of(what) * named[what].sense for name, what in ASPECT.items() if what in named}
    vectors.update((pair, {name: float(change[n]) for name, change in better.items()}) for n, pair in enumerate(asked))
