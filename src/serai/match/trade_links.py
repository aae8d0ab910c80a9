"""Links between nodes that trade: by a need on the node itself, along the chain, or between industries.

The first two come from the chains. The third comes from the world table where the chains have no edge: an industry buys
a share of its inputs from another, and the link counts if the share is large enough and well above the share that all
industries together buy there (a location quotient of inputs; Miller and Blair 2009, section 8.2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from serai.match.placing import Side
from serai.world.chains import Chain, Node
from serai.world.classifications.industries import codes as isic_codes
from serai.world.classifications.industries import industries
from serai.world.table import Array, WorldTable

LEAST_SHARE = 0.02
"""Least share of the inputs of an industry that a supplying industry sells it."""

LEAST_QUOTIENT = 1.5
"""Least ratio of that share to the share that all industries together buy there."""


class Trade(StrEnum):
    """What joins a buyer and a seller."""

    STATED = "stated"
    CAPABLE = "capable"
    """A stated need that no offer names, met by what the seller can make."""
    FED = "fed"
    INDUSTRY = "industry"

    @property
    def buying(self) -> Side:
        """The side of the buyer's item: its need, or its offer that is made of the supplier's product."""
        return Side.NEED if self in (Trade.STATED, Trade.CAPABLE) else Side.OFFER


@dataclass(frozen=True)
class Link:
    """A link: firms on the node `user` of `chain` may buy what is offered on the node `supplier` of `supplier_chain`.

    `share` is 1 except between industries: the supplier's share of the user's inputs over that of its largest supplier.
    """

    trade: Trade
    chain: str
    user: str
    supplier_chain: str
    supplier: str
    share: float = 1.0

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Chain and node of the user, and of the supplier."""
        return (self.chain, self.user), (self.supplier_chain, self.supplier)


@dataclass(frozen=True, eq=False)
class Industries:
    """The part of a world table that matching uses: purchases between industries, and the industry of a node."""

    shares: Array
    """(S, S) as `input_shares` gives them."""
    of: Callable[[Node], int | None]
    """As `industry_number` gives it."""


def industries_of(table: WorldTable) -> Industries:
    """The industries of a table, small enough to be kept. Raises ValueError where none has ISIC Rev.4 codes."""
    return Industries(input_shares(table), industry_number(table))


def links(chains: Sequence[Chain], industries: Industries | None = None) -> tuple[Link, ...]:
    """The links of these chains; those between industries only with the `industries` of a table."""
    listed = []
    for chain in chains:
        listed += [Link(Trade.STATED, chain.slug, node.code, chain.slug, node.code) for node in chain.nodes]
        listed += [Link(Trade.FED, chain.slug, user, chain.slug, supplier) for supplier, user in chain.edges]
    if industries is not None:
        listed += _of_industries(chains, industries, {(link.chain, link.user, link.supplier) for link in listed})
    return tuple(listed)


def _of_industries(
    chains: Sequence[Chain], industries: Industries, chain_links: set[tuple[str, str, str]]
) -> list[Link]:
    shares = industries.shares
    places = [(chain.slug, node.code, industries.of(node)) for chain in chains for node in chain.nodes]
    return [
        Link(Trade.INDUSTRY, chain, user, supplier_chain, supplier, float(shares[makes, uses]))
        for chain, user, uses in places
        for supplier_chain, supplier, makes in places
        if uses is not None and makes is not None and makes != uses and shares[makes, uses] > 0
        if chain != supplier_chain or (chain, user, supplier) not in chain_links
    ]


def input_shares(table: WorldTable) -> Array:
    """(S, S) share of the column industry's inputs that it buys from the row industry, over all countries.

    Scaled to 1 for its largest supplier other than itself. 0 where the share is below `LEAST_SHARE` or the quotient
    below `LEAST_QUOTIENT`, and on the diagonal.
    """
    by_industry = table.Z.reshape(table.n_countries, table.n_industries, table.n_countries, table.n_industries)
    bought = np.maximum(by_industry.sum(axis=(0, 2), dtype=np.float64), 0)
    inputs, sales = bought.sum(axis=0), bought.sum(axis=1)
    share = np.divide(bought, inputs, out=np.zeros_like(bought), where=inputs > 0)
    overall = sales / sales.sum()
    share[(share < LEAST_SHARE) | (share < LEAST_QUOTIENT * overall[:, None])] = 0
    np.fill_diagonal(share, 0)
    largest = share.max(axis=0)
    return np.asarray(np.divide(share, largest, out=share, where=largest > 0))


def industry_number(table: WorldTable) -> Callable[[Node], int | None]:
    """A function from a node to its industry in the table: that of its first ISIC class that has one, else None.

    Raises ValueError for a table of which no industry has ISIC Rev.4 codes.
    """
    rows = industries(table.classification)
    number = {
        code: n
        for n, label in enumerate(table.industries)
        if label in rows
        for code in isic_codes(rows[label]["isic4"])
    }
    if not number:
        raise ValueError(
            f"The industries of '{table.name or table.source}' have no ISIC codes, so no node can be found among them; "
            "use a table whose classification is one of those of 'serai world tables'."
        )

    def of(node: Node) -> int | None:
        parts = (code[:length] for code in node.isic for length in (4, 3, 2))
        return next((number[part] for part in parts if part in number), None)

    return of
