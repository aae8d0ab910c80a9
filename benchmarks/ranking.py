"""Ranking against its parts: the words alone (BM25 and cosine) and the vectors alone, on sets whose answer is known.

Every text is a firm of one market with a need or an offer, placed and matched by the path that the product takes; only
the least score of a list is left out, so that all ranks are seen. The sets: real tenders and who won them (TED, where
the choice is among all winners); what the invented firms of the demonstration look for and offer, in English and
Chinese, each text with all of the same node as its answer; phrases written for placing, in six languages, with the
others of the same node as their answer. The first has no node to stand on, the second and third were at hand when the
keywords of the chains were written. A fourth has the same phrase in six languages. The tenders that a supplier from
another country won are looked at again, with nothing said for one country. The weights, the pieces of words and the
sentences were chosen on the needs of even number of each set. Told apart are those of odd number none of whose answers
is an answer of one of even number: of the invented firms and of the phrase in six languages there are none, since each
text stands beside its translations.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import DATA, Finding, cpu_seconds, trial, with_interval
from benchmarks.text import LANGUAGES, PHRASES, phrases
from benchmarks.words import bm25
from serai.expo.site.demonstration.domain.content import trades
from serai.match.codes.likeness import code_shares
from serai.match.evaluation import Interval, better_by, gains_of, interval, ndcg_at, ranked, recall_at
from serai.match.firm_pairs import EVERYBODY
from serai.match.market import Firm, Market, market
from serai.match.meanings import meanings
from serai.match.partners import Spread, partners, partners_in, partners_of, signals_for
from serai.match.placing import Item, Placement, Side, place
from serai.match.ranking import JUDGED, Signal, Weights, calibrated
from serai.match.text import guess_language, tokens
from serai.match.trade_links import links
from serai.match.word_vectors import word_hashes, word_vectors
from serai.world.chains import builtin_chains

type Floats = NDArray[np.float64]

TENDERS = ("needs/ted_awards.parquet", "needs/ted_notices.parquet")
TENDER = replace(JUDGED, weights={**JUDGED.weights, Signal.NEAR: 4.0})
"""Who buys for a town buys most often in its country."""


LISTED = 10
"""Partners in a list that is measured."""


@dataclass(frozen=True)
class Text:
    """What a set says of one side: the text, its language and country where known, headings, and its answer's names."""

    text: str
    language: str | None
    answers: frozenset[str]
    country: str = ""
    hs: tuple[str, ...] = ()


type Pair = tuple[list[Text], list[Text]]
"""Needs, and the offers among which their answers are."""


# The sets


def tenders() -> Pair:
    """Notices with their titles and descriptions, and the names of all suppliers that won any."""
    awards, notices = (pl.read_parquet(DATA / name) for name in TENDERS)
    notices = notices.unique("id", keep="first").sort("id")
    won = {key: frozenset(group["supplier"]) for (key,), group in awards.group_by("id")}
    asked = [
        Text(f"{row['title_en']}\n{row['title']}\n{row['descr']}", row["lang"].lower(), won[row["id"]], row["country"])
        for row in notices.to_dicts()
        if row["id"] in won
    ]
    known = frozenset().union(*(each.answers for each in asked))
    suppliers = awards.unique("supplier", keep="first").sort("supplier").to_dicts()
    offered = [
        Text(row["supplier"], guess_language(row["supplier"]), frozenset({row["supplier"]}), row["supplier_country"])
        for row in suppliers
        if row["supplier"] in known
    ]
    return asked, offered


def foreign() -> Pair:
    """The tenders that somebody from another country won, with these alone as their answer."""
    asked, offered = tenders()
    home = {(each.country, name) for each in offered for name in each.answers}
    won = [
        replace(each, answers=frozenset(name for name in each.answers if (each.country, name) not in home))
        for each in asked
    ]
    return [each for each in won if each.answers], offered


