"""What this room tells the registries: letters, desk, leaving, daily."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import queue
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.offers.interests.domain.interests import take_back
from serai.expo.offers.interests.domain.removal import end_interests
from serai.expo.offers.market.domain.renewal import expire_and_remind
from serai.expo.offers.market.domain.review import count_waiting
from serai.expo.offers.market.models import Interest, MarketItem, Need, Offer, Review
from serai.expo.offers.quotations.domain.end import end_quotation
from serai.expo.offers.quotations.domain.quotations import standing_by, tell_withdrawn
from serai.expo.offers.quotations.models import Quotation
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends

ITEM: dict[str, Place] = {"title": (gettext_lazy("the title of the offer or need"), gettext_lazy("Separator film"))}
REASON: dict[str, Place] = {"reason": (gettext_lazy("the reason that you gave"), gettext_lazy("Which grade?"))}
UNTIL: dict[str, Place] = {"until": (gettext_lazy("the last day on which it is shown"), "2026-11-30")}
WORDS: dict[str, Place] = {"words": (gettext_lazy("what the other side wrote"), gettext_lazy("We look for a partner."))}

letter(
    "item-returned",
    title=gettext_lazy("An offer or need is returned"),
    when=gettext_lazy("To the owners of the firm, when the review asks for a change."),
    places=ITEM | REASON,
    needed=("reason",),
    words=lambda: (_("Please change: %s") % "{title}", "{title}\n\n{reason}"),
)
letter(
    "item-runs-out",
    title=gettext_lazy("An offer or need soon runs out"),
    when=gettext_lazy("To the owners of the firm, some days before."),
    places=ITEM | UNTIL,
    needed=("title",),
    words=lambda: (
        _("Soon to run out: %s") % "{title}",
        "{title}\n\n" + _("It is shown until %s. Renew it at your desk with one click.") % "{until}",
    ),
)
letter(
    "interest-ended",
    title=gettext_lazy("What one was interested in is taken down"),
    when=gettext_lazy("To the owners of a firm whose expression of interest was not answered."),
    places=ITEM,
    needed=("title",),
    words=lambda: (
        _("On the market no more: %s") % "{title}",
        "{title}\n\n" + _("It was taken off the market before your expression of interest was answered."),
    ),
)


def _about(key: str, title: Promise, subject: Callable[[], str]) -> None:
    letter(
        key,
        title=title,
        when=gettext_lazy("To the owners of the firm. It names nobody, since one side may stay unnamed."),
        places=ITEM | WORDS,
        needed=("title",),
        words=lambda: (
            subject(),
            "{title}\n\n{words}\n\n" + _("Read it among your expressions of interest."),
        ),
    )


_about("interest-said", gettext_lazy("Somebody is interested"), lambda: _("Interest in: %s") % "{title}")
_about("interest-accepted", gettext_lazy("Interest is accepted"), lambda: _("Accepted: %s") % "{title}")
_about("interest-declined", gettext_lazy("Interest is declined"), lambda: _("Declined: %s") % "{title}")
_about("quotation-said", gettext_lazy("A quotation is made"), lambda: _("A quotation: %s") % "{title}")
_about(
    "quotation-withdrawn",
    gettext_lazy("A quotation is withdrawn"),
    lambda: _("A quotation was withdrawn: %s") % "{title}",
)


@queue(
    "items",
    title=gettext_lazy("Offers and needs to review"),
    text=gettext_lazy("What exhibitors have handed in, and what they changed after its approval."),
    page="market-review",
)
def _waiting(edition: Edition) -> int:
    return count_waiting(edition)


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


@daily("expire offers and needs")
def _expire() -> None:
    expire_and_remind()


@condition("no_offers", gettext_lazy("without an offer"), order=20)
def without_offers(_edition: Edition) -> Q:
    return Q(~Exists(Offer.objects.filter(participation=OuterRef("pk"))))


@condition("no_needs", gettext_lazy("without a need"), order=30)
def without_needs(_edition: Edition) -> Q:
    return Q(~Exists(Need.objects.filter(participation=OuterRef("pk"))))
