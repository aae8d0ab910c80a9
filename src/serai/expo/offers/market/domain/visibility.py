"""Offers and needs: which of them a reader may see, their filter, and to whom their firm is named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base import filters
from serai.expo.fairs.edition.domain.phases import texts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.offers.chains.models import CONFIDENT
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.offers.market.models import (
    Agreement,
    Development,
    Family,
    Incoterm,
    Interest,
    MarketItem,
    Need,
    Offer,
    Review,
)
from serai.expo.offers.search.domain.search import NEAR, search
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.match.search import terms
from serai.world.classifications.country_groups import groups


@dataclass(frozen=True)
class ItemFilter:
    """What the reader of a list of offers or of needs asks for. Empty fields do not narrow."""

    words: str = filters.words(
        "In the title, the text and the codes, by words and by meaning; the best first", title=_("Words")
    )
    family: str = filters.code("What it is", choices=Family.choices, title=_("Family"))
    hs: str = filters.code("HS code, or its first two or four digits", most=6, title=_("HS code"))
    isic: str = filters.code("ISIC Rev.4 class, or its first digits", most=4)
    chain: str = filters.code("Slug of a chain on which it stands", title=_("Chain"))
    node: str = filters.code("Code of a link of that chain")
    country: str = filters.code(
        "Of the firm, ISO 3166 alpha-2; what goes without a name is not found by it", title=_("Country or region")
    )
    group: str = filters.code(
        "Group of countries of the firm; what goes without a name is not found by it", title=_("Group of countries")
    )
    firm: str = filters.code("Identifier of the firm; what goes without a name is not found by it")
    incoterm: str = filters.code("Incoterms 2020", choices=Incoterm.choices, title=_("Terms of delivery"))
    agreement: str = filters.code("Kind of agreement sought", choices=Agreement.choices, title=_("Kind of agreement"))
    development: str = filters.code(
        "Stage of development", choices=Development.choices, title=_("Stage of development")
    )
    minimum_order: int = filters.number(
        "Smallest order at most, in the unit that is asked for; of offers only",
        most=10**9,
        title=format_lazy("{} (≤)", _("Minimum order")),
    )
    unit: str = filters.code(
        "In which the smallest order is counted, UN/CEFACT Recommendation 20; without it pieces",
        choices=[pair for pair in UNITS if pair[0]],
        title=_("Unit"),
    )
    lead_time: int = filters.number(
        "Delivered within so many days; of offers only", most=3_650, title=format_lazy("{} (≤)", _("Lead time in days"))
    )
    review: str = filters.code(
        "Where it stands; what is not published is its firm's and the organiser's", choices=Review.choices
    )
    launches: bool = filters.flag("Shown here for the first time; of offers only", title=_("First shows only"))
    unnamed: bool = filters.flag("Without the name of its firm", title=_("Without a name only"))


PIECES = ("", "H87", "C62")
"""The units of what is counted singly."""

OF_FIRM = ("country", "group", "firm")
"""Conditions that would tell whose an item without a name is."""


def lasting() -> Q:
    """The condition that an offer or a need is not past its last day, whatever its review state."""
    return Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())


def shown_to_all() -> Q:
    """The condition that an offer or a need is published by an exhibitor, or by others without a name, and is valid.

    A buyer's need is its own affair unless the buyer puts it on the market unnamed.
    """
    whose = Q(participation__kind__in=EXHIBITING) | Q(anonymous=True)
    return lasting() & whose & Q(participation__state=Participation.State.CONFIRMED, review=Review.PUBLISHED)


def visible_to[Item: (Offer, Need)](user: User | AnonymousUser, edition: Edition, model: type[Item]) -> QuerySet[Item]:
    """All items for an organiser; for others the published ones and those of their own participants."""
    rows = model.objects.filter(edition=edition)
    if user.has_perm("expo.read_meetings", edition):
        return rows
    return rows.filter(shown_to_all() | Q(participation__in=acted_for(user, edition).values("pk")))


def named_to(user: User | AnonymousUser, edition: Edition) -> Callable[[MarketItem], bool]:
    """Whether the firm of an item is named to the reader.

    Its own people and the organiser know whose it is, and those whose expression of interest it accepted.
    """
    if user.has_perm("expo.read_meetings", edition):
        return lambda _item: True
    own = set(acted_for(user, edition).values_list("pk", flat=True))
    accepted = Interest.objects.filter(asker__in=own, state=Interest.State.ACCEPTED) if own else Interest.objects.none()
    told_items: set[tuple[int | None, int | None]] = set(accepted.values_list("offer_id", "need_id"))

    def is_named(item: MarketItem) -> bool:
        told = (None, item.pk) if isinstance(item, Need) else (item.pk, None)
        return not item.anonymous or item.participation_id in own or told in told_items

    return is_named


def narrowed[Item: (Offer, Need)](
    rows: QuerySet[Item], wanted: ItemFilter, edition: Edition, user: User | AnonymousUser
) -> QuerySet[Item]:
    """The rows that the filter keeps."""

    def of_offers(condition: Q) -> Q:
        return condition if rows.model._meta.model_name == "offer" else Q(pk__in=[])

    group_keys = {group.key for group in groups()}
    conditions: dict[str, Callable[[], Q]] = {
        "family": lambda: Q(family=wanted.family),
        "hs": lambda: Q(hs_written__contains=f'"{wanted.hs}'),
        "isic": lambda: Q(isic_written__contains=f'"{wanted.isic}'),
        "chain": lambda: Q(placements__node__chain__slug=wanted.chain, placements__confidence__gte=CONFIDENT),
        "node": lambda: Q(
            placements__node__code=wanted.node,
            placements__node__chain__slug=wanted.chain,
            placements__confidence__gte=CONFIDENT,
        ),
        "country": lambda: Q(participation__firm__country=wanted.country),
        "group": lambda: Q(
            participation__firm__country__in=members(wanted.group, edition.starts_on)
            if wanted.group in group_keys
            else ()
        ),
        "firm": lambda: Q(participation__firm__identifier=leading(wanted.firm)),
        "incoterm": lambda: Q(incoterms_written__contains=f'"{wanted.incoterm}"'),
        "agreement": lambda: Q(agreements_written__contains=f'"{wanted.agreement}"'),
        "development": lambda: Q(development=wanted.development),
        "review": lambda: Q(review=wanted.review),
        "unnamed": lambda: Q(anonymous=True),
        "minimum_order": lambda: of_offers(
            Q(minimum_order__lte=wanted.minimum_order, unit__in=[wanted.unit] if wanted.unit else PIECES)
        ),
        "unit": lambda: Q(unit=wanted.unit),
        "lead_time": lambda: of_offers(Q(lead_time_days__lte=wanted.lead_time)),
        "launches": lambda: of_offers(Q(launch=True)),
    }
    asked = [make() for name, make in conditions.items() if getattr(wanted, name)]
    # A list of codes is JSON text in both databases, with a quote before and after each.
    written = {f"{name}_written": Cast(name, TextField()) for name in ("hs", "isic", "incoterms", "agreements")}
    matching = rows.alias(**written).filter(*asked)
    if any(getattr(wanted, name) for name in OF_FIRM):
        organises = user.has_perm("expo.read_meetings", edition)
        if not organises:
            matching = matching.filter(Q(anonymous=False) | Q(participation__in=acted_for(user, edition).values("pk")))
    return matching.distinct() if wanted.chain or wanted.node else matching


def market(model: type[Offer] | type[Need], edition: Edition) -> QuerySet[Any]:
    """The offers or the needs that everyone may read, the newest first."""
    return _newest(model, edition, shown_to_all())


def listed(user: User | AnonymousUser, edition: Edition, model: type[Offer] | type[Need]) -> QuerySet[Any]:
    """What the list of the market shows a reader, the newest first: an organiser also the needs that buyers keep."""
    if not user.has_perm("expo.read_meetings", edition):
        return market(model, edition)
    there = Q(participation__state=Participation.State.CONFIRMED, review=Review.PUBLISHED)
    return _newest(model, edition, lasting() & there)


def _newest(model: type[Offer] | type[Need], edition: Edition, shown: Q) -> QuerySet[Any]:
    rows = model.objects.filter(shown, edition=edition)
    return rows.select_related("participation__firm", "node__chain").order_by("-created_at", "-pk")


def is_private(item: MarketItem) -> bool:
    """Whether a published item is kept from all but its own people and the organiser, as buyers' needs are."""
    return item.participation.kind not in EXHIBITING and not item.anonymous


