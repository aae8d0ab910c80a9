"""What the fair did to its chains: its confirmed links change the sourcing of their buyers, before and after, also
in words.

The method is `serai.world.supply.difference` (docs/method/supply.md). Beside the confirmed links stand as many links
drawn at random from the suggestions, and what was only claimed. No causal effect is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from serai.expo.base.numbers import in_percent, rounded
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import members
from serai.expo.insight.supply.domain.fair_links import (
    FairLink,
    claimed_links,
    confirmed_links,
    standpoints,
    suggested_links,
)
from serai.expo.insight.supply.domain.map_layers import percent
from serai.expo.insight.supply.domain.networks import contents_of, fingerprint_of_row, network_of
from serai.expo.insight.supply.domain.stored_results import digest, result
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.outcomes.domain.network import known_links
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain, Placement
from serai.world.classifications.countries import alpha2
from serai.world.progress import Progress
from serai.world.supply import Difference, Link, combined, difference, needs_of

KIND = "fair-difference"
"""Of an edition; the key is empty."""

LEAST_DEVELOPED = "LDC"


def fingerprint_of_fair(edition: Edition | None, _key: str) -> str:
    """The chains, the ledger, who stands where, and what was suggested."""
    assert edition is not None
    chains = [fingerprint_of_row(chain) for chain in chains_of_edition(edition)]
    ledger = Outcome.objects.filter(edition=edition).order_by("pk")
    confirmations = Count("parties__confirmed_at")
    outcomes = list(
        ledger.annotate(confirmations=confirmations).values_list(
            "pk", "state", "value", "band", "months", "confirmations"
        )
    )
    counted = [
        list(rows.order_by().aggregate(number=Count("pk"), last=Max("pk")).values())
        for rows in (Placement.objects.filter(edition=edition), Suggestion.objects.filter(edition=edition))
    ]
    return digest(chains, outcomes, counted)


@dataclass(frozen=True)
class ChainDifference:
    """What the fair did to a chain: the confirmed links with their difference, and that of what was only claimed."""

    chain: Chain
    links: Sequence[FairLink]
    claimed: Sequence[FairLink]
    confirmed_difference: Difference
    claimed_difference: Difference


@result(KIND, fingerprint=fingerprint_of_fair, version=2)
def fair_difference(edition: Edition | None, _key: str, progress: Progress) -> dict[str, Any]:
    """``whole`` and ``chains`` by slug, each: figures before, after, by chance and claimed; links by node and kind.

    The links that moved most are told where there are at least five, by node and countries; the number of their outcome
    is for organisers only.
    """
    assert edition is not None
    chains = chains_of_edition(edition)
    parts = []
    for number, chain in enumerate(chains):
        progress("", number / max(len(chains), 1))
        if part := difference_of_chain(edition, chain):
            parts.append(part)
    least_developed = members(LEAST_DEVELOPED, edition.starts_on)
    firms = known_links(edition)
    return {
        "chains": {part.chain.slug: _told([part], least_developed) for part in parts},
        "whole": _told(parts, least_developed) if parts else None,
        "firms_linked": len({*firms.supplier.tolist(), *firms.buyer.tolist()}),
        "links_known": int(sum(firms.value.tolist())),
    }


def difference_of_chain(edition: Edition, chain: Chain) -> ChainDifference | None:
    """What the fair did to a chain; None where no buyer needs anything of it."""
    stand = standpoints(edition, chain)
    confirmed, claimed = confirmed_links(edition, stand), claimed_links(edition, stand)
    inputs = {(need.buyer, need.node): need.country for need in stand.inputs()}
    inputs |= {(link.buyer, link.node): link.buyer_country for link in (*confirmed, *claimed)}
    if not inputs:
        return None
    network = network_of(chain.slug)
    place = {key: number for number, key in enumerate(inputs)}
    needs = needs_of(network, [(node, country) for (_buyer, node), country in inputs.items()])
    suggestions = [
        Link(place[buyer, node], country)
        for buyer, node, country in suggested_links(edition, stand)
        if (buyer, node) in place
    ]

    def as_links(links: Sequence[FairLink]) -> list[Link]:
        return [Link(place[link.buyer, link.node], link.supplier_country, link.theta) for link in links]

    contents = contents_of(chain.slug, network)
    return ChainDifference(
        chain,
        confirmed,
        claimed,
        difference(network, needs, as_links(confirmed), suggestions=suggestions, contents=contents),
        difference(network, needs, as_links(claimed), contents=contents),
    )


def _told(parts: Sequence[ChainDifference], least_developed: frozenset[str]) -> dict[str, Any]:
    """What pages and the report show of one chain, or of several together."""
    confirmed = combined([part.confirmed_difference for part in parts])
    claimed = combined([part.claimed_difference for part in parts])
    links = [(part.chain.slug, link) for part in parts for link in part.links]
    from_least_developed = [link for _slug, link in links if alpha2(link.supplier_country) in least_developed]
    return {
        "inputs": confirmed.needs,
        "links": len(links),
        "claimed_links": len(claimed.links),
        "figures": confirmed.records(),
        "claimed_figures": claimed.records(),
        "from_least_developed": len(from_least_developed),
        "from_small_firms": sum(link.small_supplier for _slug, link in links),
        "across_borders": sum(link.supplier_country != link.buyer_country for _slug, link in links),
        "by_node": dict(Counter(link.node for _slug, link in links)),
        "most_moved": [_moved(*links[number], float(confirmed.moved[number])) for number in confirmed.most_moved],
    }


def _moved(chain: str, link: FairLink, moved: float) -> dict[str, Any]:
    return {
        "chain": chain,
        "node": link.node,
        "outcome": link.outcome,
        "supplier": alpha2(link.supplier_country),
        "buyer": alpha2(link.buyer_country),
        "taken_away": round(moved, 4),
    }


WHOLE = 0.995
"""Part of the inputs from which a figure is told as one of all of them: it would read as 100 %."""


@dataclass(frozen=True)
class FigureName:
    """A figure of a difference: its name, what it means, whether it is a share; ``sense`` is 1 where more is better."""

    title: Text
    text: Text
    is_share: bool
    sense: int
    scale: float = 1.0
    """What the figure of the library is multiplied by to be in the unit of the text."""
    unit: Text = ""
    """Where it is neither a share nor a plain number."""


NAMES: Mapping[str, FigureName] = {
    "single": FigureName(
        _("Inputs with a single source country"),
        _("Share of buyers' inputs of which one country brings 70 % or more."),
        is_share=True,
        sense=-1,
    ),
    "effective": FigureName(
        _("Source countries of an input"),
        _("Effective number of source countries, mean over the inputs: 1 over the sum of the squared shares."),
        is_share=False,
        sense=1,
    ),
    "worst": FigureName(
        _("Worst loss by the stop of one country"),
        _("Part of an input that is missing when the country stops whose stop takes most, mean over the inputs."),
        is_share=True,
        sense=-1,
    ),
    "inclusive": FigureName(
        _("From least developed, landlocked and small island countries"),
        _("Their share in what buyers use of an input, mean over the inputs."),
        is_share=True,
        sense=1,
    ),
    "green": FigureName(
        _("Emissions embodied in a unit"),
        _("Kilograms of CO2 equivalent a US dollar of what the input's industry makes, by the mix of countries, mean."),
        is_share=False,
        sense=-1,
        scale=1_000,
        unit=_("kg CO2 for each US$"),
    ),
}


@dataclass(frozen=True)
class FigureRow:
    """A figure as it is told. ``verdict`` is 1 for better, -1 for worse, 0 where the interval holds zero; the change
    beside chance is told where there were suggestions. ``covered`` is the part of the inputs on which it is measured,
    in per cent, empty where that is all of them."""

    name: FigureName
    before: str
    after: str
    change: str
    interval: str
    by_chance: str
    verdict: int
    covered: str = ""


def rows_of(figures: Sequence[Mapping[str, Any]]) -> list[FigureRow]:
    """The figures that are measured, as rows."""
    return [
        _row(NAMES[row["figure"]], row) for row in figures if row["before"] is not None and row["after"] is not None
    ]


def difference_told(
    did: Mapping[str, Any],
    titles: Mapping[tuple[str, str], Mapping[str, str]],
    outcomes: Mapping[int, Any] | None = None,
) -> dict[str, Any]:
    """What the template of a difference needs: of one chain or of several, with the titles of nodes by chain and code;
    ``outcomes`` by number name the parties, for organisers only."""
    moved = [
        {**link, "title": titles[link["chain"], link["node"]], "outcome_row": (outcomes or {}).get(link["outcome"])}
        for link in did["most_moved"]
        if (link["chain"], link["node"]) in titles
    ]
    return {
        "did": {**did, "most_moved": moved},
        "rows": rows_of(did["figures"]),
        "claimed_rows": rows_of(did["claimed_figures"]),
    }


def _row(name: FigureName, row: Mapping[str, Any]) -> FigureRow:
    low, high = row["low"] or 0.0, row["high"] or 0.0
    told = low > 0 or high < 0
    chance, covered = row["by_chance"], row.get("covered", 1.0)
    return FigureRow(
        name=name,
        before=_value(name, row["before"]),
        after=_value(name, row["after"]),
        change=_signed(name, row["change"]),
        interval=f"{_signed(name, low)} … {_signed(name, high)}",
        by_chance="" if chance is None else _signed(name, chance),
        verdict=(1 if row["change"] > 0 else -1) * name.sense if told else 0,
        covered="" if covered >= WHOLE else percent_with_a_digit(covered),
    )


def _value(name: FigureName, value: float) -> str:
    return percent_with_a_digit(value) if name.is_share else rounded(value * name.scale, 2)


def _signed(name: FigureName, value: float) -> str:
    """A change with its sign; of shares in percentage points."""
    size = round(abs(value) * (100 if name.is_share else name.scale), 1 if name.is_share else 3)
    sign = "" if not size else "+" if value > 0 else "−"
    return sign + rounded(size, 1 if name.is_share else 3)


def percent_with_a_digit(share: float) -> str:
    """A share in per cent with one digit where it is small."""
    return percent(share) if share >= 0.0995 or share == 0 else in_percent(rounded(100 * share, 1))
