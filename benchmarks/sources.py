"""What the value of sources costs the ranking and what it brings, on sets whose answer is known.

The texts of the sets stand in no country, so each gets one by a fixed draw from the countries of a fair; tenders have
their own. The value of each source is that of an average buyer, from the supply networks of the built-in chains.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks import Finding, trial, with_interval
from benchmarks.ranking import (
    LISTED,
    TENDER,
    TENDERS,
    Asking,
    Floats,
    Pair,
    Text,
    asking,
    concepts,
    demonstration,
    first,
    placing_phrases,
    tenders,
)
from serai.match.evaluation import better_by, gains_of, ndcg_at, ranked
from serai.match.firm_pairs import EVERYBODY
from serai.match.partners import LinkValues, Match, partners_in
from serai.match.ranking import JUDGED, Weights
from serai.match.trades import Trade, trade_of
from serai.world.chains import builtin_chains
from serai.world.classifications.countries import find
from serai.world.supply import needs_of, source_values, supply_network

COUNTRIES = ("CN", "CN", "CN", "CN", "DE", "US", "JP", "KR", "VN", "MY", "BR", "ET", "KE", "FR", "IN", "ID", "MA", "ZA")
"""From which countries are drawn: as at a fair in China, some of them least developed."""

WEIGHTS = {"secure": 1.0, "stable": 1.0, "inclusive": 1.0}
SENSE = {"secure": -1, "stable": -1, "inclusive": 1}
SHARES = (0.0025, 0.005, 0.01, 0.02, 0.05)
"""Relevance that a list may lose at most."""


def placed_in_countries(texts: Pair) -> Pair:
    """The set with a country for each text that has none; a text that is on both sides stays one."""
    random = np.random.default_rng(7)
    made: dict[int, Text] = {}

    def of(text: Text) -> Text:
        if id(text) not in made:
            made[id(text)] = text if text.country else replace(text, country=str(random.choice(COUNTRIES)))
        return made[id(text)]

    asked = [of(text) for text in texts[0]]
    return asked, asked if texts[0] is texts[1] else [of(text) for text in texts[1]]


def values_of(trades: Sequence[Trade]) -> dict[Trade, Mapping[str, float]]:
    """What the source in each trade changes for an average buyer, where it can be told, above 0 for the better."""
    told: dict[Trade, Mapping[str, float]] = {}
    for chain in builtin_chains():
        network = supply_network(chain)
        code = {
            place: found.alpha3 for place in {c for t in trades for c in (t.buyer, t.source)} if (found := find(place))
        }
        of_chain = [
            trade
            for trade in trades
            if trade.chain == chain.slug
            and code.get(trade.buyer) in network.countries
            and code.get(trade.source) in network.countries
        ]
        kinds = list(dict.fromkeys((trade.node, trade.buyer) for trade in of_chain))
        if not kinds:
            continue
        needs = needs_of(network, [(node, code[buyer]) for node, buyer in kinds])
        values = source_values(network, needs, sorted({code[trade.source] for trade in of_chain}))
        for trade in of_chain:
            need = kinds.index((trade.node, trade.buyer))
            figures = {name: values.figure(need, code[trade.source], name) for name in SENSE}
            told[trade] = {
                name: SENSE[name] * float(figure.change[0]) for name, figure in figures.items() if figure.told[0]
            }
    return told


@trial("ranking-sources", tiny={"most": 12})
def cost_of_sources(most: int | None = None) -> Iterator[Finding]:
    """What does the weight of sources cost of the relevance of lists (nDCG at 10), and what does it bring?"""
    sets = {"demonstration": demonstration(), "phrases": placing_phrases(), "concepts": concepts()}
    for name, texts in sets.items():
        yield from _curve(name, placed_in_countries(first(texts, most)), JUDGED)


@trial("ranking-sources-tenders", tiny={"most": 12}, data=TENDERS)
def cost_of_sources_of_tenders(most: int | None = None) -> Iterator[Finding]:
    """And for real tenders and the firms that won them?"""
    yield from _curve("tenders", placed_in_countries(first(tenders(), most)), TENDER)


def _curve(name: str, texts: Pair, weights: Weights) -> Iterator[Finding]:
    asked, offered = texts
    relevant = np.array([[bool(a.answers & b.answers) and a is not b for b in offered] for a in asked])
    some = relevant.any(axis=1)
    asked, relevant = [each for each, has in zip(asked, some, strict=True) if has], relevant[some]
    itself = np.array([[a is b for b in offered] for a in asked])
    of = asking(asked, offered)
    country = dict(zip(of.market.firms, of.market.countries, strict=True))
    wide = partners_in(of.market, per_firm=2 * LISTED, weights=weights, limits=EVERYBODY)
    trades = {
        (match.firm, match.partner): trade
        for matches in wide.values()
        for match in matches
        if (trade := trade_of(match, country)) is not None
    }
    values = values_of(list(set(trades.values())))
    vectors = {firms: values[trade] for firms, trade in trades.items() if values.get(trade)}
    yield Finding(f"{name}: matches with a value that can be told", len(vectors), f"of {sum(map(len, wide.values()))}")

    def reached(most_lost: float | None) -> tuple[Floats, float]:
        link_values = None if most_lost is None else LinkValues(vectors, WEIGHTS, most_lost)
        lists = partners_in(of.market, per_firm=LISTED, weights=weights, limits=EVERYBODY, link_values=link_values)
        scores = _places(of, lists)
        gains = gains_of(ranked(np.where(itself, -np.inf, scores)), relevant)
        return ndcg_at(gains, LISTED), brought(of, lists, vectors)

    plain, before = reached(None)
    yield Finding(f"{name}, {len(asked)} needs: nDCG@10 without", float(plain.mean()))
    yield Finding("  mean relief of the first five sources without, share of the input", before)
    for share in SHARES:
        weighed, after = reached(share)
        lost = better_by(plain, weighed)
        yield with_interval(f"  a list may lose {share:.2%}: nDCG@10 lost", lost)
        limit = {"most": 0.01} if share <= 0.01 else {}
        yield Finding("    of it, as a share", float(lost.mean / plain.mean()) if plain.mean() else 0.0, **limit)
        yield Finding("    mean relief of the first five sources, share of the input", after)


def _places(of: Asking, lists: Mapping[str, Sequence[Match]]) -> Floats:
    """(n_asked, n_offered) falling with the place in the list of each need, -inf for those that are not in it."""
    column = {firm: number for number, firm in enumerate(of.offers)}
    scores = np.full((len(of.asked), len(of.offered)), -np.inf)
    for row, firm in enumerate(of.needs):
        for place, match in enumerate(lists[firm]):
            if match.partner in column:
                scores[row, column[match.partner]] = -place
    return scores


def brought(
    of: Asking, lists: Mapping[str, Sequence[Match]], vectors: Mapping[tuple[str, str], Mapping[str, float]]
) -> float:
    """What the first five sources in the list of each need take off the worst loss of its input, in the mean."""
    reliefs = [
        vectors.get((match.firm, match.partner), {}).get("stable", 0.0)
        for firm in of.needs
        for match in lists[firm][:5]
    ]
    return float(np.mean(reliefs)) if reliefs else 0.0