def with_words[Item: (Offer, Need)](rows: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Those in which every word stands, in any language: of title, summary, text or a code."""
    fields = ("title", "summary", "text", "hs", "cpc", "isic", "certificates")
    unread: list[Item] = list(rows.order_by().select_related(None).filter(tokens="").only(*fields))
    for item in unread:
        item.tokens = _tokens_of(item)
    rows.model._base_manager.bulk_update(unread, ["tokens"], batch_size=_BATCH)
    wanted = dict.fromkeys(terms(words))
    return rows.filter(*(Q(tokens__contains=f" {term} ") for term in wanted))


_BATCH = 500


def _tokens_of(item: MarketItem) -> str:
    words = (*texts(item.title, item.summary, item.text), *item.hs, *item.cpc, *item.isic, *item.certificates)
    return f" {' '.join(dict.fromkeys(term for text in words for term in terms(str(text))))} "


MOST_FOUND = 500


def answering(edition: Edition, rows: QuerySet[Any], words: str) -> list[int]:
    """The primary keys of the rows that match the words, the best first.

    Those that the search finds by words or by meaning, and after them, the newest first, those in which every word
    stands all the same: what goes without a name is not in the search.
    """
    kind = SearchEntry.Kind.OFFER if rows.model is Offer else SearchEntry.Kind.NEED
    hits = search(edition, words, kinds=[kind], most=MOST_FOUND).found
    best = [entry.item for entry in hits if entry.hit.words or (entry.hit.meaning or 0) >= NEAR]
    plain_rows = rows.order_by().select_related(None).prefetch_related(None)
    kept = set(plain_rows.filter(pk__in=best).values_list("pk", flat=True))
    others = with_words(plain_rows.exclude(pk__in=kept), words).order_by("-created_at", "-pk")
    return [*(key for key in best if key in kept), *others.values_list("pk", flat=True)]