def demonstration() -> Pair:
    """Needs and offers of the invented firms, each in two languages; the answer is its node."""
    asked, offered = [], []
    for key, trade in trades().items():
        for templates, side in ((trade.needs, asked), (trade.offers, offered)):
            for template in templates:
                for language in ("en", "zh"):
                    text = "\n".join(getattr(part, language) for part in (template.title, template.text))
                    first = re.sub(r"\{([^}|]*)[^}]*\}", r"\1", text)
                    side.append(Text(first, language, frozenset({key}), hs=template.hs))
    makers = frozenset().union(*(each.answers for each in offered))
    return [each for each in asked if each.answers & makers], offered


def placing_phrases() -> Pair:
    rows = phrases(PHRASES.with_name("placing_phrases.csv"))
    found = [Text(row["phrase"], row["language"], frozenset(row["nodes"].split())) for row in rows if row["nodes"]]
    return found, found


def concepts() -> Pair:
    rows = phrases()
    found = [Text(row[code], code, frozenset({row["concept"]})) for row in rows for code in LANGUAGES]
    return found, found


# The ranking and its rivals


@dataclass(frozen=True)
class Asking:
    """The market of a set: each need and each offer is a firm of its own; a text that is on both sides is one firm."""

    asked: Sequence[Text]
    offered: Sequence[Text]
    market: Market
    needs: Sequence[str]
    """The firm of each need."""
    offers: Sequence[str]

    def scores(self, weights: Weights, most: int) -> Floats:
        """(n_asked, n_offered) of the `most` partners of each need, -inf elsewhere."""
        column = {firm: number for number, firm in enumerate(self.offers)}
        lists = partners_in(self.market, per_firm=most, weights=weights, limits=EVERYBODY)
        scores = np.full((len(self.asked), len(self.offered)), -np.inf)
        for row, firm in enumerate(self.needs):
            for match in lists[firm]:
                if match.partner in column:
                    scores[row, column[match.partner]] = match.score
        return scores

    def signals(self) -> Floats:
        """(n_asked, n_offered, len(Signal)) as the firm with the need has them."""
        pairs = [(need, offer) for need in self.needs for offer in self.offers]
        every = signals_for(self.market, pairs, breadth=len(self.market.items))
        return every.reshape(len(self.asked), len(self.offered), len(Signal))


def asking(asked: Sequence[Text], offered: Sequence[Text]) -> Asking:
    """Place and mean the texts, and make their market."""
    number = {id(text): n for n, text in enumerate({id(text): text for text in (*asked, *offered)}.values())}
    needs, offers = ([f"{number[id(text)]:06}" for text in texts] for texts in (asked, offered))
    sides = ((Side.NEED, asked, needs), (Side.OFFER, offered, offers))
    items = [
        Item(f"{firm}/{side}", side, text.text, text.hs)
        for side, texts, firms in sides
        for text, firm in zip(texts, firms, strict=True)
    ]
    held: dict[str, list[str]] = {}
    country: dict[str, str] = {}
    for _side, texts, firms in sides:
        for text, firm in zip(texts, firms, strict=True):
            country[firm] = text.country
    for item in items:
        held.setdefault(item.key.partition("/")[0], []).append(item.key)
    texts = [item.text for item in items]
    languages = [text.language for text in (*asked, *offered)]
    chains = builtin_chains()
    made = market(
        [Firm(key, tuple(own), country[key]) for key, own in held.items()],
        items,
        place(items, chains),
        links(chains),
        vectors=meanings(texts, languages),
        codes=code_shares(texts, languages),
    )
    return Asking(asked, offered, made, needs, offers)


def cosines(asked: Sequence[Text], offered: Sequence[Text]) -> Floats:
    return np.clip(_vectors(asked) @ _vectors(offered).T, 0, 1).astype(np.float64)


def word_cosines(asked: Sequence[Text], offered: Sequence[Text]) -> Floats:
    words = word_vectors([word_hashes(each.text)[0] for each in (*asked, *offered)])
    return np.minimum(1, (words[: len(asked)] @ words[len(asked) :].T).toarray())


def _vectors(texts: Sequence[Text]) -> NDArray[np.float32]:
    return meanings([each.text for each in texts], [each.language for each in texts])


