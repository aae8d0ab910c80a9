"""What the market shows to whom, and whose name: the unnamed are named by accepting an expression of interest only."""

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from serai.expo.editions.domain import texts
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.directory import EXHIBITING
from serai.expo.firms.rules import may_see_needs
from serai.expo.market.models import ON_THE_MARKET, Interest, MarketItem, Need, Offer
from serai.expo.people.models import Role
from serai.match.search import terms

ACCEPTED = Interest.State.ACCEPTED


def on_the_market(today: date | None = None) -> Q:
    """What everyone may read: published and not run out, of confirmed exhibitors, and of others what goes without name.

    A buyer's need is its own affair unless the buyer puts it on the market unnamed.
    """
    day = today or timezone.localdate()
    return (
        ON_THE_MARKET
        & Q(participation__state=Participation.State.CONFIRMED)
        & (Q(participation__kind__in=EXHIBITING) | Q(anonymous=True))
        & (Q(valid_until=None) | Q(valid_until__gte=day))
    )


def market(model: type[Offer] | type[Need], edition: Edition) -> QuerySet[Any]:
    """The offers or the needs that everyone may read, the newest first. Call inside of the scope."""
    found = model.objects.filter(on_the_market(), edition=edition)
    return found.select_related("participation__firm", "node__chain").order_by("-created_at", "-pk")


def matching(found: QuerySet[Any], words: str) -> list[int]:
    """Primary keys of those in which every word stands, in any language: of title, summary, text or a code."""
    wanted = set(terms(words))
    rows = found.order_by().values_list("pk", "title", "summary", "text", "hs", "cpc", "isic", "certificates")
    return [
        pk
        for pk, title, summary, text, *codes in rows
        if wanted <= {term for said in (*texts(title, summary, text), *chain(*codes)) for term in terms(str(said))}
    ]


def names_it(item: MarketItem, user: Any) -> bool:
    """Whether the user may know whose offer or need it is. Call inside of the scope."""
    return not item.anonymous or may_see_needs(user, item.participation) or item.pk in named_to([item], user)


def named_to(items: Iterable[MarketItem], user: Any) -> set[int]:
    """Of offers or of needs the primary keys of those that accepted an interest of a firm of the user. One query."""
    listed = list(items)
    if not listed or not user.is_authenticated:
        return set()
    field = "need" if isinstance(listed[0], Need) else "offer"
    own = Role.objects.filter(user_id=user.pk, firm__isnull=False).values("firm")
    accepted = Interest.objects.filter(
        asker__firm__in=own, state=ACCEPTED, **{f"{field}__in": [one.pk for one in listed]}
    )
    return set(accepted.values_list(f"{field}_id", flat=True))


def open_to(item: MarketItem, user: Any) -> bool:
    """Whether the user may read the item at all. Call inside of the scope."""
    return type(item).objects.filter(on_the_market(), pk=item.pk).exists() or may_see_needs(user, item.participation)
