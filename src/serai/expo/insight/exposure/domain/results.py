"""The stored exposure of a participant: computed by a task from the supply networks of its chains, for the eyes of
its firm alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.domain.sources import Input, inputs_at_links
from serai.expo.insight.supply.domain.networks import contents_of, fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.source_values import figures_of, losses_of
from serai.expo.insight.supply.domain.stored_results import NotComputable, Stored, digest, result, stored
from serai.expo.insight.supply.models import StoredResult
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.world.classifications.countries import alpha2, alpha3
from serai.world.progress import Progress
from serai.world.supply import UNKNOWN, SourceValues, SupplyNetwork, needs_of, source_values
from serai.world.supply.concentration import SINGLE_SOURCE
from serai.world.supply.contents import Contents
from serai.world.supply.needs import sourcing_of, with_makers

MOST_STOPS, MOST_MAKERS, MOST_SOURCES = 3, 5, 6
LEAST_LOSS, LEAST_SHARE = 0.005, 0.005

type Makers = Mapping[int, Sequence[tuple[int, str]]]
"""By link the exhibitors who offer it: the key of the participation, and its country."""


def figures_of_inputs(
    network: SupplyNetwork, inputs: Sequence[Input], buyer: str, makers: Makers, *, contents: Contents | None = None
) -> list[dict[str, Any]]:
    """What is known of each input of one chain, for a buyer in a country (alpha-2) that the network knows.

    Countries are alpha-2 codes, shares and losses from 0 to 1. `stops` are the countries whose stop takes most, what
    it takes and how many weeks the stock lasts then; `alternatives` the exhibitors here whose source would be safer,
    the one that takes most off the worst loss first; `why_none` why there is none.
    """
    own = [_shares(network, item) for item in inputs]
    needs = needs_of(
        network,
        [(item.code, alpha3(buyer)) for item in inputs],
        present={place: shares for place, shares in enumerate(own) if shares},
        sources={place: _firms(item) for place, item in enumerate(inputs) if _names_firms(item)},
    )
    known = {code: alpha3(code) for item in inputs for _pk, code in makers.get(item.node, ())}
    countries = sorted({code for code in known.values() if code in network.countries})
    values = source_values(network, needs, countries, contents=contents) if countries else None
    losses = losses_of(with_makers(network, needs, np.array([], dtype=np.intp)), needs)
    return [
        _figures(network, item, values, place, losses[place], sourcing_of(network, needs, place), makers)
        for place, item in enumerate(inputs)
    ]


def _shares(network: SupplyNetwork, item: Input) -> dict[str, float]:
    """The declared shares by country of the network; what is not declared, and countries unknown to it, is UNKNOWN."""
    shares: dict[str, float] = {}
    for country, _firm, share in item.sources:
        code = alpha3(country) if alpha3(country) in network.countries else UNKNOWN
        shares[code] = shares.get(code, 0.0) + share
    rest = 1 - sum(shares.values())
    if shares and rest > 1e-6:
        shares[UNKNOWN] = shares.get(UNKNOWN, 0.0) + rest
    return shares


def _names_firms(item: Input) -> bool:
    return bool(item.sources) and all(firm for _country, firm, _share in item.sources)


def _firms(item: Input) -> float:
    """The effective number of firms from which it is bought."""
    by_firm: dict[str, float] = {}
    for _country, firm, share in item.sources:
        by_firm[firm.casefold()] = by_firm.get(firm.casefold(), 0.0) + share
    return 1 / sum((share / sum(by_firm.values())) ** 2 for share in by_firm.values())


def _figures(
    network: SupplyNetwork,
    item: Input,
    values: SourceValues | None,
    place: int,
    losses: list[tuple[str, float]],
    sourcing: tuple[Any, str, float],
    makers: Makers,
) -> dict[str, Any]:
    x, grade, _concentration = sourcing
    of_node = network.makers[network.node(item.code)]
    world = sorted(of_node.named.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_MAKERS]
    by_country = sorted(zip(network.countries, x.tolist(), strict=True), key=lambda pair: -pair[1])
    alternatives, why_none = _alternatives(network, item, values, place, makers)
    return {
        "node": item.node,
        "origin": item.origin.value,
        "need": item.need,
        "declared": item.declared,
        "uses": list(item.uses),
        "stock_weeks": item.stock_weeks,
        "firms": [[country, firm, round(share, 4)] for country, firm, share in item.sources],
        "countries": [
            [alpha2(code), round(share, 4)] for code, share in by_country[:MOST_SOURCES] if share >= LEAST_SHARE
        ],
        "grade": grade,
        "failures": _failures(item, by_country),
        "world": [[alpha2(code), round(share, 4)] for code, share in world],
        "world_grade": of_node.grade.value,
        "world_year": of_node.year,
        "world_single": bool(world and world[0][1] >= SINGLE_SOURCE),
        "stops": [
            [alpha2(code), round(loss, 4), _survival(item.stock_weeks, loss)]
            for code, loss in losses[:MOST_STOPS]
            if loss >= LEAST_LOSS
        ],
        "alternatives": alternatives,
        "why_none": why_none,
    }


def _survival(stock: float | None, loss: float) -> float | None:
    """Weeks until the stock is empty: each week the missing part of a week's use is drawn from it."""
    return None if stock is None or loss <= 0 else round(stock / loss, 1)


