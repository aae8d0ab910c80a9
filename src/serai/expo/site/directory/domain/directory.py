"""The exhibitor directory, searched by words and narrowed by facets, and its counts as data."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base import filters
from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.revisions import by_revision
from serai.expo.base.rows import among
from serai.expo.base.text import in_language, language_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members, members_of_all
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.size_classes import computed_size
from serai.expo.firms.verification.models import Verification
from serai.expo.offers.chains.domain.chain_maps import OTHER_TRADE, UNSURE, in_standing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import CONFIDENT, Chain, Node, Placement, Stage
from serai.expo.offers.market.models import PUBLISHED, Offer, Review
from serai.expo.offers.search.domain.search import NEAR, Answer, search, search_firms
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.site.directory.domain import facets as traits
from serai.world.classifications import countries
from serai.world.classifications.country_groups import groups


@dataclass(frozen=True)
class Choice:
    """A value of a facet, how many participants have it, and whether the reader chose it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A way to narrow the directory, with its values by falling count."""

    name: str
    title: str | Promise
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Filter:
    """The filter of the directory. Empty fields do not narrow."""

    words: str = filters.words("In any language, as in the search of the pages; the best answers first")
    chain: str = filters.code(
        "Slug of a chain on which the firm stands; 'other' for those on none, 'unsure' for those not surely on one"
    )
    node: str = filters.code("Code of a link of that chain")
    position: str = filters.code("Where on a chain", choices=Stage.Position.choices)
    country: str = filters.code("Of the firm, ISO 3166 alpha-2")
    group: str = filters.code("Group of countries, as of the opening day")
    verification: str = filters.code(
        "Level of verification that the firm has at least", choices=[str(level) for level in Verification.Level.values]
    )
    certificate: str = filters.code("Scheme of a certificate that the firm holds, such as ISO 9001", most=100)
    size: str = filters.code("Micro, small or medium, or else large, by the rule of the fair", choices=traits.SIZES)
    language: str = filters.code("That the firm speaks or writes, BCP 47", most=16)
    women_led: bool = filters.flag("Led by women")
    launches: bool = filters.flag("With something shown for the first time")


def answer(edition: Edition, wanted: Filter) -> Answer | None:
    """The exhibitors that match the words of the filter, the best first; None without words."""
    return search_firms(edition, wanted.words, exhibitors(edition)) if wanted.words else None


OFFERS_TOLD = 2
"""How many of a firm's offers that answer the words are shown with it."""

OFFERS_FOUND = 100
"""How many offers of a page of participants are searched for these."""


def offers_answering(edition: Edition, words: str, shown: Collection[int]) -> dict[int, list[Offer]]:
    """For each participant shown, by primary key: its offers that contain the words or are near in meaning.

    The best first, at most ``OFFERS_TOLD`` of each.
    """
    among = Participation.objects.filter(pk__in=shown)
    items_found = search(edition, words, kinds=[SearchEntry.Kind.OFFER], among=among, most=OFFERS_FOUND).found
    best: dict[int, list[int]] = {}
    for item_found in items_found:
        if item_found.hit.words or (item_found.hit.meaning or 0) >= NEAR:
            best.setdefault(item_found.participation, []).append(item_found.item)
    kept = {participation: items[:OFFERS_TOLD] for participation, items in best.items()}
    offers = Offer.objects.filter(PUBLISHED).in_bulk([item for items in kept.values() for item in items])
    return {key: [offers[item] for item in items if item in offers] for key, items in kept.items()}


def find(edition: Edition, wanted: Filter, answering: Sequence[int] | None = None) -> QuerySet[Participation]:
    """The exhibitors that meet the filter.

    ``answering`` are the primary keys of those that match the words (``answer``); None means all.
    """
    return _found(edition, _conditions(edition, wanted), answering)