@trial("ranking-sets", tiny={"most": 12})
def against_its_parts(most: int | None = None) -> Iterator[Finding]:
    """How much better is the ranking than words alone and than vectors alone (nDCG at 10, bootstrap interval)?"""
    sets = {"demonstration": demonstration(), "phrases": placing_phrases(), "concepts": concepts()}
    yield from _compared({name: (texts, JUDGED) for name, texts in sets.items()}, most)


@trial("ranking-tenders", tiny={"most": 12}, data=TENDERS)
def tenders_against_their_parts(most: int | None = None) -> Iterator[Finding]:
    """And for real tenders and the firms that won them, from the same country or from others?"""
    yield from _compared({"tenders": (tenders(), TENDER), "foreign tenders": (foreign(), JUDGED)}, most)


def _compared(sets: Mapping[str, tuple[Pair, Weights]], most: int | None) -> Iterator[Finding]:
    """The ranking against its parts on each set with its weights; at most so many needs and offers."""
    for name, (texts, weights) in sets.items():
        asked, offered = first(texts, most)
        relevant = np.array([[bool(a.answers & b.answers) and a is not b for b in offered] for a in asked])
        some = relevant.any(axis=1)
        asked, relevant = [each for each, has in zip(asked, some, strict=True) if has], relevant[some]
        itself = np.array([[a is b for b in offered] for a in asked])
        ways = {
            "the ranking": asking(asked, offered).scores(weights, LISTED),
            "vectors alone": cosines(asked, offered),
            "words alone, BM25": bm25([tokens(each.text) for each in asked], [tokens(each.text) for each in offered]),
            "words alone, cosine": word_cosines(asked, offered),
        }
        gains = {way: gains_of(ranked(np.where(itself, -np.inf, scores)), relevant) for way, scores in ways.items()}
        reached = {way: ndcg_at(found, 10) for way, found in gains.items()}
        held = untouched(asked)
        empty = int((~np.isfinite(ways["the ranking"]).any(axis=1)).sum())
        yield Finding(f"{name}: needs with nobody", empty, f"of {len(asked)}", most=0)
        yield Finding(f"{name}: needs with answers that nothing was chosen on", int(held.sum()), f"of {len(asked)}")
        for way in ways:
            what = f"{name}, {len(asked)} needs, {len(offered)} offers, {way}: nDCG@10"
            yield with_interval(what, interval(reached[way]))
            if held.any():
                yield with_interval("  with answers that nothing was chosen on", interval(reached[way][held]))
            yield Finding("  recall@10", recall_at(gains[way], 10).mean())
            if way != "the ranking":
                by = better_by(reached["the ranking"], reached[way])
                yield from _ahead(f"  the ranking is ahead of {way} by", by)
                if held.any():
                    by_held = better_by(reached["the ranking"][held], reached[way][held])
                    yield with_interval("    with answers that nothing was chosen on", by_held)


def untouched(asked: Sequence[Text]) -> NDArray[np.bool_]:
    """(n_asked,) the needs of odd number none of whose answers is an answer of one of even number."""
    seen = frozenset().union(*(each.answers for each in asked[::2]))
    return np.array([number % 2 == 1 and not each.answers & seen for number, each in enumerate(asked)], np.bool_)


def first(texts: Pair, most: int | None) -> Pair:
    """The first needs, and the offers among which their answers are."""
    asked, offered = texts
    few = asked[:most]
    if most is None or asked is offered:
        return few, offered[:most]
    answers = frozenset().union(*(text.answers for text in few))
    return few, [text for text in offered if text.answers & answers]


def _ahead(what: str, by: Interval) -> Iterator[Finding]:
    yield Finding(what, by.mean)
    yield Finding("    at least, with 97.5 % certainty", by.low, least=0)


