"""The market of an edition as the matcher reads it.

A page reads what is near one firm, some hundreds of items: so rows come as tuples, texts as the database keeps them,
and terms and texts are parsed once until they change. Titles are read only for the few items that a sentence names.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from serai.expo.base.certificates import canonical_list
from serai.expo.base.rows import among
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import texts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import public_in
from serai.expo.meetings.matchmaking.domain import entries
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Edge, Node, Placement
from serai.expo.offers.market.domain.attachments import schemes_of, still_valid
from serai.expo.offers.market.models import PUBLISHED, Development, Need, Offer, Period
from serai.expo.offers.search.domain.copies import copy_of
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.match.market import Firm, Market, market
from serai.match.placing import Item, Side
from serai.match.placing import Placement as Placed
from serai.match.requirements import Requirement, Terms
from serai.match.trade_links import Link
from serai.match.vectors import Encoder
from serai.match.word_vectors import TEXTS_REMEMBERED
from serai.world import chains as world


@dataclass(frozen=True)
class Chains:
    """The chains of an edition as far as matching needs them, and by the primary key of a node where it stands."""

    chains: list[world.Chain]
    place: Mapping[int, tuple[str, str]]

    def nodes(self, places: Collection[tuple[str, str]]) -> list[int]:
        """The primary keys of the nodes at these places."""
        return [pk for pk, place in self.place.items() if place in places]


@dataclass(frozen=True)
class Read:
    """The market, the chains it stands on, and by item, chain and node the placement it was read from."""

    market: Market
    chains: list[world.Chain]
    rows: Mapping[tuple[str, str, str], int]
    by: Encoder | None = None
    """The encoder that read the texts of the market; None where they are compared by their words alone."""

    def names(self, items: Iterable[str]) -> dict[str, str]:
        """What some items are called, in the reader's language: two queries, however many they are.

        What a firm can make is called by the node that its description points to most surely, else by its description.
        """
        asked = set(items)
        titles: dict[str, str] = {}
        for model, kind in ((Offer, "offer"), (Need, "need")):
            pks = {int(key.removeprefix(f"{kind}-")) for key in asked if key.startswith(kind)}
            titles |= {
                f"{kind}-{pk}": str(in_language(title)) for pk, title in of_these(model.objects.all(), pks, "title")
            }
        if described := asked - titles.keys():
            titles |= {item.key: item.text for item in self.market.items if item.key in described}
            of_node = {(chain_.slug, node.code): node.title for chain_ in self.chains for node in chain_.nodes}
            placements = (placed for placed in self.market.placements if placed.item in described)
            for placed in sorted(placements, key=lambda placed: placed.confidence):
                titles[placed.item] = str(in_language(of_node[placed.chain, placed.node]))
        return titles


EVERY = Q()


@dataclass(frozen=True)
class Wanted:
    """Which offers, needs and exhibitors of an edition a market is read of: those on the market, or some of these."""

    offers: Q = EVERY
    needs: Q = EVERY
    firms: Q = EVERY
    unpublished: Collection[int] = ()
    """Needs that are read although they are not on the market: for the eyes of their firm."""

    def items(self, edition: Edition) -> Iterator[tuple[str, int, int, str]]:
        """Kind, primary key, participation and country of each; of what a firm can make its participation's key."""
        confirmed = Q(edition=edition, participation__state=Participation.State.CONFIRMED)
        needs = (PUBLISHED & self.needs) | Q(pk__in=self.unpublished)
        for kind, rows in (
            ("offer", Offer.objects.filter(confirmed, PUBLISHED, self.offers)),
            ("need", Need.objects.filter(confirmed, needs)),
        ):
            for pk, participation, country in rows.order_by("pk").values_list(
                "pk", "participation", "participation__firm__country"
            ):
                yield kind, pk, participation, country
        can_make = Placement.objects.filter(edition=edition, offer=None, need=None).order_by().values("participation")
        says = ~Q(firm__description={}) | Q(pk__in=can_make)
        exhibiting = exhibitors(edition).filter(self.firms, says)
        for pk, country in exhibiting.order_by("pk").values_list("pk", "firm__country"):
            yield "firm", pk, pk, country


def read_chains(edition: Edition) -> Chains:
    """The chains of the edition: slugs, nodes with titles and classes, and edges."""
    chosen = {own.pk: own for own in chains_of_edition(edition)}
    place: dict[int, tuple[str, str]] = {}
    nodes: dict[int, list[world.Node]] = defaultdict(list)
    for pk, own, code, title, isic in Node.objects.filter(chain__in=chosen).values_list(
        "pk", "chain_id", "code", "title", "isic"
    ):
        nodes[own].append(world.Node(code, "", title, (), tuple(isic), {}))
        place[pk] = (chosen[own].slug, code)
    edges: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for own, supplier, user in Edge.objects.filter(supplier__chain__in=chosen).values_list(
        "supplier__chain_id", "supplier_id", "user_id"
    ):
        edges[own].append((place[supplier][1], place[user][1]))
    made = [
        world.Chain(own.slug, own.title, own.summary, (), tuple(nodes[pk]), tuple(edges[pk]))
        for pk, own in chosen.items()
    ]
    return Chains(made, place)