def _conditions(edition: Edition, wanted: Filter) -> dict[str, Q]:
    """The condition of each field of the filter that narrows, by its name.

    Some query the database, so they are made once for the list and for all counts of the facets.
    """
    makers: dict[str, Callable[[], Q]] = {
        "chain": lambda: _on_chain(edition, wanted.chain),
        "node": lambda: Q(pk__in=placed(edition, node__chain__slug=wanted.chain, node__code=wanted.node)),
        "position": lambda: Q(pk__in=placed(edition, **_within_chain(wanted), node__stage__position=wanted.position)),
        "country": lambda: Q(firm__country=wanted.country),
        "group": lambda: Q(firm__country__in=_members(wanted.group, edition)),
        **traits.conditions(edition, wanted),
        "launches": lambda: Q(offers__launch=True, offers__review=Review.PUBLISHED, offers__anonymous=False),
    }
    return {name: make() for name, make in makers.items() if getattr(wanted, name)}


def _found(
    edition: Edition, conditions: Mapping[str, Q], answering: Sequence[int] | None, *, but: str = ""
) -> QuerySet[Participation]:
    """The exhibitors that meet all conditions, except the one named ``but`` (for the counts of that facet)."""
    asked = [condition for name, condition in conditions.items() if name != but]
    if answering is not None:
        asked.append(Q(among("pk", answering)))
    rows = exhibitors(edition).filter(*asked)
    return rows.distinct() if "launches" in conditions and but != "launches" else rows


def placed(edition: Edition, **conditions: str) -> QuerySet[Participation, int]:
    """The participants with an offer on certain nodes, as a subquery of primary keys."""
    wanted = {f"placements__{field}": value for field, value in conditions.items()}
    return (
        Participation.objects.filter(edition=edition)
        .filter(placements__side="offer", placements__confidence__gte=CONFIDENT, **wanted)
        .values_list("pk", flat=True)
    )


def _on_chain(edition: Edition, slug: str) -> Q:
    if slug == OTHER_TRADE:
        return Q(pk__in=in_standing(edition, OTHER_TRADE).values("pk"))
    if slug == UNSURE:
        return ~Q(pk__in=placed(edition)) & ~Q(pk__in=in_standing(edition, OTHER_TRADE).values("pk"))
    return Q(pk__in=placed(edition, node__chain__slug=slug))


def _within_chain(wanted: Filter) -> dict[str, str]:
    return {"node__chain__slug": wanted.chain} if wanted.chain not in ("", OTHER_TRADE, UNSURE) else {}


def _members(group: str, edition: Edition) -> Iterable[str]:
    return members(group, edition.starts_on) if group in {known_group.key for known_group in groups()} else ()


def facets(
    edition: Edition, wanted: Filter, chains: list[Chain], answering: Sequence[int] | None = None
) -> tuple[Facet, ...]:
    """The facets with their counts under all other conditions of the filter: a fixed number of queries."""
    count = partial(_facets, edition, wanted, chains, answering)
    if answering is not None:  # each reader asks in other words
        return count()
    return by_revision("facets", [edition, wanted, get_language(), *chains], count)