@trial("ranking-learned", tiny={"most": 40}, data=TENDERS)
def learned_from_awards(most: int | None = None) -> Iterator[Finding]:
    """How much better do weights rank tenders that were learned from the awards of the other half?"""
    asked, offered = first(tenders(), most)
    market_of_tenders = asking(asked, offered)
    of = market_of_tenders.signals()
    won = np.array([[bool(a.answers & b.answers) for b in offered] for a in asked])
    half = np.arange(len(asked)) % 2
    learned, judged, answers = np.zeros(len(asked)), np.zeros(len(asked)), 0
    for test in (0, 1):
        weights = _learned(of[half != test], won[half != test])
        answers += weights.answers
        for values, each in ((learned, weights), (judged, TENDER)):
            scores = market_of_tenders.scores(each, LISTED)[half == test]
            values[half == test] = ndcg_at(gains_of(ranked(scores), won[half == test]), 10)
    yield Finding("answers learned from, both halves together", answers)
    yield Finding("nDCG@10 by judgement", interval(judged).mean)
    yield Finding("nDCG@10 as learned from the other half", interval(learned).mean)
    yield from _ahead("learned is ahead by", better_by(learned, judged))
    for signal in Signal:
        yield Finding(f"weight of {signal}, of the last half", weights.weights[signal])


def _learned(of: Floats, won: NDArray[np.bool_]) -> Weights:
    """From all awards and ten suppliers for each who did not win it."""
    random = np.random.default_rng(0)
    lost = (~won) & (random.random(won.shape) < 10 * won.sum() / won.size)
    return calibrated(np.concatenate([of[won], of[lost]]), np.repeat([True, False], [won.sum(), lost.sum()]))


# Size


def invented(exhibitors: int, buyers: int) -> tuple[list[Firm], list[Item], list[Placement], NDArray[np.float32]]:
    """Exhibitors with two offers and a need, buyers with two needs, on the nodes of the built-in chains."""
    random = np.random.default_rng(1)
    nodes = [(chain, node) for chain in builtin_chains() for node in chain.nodes]
    firms, items, placements = [], [], []
    for number in range(exhibitors + buyers):
        keys = [f"{number:06}-{n}" for n in range(3 if number < exhibitors else 2)]
        firms.append(Firm(keys[0][:6], tuple(keys)))
        for n, key in enumerate(keys):
            chain, node = nodes[random.integers(len(nodes))]
            side = Side.OFFER if number < exhibitors and n < 2 else Side.NEED
            other = nodes[random.integers(len(nodes))][1]
            items.append(Item(key, side, " ".join((*node.keywords["en"][:4], other.keywords["en"][0], str(number)))))
            placements.append(Placement(key, chain.slug, node.code, 0.3 + 0.6 * random.random(), ()))
    vectors = random.normal(size=(len(items), 512)).astype(np.float32)
    return firms, items, placements, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@trial("ranking-all", tiny={"exhibitors": 20, "buyers": 40})
def everybody(exhibitors: int = 5_000, buyers: int = 20_000) -> Iterator[Finding]:
    """How long do the lists of all take in a fair of 5,000 exhibitors and 20,000 buyers?"""
    firms, items, placements, vectors = invented(exhibitors, buyers)
    for name, spread in (("by score", None), ("spread over the fair", Spread())):
        seconds = cpu_seconds(
            lambda spread=spread: partners(firms, items, placements, builtin_chains(), vectors=vectors, spread=spread)
        )
        yield Finding(f"lists {name}", seconds, "CPU-s", most=180)


@trial("ranking-one", tiny={"exhibitors": 20, "buyers": 40})
def one_firm(exhibitors: int = 40_000, buyers: int = 60_000) -> Iterator[Finding]:
    """How long do the partners of one firm among 100,000 take?"""
    firms, items, placements, vectors = invented(exhibitors, buyers)
    made = market(firms, items, placements, links(builtin_chains()), vectors=vectors)
    partners_of(made, firms[0].key)
    times = [cpu_seconds(lambda key=firm.key: partners_of(made, key)) for firm in firms[:: max(len(firms) // 40, 1)]]
    yield Finding("median of 40 firms", 1_000 * float(np.median(times)), "CPU-ms", most=100)
    yield Finding("longest", 1_000 * max(times), "CPU-ms")
