"""What of the market ends with a participation: what is shown of it, and what waits for an answer."""

from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from serai.expo.audit.domain import record, state
from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation
from serai.expo.market.models import Interest, MarketItem, Need, Offer, Review
from serai.expo.market.taking_down import end_interests

State = Interest.State


def _shown(one: Participation, _at: datetime) -> list[MarketItem]:
    found = (model.objects.filter(participation=one, review=Review.PUBLISHED) for model in (Offer, Need))
    return list(chain.from_iterable(found))


def _asked(one: Participation, _at: datetime) -> list[MarketItem]:
    """Its offers and needs in which somebody's interest waits for an answer."""
    found = []
    for model, name in ((Offer, "offer"), (Need, "need")):
        waiting = Interest.objects.filter(state=State.OPEN, **{name: OuterRef("pk")})
        found.append(model.objects.filter(Exists(waiting), participation=one))
    return list(chain.from_iterable(found))


def _end(leaving: Leaving, found: list[MarketItem]) -> None:
    for one in found:
        end_interests(one, user=leaving.user)


def _interests(one: Participation, _at: datetime) -> QuerySet[Interest]:
    return Interest.objects.filter(asker=one, state=State.OPEN)


def _withdraw(leaving: Leaving, found: list[Interest]) -> None:
    for one in found:
        before = state(one)
        one.state = State.WITHDRAWN
        one.save(update_fields=["state"])
        edition = leaving.participation.edition
        record("interest.withdrawn", one, before=before, after=state(one), user=leaving.user, edition=edition)


ends(
    "items",
    rows=_shown,  # only what belongs to who is confirmed is shown
    words=lambda count: (
        ngettext("%d offer or need is shown no more.", "%d offers and needs are shown no more.", count) % count
    ),
)
ends("interests-in-it", rows=_asked, end=_end)
ends("interests", rows=_interests, end=_withdraw)