def _facets(
    edition: Edition, wanted: Filter, chains: list[Chain], answering: Sequence[int] | None
) -> tuple[Facet, ...]:
    """Facets without a choice count the same participants, which are read once."""
    conditions, sized = _conditions(edition, wanted), computed_size(edition)

    @cache
    def read(name: str) -> list[traits.Told]:
        return traits.told(_found(edition, conditions, answering, but=name), sized)

    def others(name: str) -> list[traits.Told]:
        return read(name if name in conditions else "")

    by_chain, by_position = _count_places(edition, others("chain"), others("position"), wanted)
    by_country = traits.count_countries(others("country"))
    beyond_group = traits.count_countries(others("group"))
    within = members_of_all(edition.starts_on)
    levels = traits.count_levels(others("verification"))
    schemes = traits.count_schemes(edition, others("certificate"))
    sizes = traits.count_sizes(others("size"))
    languages = traits.count_languages(others("language"))
    language = get_language() or "en"
    chosen = {wanted.certificate: 0} if wanted.certificate else {}
    spoken = {wanted.language: 0} if wanted.language else {}

    def facet(name: str, title: str | Promise, choices: Iterable[tuple[str, Any, int]]) -> Facet:
        chosen = getattr(wanted, name)
        listed = (Choice(value, str(label), count, value == chosen) for value, label, count in choices)
        return Facet(name, title, tuple(choice for choice in listed if choice.count or choice.chosen))

    return (
        facet(
            "chain",
            _("Chain"),
            (
                *((c.slug, in_language(c.title), by_chain[c.slug]) for c in chains),
                (OTHER_TRADE, _("Other trade"), by_chain[OTHER_TRADE]),
                (UNSURE, _("Place not sure yet"), by_chain[UNSURE]),
            ),
        ),
        facet(
            "position",
            _("Position on the chain"),
            ((value, label, by_position[value]) for value, label in Stage.Position.choices),
        ),
        facet(
            "country",
            FIRM["country"].words,
            ((code, countries.name(code, language), count) for code, count in by_country.most_common()),
        ),
        facet(
            "group",
            _("Group of countries"),
            (
                (group.key, in_language(group.titles), sum(beyond_group[code] for code in within[group.key]))
                for group in groups()
                if group.key in {*edition.country_groups, wanted.group}
            ),
        ),
        facet(
            "verification",
            _("Verification"),
            ((str(level), f"≥ {level.label}", levels[level.value]) for level in Verification.Level),
        ),
        facet(
            "certificate",
            FIRM["certifications"].words,
            ((name, name, count) for name, count in (chosen | dict(schemes.most_common())).items()),
        ),
        facet("size", FIRM["size"].words, ((size, traits.size_name(size), sizes[size]) for size in traits.SIZES)),
        facet(
            "language",
            FIRM["languages"].words,
            ((code, language_name(code), count) for code, count in (spoken | dict(languages.most_common())).items()),
        ),
    )


def _count_places(
    edition: Edition, of_chains: Iterable[traits.Told], of_positions: Iterable[traits.Told], wanted: Filter
) -> tuple[Counter[str], Counter[str]]:
    """How many have an offer on each chain, and at each position of the chosen chain or of any. Few queries."""
    chains, positions = ([row.participation for row in rows] for rows in (of_chains, of_positions))
    offered = Placement.objects.filter(
        among("participation", {*chains, *positions}), side=Placement.Side.OFFER, confidence__gte=CONFIDENT
    )
    where = {node: place for node, *place in Node.objects.values_list("pk", "chain__slug", "stage__position")}
    on_chains, at_positions = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for participation, node in offered.order_by().values_list("participation", "node").distinct():
        chain, position = where[node]
        on_chains[participation].add(chain)
        if wanted.chain in ("", chain):
            at_positions[participation].add(position)
    others = set(in_standing(edition, OTHER_TRADE).values_list("pk", flat=True))

    def chains_of(participation: int) -> set[str]:
        return on_chains.get(participation) or {OTHER_TRADE if participation in others else UNSURE}

    return (
        Counter(chain for participation in chains for chain in chains_of(participation)),
        Counter(position for participation in positions for position in at_positions.get(participation, ())),
    )


def node_named(chain: str, code: str) -> Node | None:
    """The node that a filter names, or None."""
    return Node.objects.select_related("chain").filter(chain__slug=chain, code=code).first() if code else None


COUNTS = (
    Column("facet", "string", "By what exhibitors are counted"),
    Column("value", "string", "Its value, as addresses and the interface name it"),
    Column("title", "string", "The value in words"),
    Column("exhibitors", "integer", "How many exhibitors have it"),
)


@dataset(
    "directory",
    title=_("Exhibitors by facet"),
    text=_("How many exhibitors there are by chain, country, group of countries, size, certificate and more."),
    tables={"counts": COUNTS},
)
def exhibitors_by_facet(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    counted = facets(edition, Filter(), chains_of_edition(edition))
    rows = [(facet.name, choice.value, choice.label, choice.count) for facet in counted for choice in facet.choices]
    return Numbers({"counts": rows}, timezone.now())