def read_market(
    edition: Edition, chains: Chains, links: Sequence[Link], wanted: Wanted | None = None, *, meaning: bool = True
) -> Read:
    """The market of what is wanted, by default of the whole edition, with the links by which its nodes trade.

    Texts are compared by their words alone without `meaning`.
    """
    owner: dict[str, int] = {}
    country: dict[int, str] = {}
    keys: dict[str, dict[int, str]] = {"offer": {}, "need": {}, "firm": {}}
    for kind, pk, participation, its in (wanted or Wanted()).items(edition):
        key = keys[kind].setdefault(pk, f"{kind}-{pk}")
        owner[key] = participation
        country[participation] = its
    placed, rows = _placed(edition, owner, chains)
    items: list[Item] = []
    terms: dict[str, Terms] = {}
    countries = {key: country[participation] for key, participation in owner.items()}
    for key, text, own in chain(_items(keys, countries), _descriptions(keys["firm"], countries)):
        side = Side.NEED if key.startswith("need") else Side.OFFER
        items.append(Item(key, side, text, named=not key.startswith("firm")))
        terms[key] = own
    _with_sizes(terms, owner)
    _with_certificates(terms, owner)
    held: dict[int, list[str]] = defaultdict(list)
    for key, participation in owner.items():
        held[participation].append(key)
    firms = [Firm(str(pk), tuple(sorted(keys)), country[pk]) for pk, keys in held.items()]
    copy = copy_of(edition) if meaning else None
    vectors, codes = entries.meant(copy, items, country) if copy else (None, None)
    crowd = entries.crowd(copy, edition) if copy else None
    made = market(firms, items, placed, links, vectors=vectors, codes=codes, crowd=crowd, terms=terms)
    return Read(made, chains.chains, rows, entries.encoder_of(copy) if copy else None)


def said_by(participation: Participation, need: Need | None = None) -> list[Item]:
    """What a participation offers and needs and says of itself, or one of its needs alone, as far as texts go."""
    own = [] if need else [("offer", Offer.objects.filter(PUBLISHED, participation=participation))]
    needs = Need.objects.filter(pk=need.pk) if need else Need.objects.filter(PUBLISHED, participation=participation)
    items = [
        Item(f"{kind}-{pk}", Side.NEED if kind == "need" else Side.OFFER, _text(*written))
        for kind, rows in (*own, ("need", needs))
        for pk, *written in rows.annotate(**AS_JSON).values_list("pk", *(f"{name}_" for name in WORDS))
    ]
    if need is None and participation.firm.description:
        description = json.dumps(participation.firm.description)
        items.append(Item(f"firm-{participation.pk}", Side.OFFER, _text(description), named=False))
    return items


def _placed(
    edition: Edition, owner: Mapping[str, int], chains: Chains
) -> tuple[list[Placed], dict[tuple[str, str, str], int]]:
    """The placements of these items, and the row of each by item, chain and node."""
    placed: list[Placed] = []
    rows: dict[tuple[str, str, str], int] = {}
    there = Placement.objects.filter(among("participation", set(owner.values())), edition=edition)
    for pk, participation, offer, need, node, confidence in there.order_by("pk").values_list(
        "pk", "participation_id", "offer_id", "need_id", "node_id", "confidence"
    ):
        key = f"need-{need}" if need else f"offer-{offer}" if offer else f"firm-{participation}"
        if key in owner and node in chains.place:
            slug, code = chains.place[node]
            placed.append(Placed(key, slug, code, confidence, ()))
            rows[key, slug, code] = pk
    return placed, rows


# Offers and needs as the database keeps them


class Stated(NamedTuple):
    """Terms of an offer or a need as they are stored, hashable, so that they are worked out once. Lists are JSON."""

    certificates: str
    countries_excluded: str
    languages: str
    countries_wanted: str
    partner_sizes: str
    incoterms: str
    agreements: str
    musts: str
    unit: str
    currency: str
    price_low: Decimal | None
    price_high: Decimal | None
    development: str
    opens: date
    """The opening day of the fair."""
    amount: Decimal | None
    period: str
    """How often the amount is offered or needed."""
    order: Decimal | None
    """The least amount of an order, or the amount that is ordered at once."""
    day: date | None
    lead_time: int | None = None
    """Days; of offers only."""


WORDS = ("title", "summary", "text")
AS_JSON = {f"{name}_": Cast(name, TextField()) for name in (*WORDS, *Stated._fields[:8])}
_STATED = (*(f"{name}_" for name in Stated._fields[:8]), *Stated._fields[8:13], "edition__starts_on")
COLUMNS: Mapping[type[Offer | Need], Sequence[str]] = {
    Offer: (*_STATED, "capacity", "capacity_period", "minimum_order", "delivery_from", "lead_time_days"),
    Need: (*_STATED, "quantity", "frequency", "quantity", "delivery_until"),
}
"""The columns of each field of ``Stated``, in its order."""


