"""What of the market ends with a participation: what is shown of it, and what waits for an answer."""

from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from serai.expo.buyers.acting import Acting
from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation
from serai.expo.market.ending import end_quotation
from serai.expo.market.interest import take_back
from serai.expo.market.models import Interest, MarketItem, Need, Offer, Review
from serai.expo.market.quotations import Quotation
from serai.expo.market.quoting import standing_by, tell_withdrawn
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
        take_back(Acting(leaving.user, leaving.participation), one)


def _quotations(one: Participation, _at: datetime) -> QuerySet[Quotation]:
    return standing_by(one)


def _end_quotations(leaving: Leaving, found: list[Quotation]) -> None:
    """Nobody stands behind its prices any more; who has no answer yet is told of the end of the interest alone."""
    by = Acting(leaving.user, leaving.participation)
    for one in found:
        end_quotation(one, Quotation.State.WITHDRAWN, by)
        if one.interest.state == State.ACCEPTED:
            tell_withdrawn(one.interest, by)


ends(
    "items",
    rows=_shown,  # only what belongs to who is confirmed is shown
    words=lambda count: (
        ngettext("%d offer or need is shown no more.", "%d offers and needs are shown no more.", count) % count
    ),
)
ends(
    "quotations",
    order=40,  # before its interests end, with which the prices of others end
    rows=_quotations,
    end=_end_quotations,
    words=lambda count: (
        ngettext("%d quotation that stands is withdrawn.", "%d quotations that stand are withdrawn.", count) % count
    ),
)
ends("interests-in-it", rows=_asked, end=_end)
ends("interests", rows=_interests, end=_withdraw)