def _failures(item: Input, by_country: Sequence[tuple[str, float]]) -> list[list[Any]]:
    """Single points of failure among the present sources: (kind, who, share)."""
    found: list[list[Any]] = []
    code, share = by_country[0]
    if share >= SINGLE_SOURCE and code != UNKNOWN:
        found.append(["country", alpha2(code), round(share, 4)])
    firms: dict[str, float] = {}
    for _country, firm, part in item.sources:
        if firm:
            firms[firm] = firms.get(firm, 0.0) + part
    found += [["firm", firm, round(part, 4)] for firm, part in firms.items() if part >= SINGLE_SOURCE]
    return found


def _alternatives(
    network: SupplyNetwork, item: Input, values: SourceValues | None, place: int, makers: Makers
) -> tuple[list[dict[str, Any]], str]:
    here = makers.get(item.node, ())
    if not here:
        return [], "nobody"
    told: dict[str, dict[str, list[float]]] = {}
    for country in {code for _pk, code in here}:
        if values is not None and alpha3(country) in network.countries:
            told[country] = figures_of(values, place, alpha3(country))
    safer = [
        {"participation": pk, "country": country, "figures": told[country], "relief": relief}
        for pk, country in here
        if (relief := _relief(told.get(country, {}))) > 0
    ]
    if safer:
        return sorted(safer, key=lambda other: (-other["relief"], other["participation"])), ""
    are_worse = bool(told) and all(figures.get("secure", [0, 0])[1] > 0 for figures in told.values())
    return [], "dependent" if are_worse else "untold"


def _relief(figures: Mapping[str, Sequence[float]]) -> float:
    """What can be told that a source takes off the worst loss, else off the largest share."""
    return max(-figures[name][1] if name in figures else 0.0 for name in ("stable", "secure"))


KIND, PAPER = "exposure", "exposure-paper"
"""Of an edition; the key is that of the participation, of a paper with its language: ``12``, ``12-en``. Only this room
reads them, for pages that its guards protect."""

MOST_ALTERNATIVES = 5
NO_PARTICIPANT = gettext_noop("This participant is not there any more.")


def exposure_of(participation: Participation) -> Stored:
    """The exposure as it stands; the worker is asked for it where there is none or its basis has changed."""
    return stored(participation.edition, KIND, str(participation.pk))


def results_of(participation: Participation) -> QuerySet[StoredResult]:
    """All that is stored of the exposure of a participant."""
    rows = StoredResult.objects.filter(edition=participation.edition_id)
    return rows.filter(Q(kind=KIND, key=str(participation.pk)) | Q(kind=PAPER, key__startswith=f"{participation.pk}-"))


def participant(key: str) -> Participation:
    """The participation of a key. Raises NotComputable where it is not there any more."""
    rows = Participation.objects.select_related("edition", "firm")
    row = rows.filter(pk=key).exclude(state__in=Participation.OVER).first()
    if row is None:
        raise NotComputable(NO_PARTICIPANT)
    return row


def fingerprint_of_exposure(_edition: Edition | None, key: str) -> str:
    """All that the exposure of a participant rests on; empty where it is not there any more."""
    try:
        participation = participant(key)
    except NotComputable:
        return ""
    inputs = inputs_at_links(participation)
    chains = sorted({item.chain for item in inputs.known})
    return digest(
        participation.firm.country,
        inputs.known,
        inputs.unplaced,
        _makers(participation, inputs.known),
        [fingerprint_of_chain(slug) for slug in chains],
    )


@result(KIND, fingerprint=fingerprint_of_exposure)
def firm_exposure(_edition: Edition | None, key: str, _progress: Progress) -> dict[str, Any]:
    """What pages and paper show of a participant."""
    return computed(participant(key))


def computed(participation: Participation) -> dict[str, Any]:
    """What pages and paper show: the figures of each input, in the order of the inputs."""
    inputs, country = inputs_at_links(participation), participation.firm.country
    makers = _makers(participation, inputs.known)
    by_chain: defaultdict[str, list[Input]] = defaultdict(list)
    for item in inputs.known:
        by_chain[item.chain].append(item)
    figures: dict[int, dict[str, Any]] = {}
    source = ""
    not_known = [item.node for item in inputs.known]
    for slug, items in by_chain.items():
        try:
            network = network_of(slug)
        except NotComputable:
            continue
        source = network.source
        known = [item for item in items if item.code in network.nodes]
        if not known or alpha3(country) not in network.countries:
            continue
        for found in figures_of_inputs(network, known, country, makers, contents=contents_of(slug, network)):
            figures[found["node"]] = found
    return {
        "inputs": [figures[item.node] for item in inputs.known if item.node in figures],
        "unplaced": list(inputs.unplaced),
        "not_known": [node for node in not_known if node not in figures],
        "table": source,
    }


def _makers(participation: Participation, inputs: tuple[Input, ...]) -> dict[int, list[tuple[int, str]]]:
    """By link the other confirmed exhibitors who offer it on the market, with their countries."""
    offered = Placement.objects.filter(
        among("node", [item.node for item in inputs]),
        edition=participation.edition,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__state=Participation.State.CONFIRMED,
        participation__kind__in=EXHIBITING,
        offer__in=Offer.objects.filter(PUBLISHED, edition=participation.edition),
    ).exclude(participation__firm=participation.firm_id)
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    columns = "node_id", "participation_id", "participation__firm__country"
    for node, pk, country in offered.order_by(*columns).values_list(*columns).distinct():
        found[node].append((pk, country))
    return dict(found)