def _items(keys: Mapping[str, Mapping[int, str]], countries: Mapping[str, str]) -> Iterator[tuple[str, str, Terms]]:
    """Key, text and terms of offers and needs.

    ``keys`` are by kind and primary key; ``countries`` are those of the firms by the keys of items.
    """
    for model, kind in ((Offer, "offer"), (Need, "need")):
        carried = schemes_of(keys[kind]) if model is Offer else {}
        texts_ = (f"{name}_" for name in WORDS)
        rows = of_these(model.objects.annotate(**AS_JSON), keys[kind], *texts_, *COLUMNS[model])
        for pk, *row in rows:
            key = keys[kind][pk]
            terms = _terms(model is Need, countries[key], Stated(*row[len(WORDS) :]))
            if schemes := carried.get(pk):  # certificates that an offer carries beside those that it states
                terms = replace(terms, certificates=terms.certificates.union(schemes))
            yield key, _text(*row[: len(WORDS)]), terms


def _descriptions(keys: Mapping[int, str], countries: Mapping[str, str]) -> Iterator[tuple[str, str, Terms]]:
    """The same of firms that offer by their descriptions; ``keys`` are by the participation's primary key."""
    for pk, text in of_these(Participation.objects.all(), keys, Cast("firm__description", TextField())):
        yield keys[pk], _text(text), Terms(country=countries[keys[pk]])


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _text(*written: str) -> str:
    """All texts of some mappings of languages, written as JSON."""
    return "\n".join(texts(*map(json.loads, written)))


IN_A_YEAR: Mapping[str, int] = {
    Period.ONCE: 1,
    Period.DAY: 365,
    Period.WEEK: 52,
    Period.MONTH: 12,
    Period.QUARTER: 4,
    Period.YEAR: 1,
}
"""How often a year; an amount that is wanted once is delivered within one year."""


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _terms(is_need: bool, country: str, stated: Stated) -> Terms:
    """The terms of an item."""
    lists = [frozenset(json.loads(written)) for written in stated[1:7]]
    excluded, languages, wanted, sizes, incoterms, agreements = lists
    return Terms(
        certificates=frozenset(canonical_list(json.loads(stated.certificates))),
        quantity=_quantity(stated),
        unit=stated.unit,
        country=country,
        excluded=excluded,
        languages=languages,
        wanted=wanted,
        price=_price(stated, is_need),
        currency=stated.currency,
        days=_days(stated),
        order=float(stated.order) if stated.order is not None and stated.unit else None,
        sizes=sizes,
        development=STAGES.get(stated.development),
        incoterms=incoterms,
        agreements=agreements,
        musts=frozenset(map(Requirement, json.loads(stated.musts))),
    )


def _quantity(stated: Stated) -> float | None:
    """The amount in a year, if its unit and period are stated."""
    if stated.amount is None or not stated.unit or stated.period not in IN_A_YEAR:
        return None
    return float(stated.amount) * IN_A_YEAR[stated.period]


def _price(stated: Stated, is_need: bool) -> float | None:
    """The upper end of the price that a need pays, the lower end of the price of an offer."""
    prices = [price for price in (stated.price_low, stated.price_high) if price is not None]
    return float(prices[-1 if is_need else 0]) if prices and stated.currency else None


def _days(stated: Stated) -> float | None:
    """Days from the opening of the fair to the delivery."""
    until = (stated.day - stated.opens).days if stated.day else None
    return max((float(days) for days in (until, stated.lead_time) if days is not None), default=None)


STAGES: Mapping[str, int] = {stage: number for number, stage in enumerate(Development.values)}
"""The stages of development in their order."""


def _with_sizes(terms: dict[str, Terms], owner: Mapping[str, int]) -> None:
    """Add the size classes of the firms that tell it to everyone, where anybody asks for one."""
    if not any(own.sizes for own in terms.values()):
        return
    rows = of_these(
        Participation.objects.filter(public_in("size")).exclude(firm__size=""), set(owner.values()), "firm__size"
    )
    size = dict(rows)
    for key, own in terms.items():
        terms[key] = replace(own, size=size.get(owner[key], ""))


def _with_certificates(terms: dict[str, Terms], owner: Mapping[str, int]) -> None:
    """Let what a firm can make show the certificates that the firm shows to everyone, where anybody asks for one."""
    firms = {key: owner[key] for key in terms if key.startswith("firm")}
    if not firms or not any(own.certificates for own in terms.values()):
        return
    held: dict[int, list[str]] = defaultdict(list)
    for pk, scheme in of_these(
        Participation.objects.filter(
            public_in("certifications"), still_valid("firm__certifications__"), firm__certifications__isnull=False
        ),
        set(firms.values()),
        "firm__certifications__scheme",
    ):
        held[pk].append(scheme)
    for key, pk in firms.items():
        terms[key] = replace(terms[key], certificates=frozenset(canonical_list(held.get(pk, ()))))


def of_these(of: QuerySet[Any], pks: Collection[int], *fields: str | Cast) -> Iterator[tuple[Any, ...]]:
    """The primary key and some fields of the rows with these keys, in no order."""
    return iter(of.filter(among("pk", pks)).order_by().values_list("pk", *fields)) if pks else iter(())
