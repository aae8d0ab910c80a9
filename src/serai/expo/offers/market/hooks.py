"""What this room tells the registries: letters, desk, leaving, daily."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import queue
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.firms.identity.domain.splits import splittable
from serai.expo.offers.market.domain.items import count_waiting, expire_and_remind
from serai.expo.offers.market.models import MarketItem, Need, Offer, Review
from serai.expo.participants.desk.domain import Due, dues, entry
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.packages.domain import limit
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.withdrawal import ends

ITEM: dict[str, Place] = {"title": (gettext_lazy("the title of the offer or need"), gettext_lazy("Separator film"))}
REASON: dict[str, Place] = {"reason": (gettext_lazy("the reason that you gave"), gettext_lazy("Which grade?"))}
UNTIL: dict[str, Place] = {"until": (gettext_lazy("the last day on which it is shown"), "2026-11-30")}

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


queue(
    "items",
    title=gettext_lazy("Offers and needs to review"),
    text=gettext_lazy("What exhibitors have handed in, and what they changed after its approval."),
    page="market-review",
)(count_waiting)


def _shown(participation: Participation, _at: datetime) -> list[MarketItem]:
    rows = (model.objects.filter(participation=participation, review=Review.PUBLISHED) for model in (Offer, Need))
    return list(chain.from_iterable(rows))


ends(
    "items",
    rows=_shown,  # only what belongs to who is confirmed is shown
    words=ngettext_lazy("%d offer or need is shown no more.", "%d offers and needs are shown no more."),
)


@daily("expire offers and needs")
def _expire() -> None:
    expire_and_remind()


limit(
    "offers", gettext_lazy("Offers"), lambda exhibitor: Offer.objects.filter(participation=exhibitor).count(), order=30
)
limit(
    "launches",
    gettext_lazy("Launches"),
    lambda exhibitor: Offer.objects.filter(participation=exhibitor, launch=True).count(),
    order=40,
)


def _handed_in(model: type[Offer | Need], exhibitor: Participation) -> bool:
    handed_in = (Review.SUBMITTED, Review.PUBLISHED)
    return model.objects.filter(participation=exhibitor, review__in=handed_in).exists()


done_by_itself(DeskTask.Page.OFFERS, lambda exhibitor: _handed_in(Offer, exhibitor))
done_by_itself(DeskTask.Page.NEEDS, lambda exhibitor: _handed_in(Need, exhibitor))


def _title(item: MarketItem) -> str:
    return f"{next(iter(item.title.values()), item.number)} · {item.edition.slug}"


for _name, _model, _words, _order in (
    ("offers", Offer, gettext_lazy("Offers"), 100),
    ("needs", Need, gettext_lazy("Needs"), 110),
):
    splittable(
        _name,
        _model,
        title=_words,
        words=_title,
        to="participation__firm",
        related=("edition",),
        by=("edition", "number", "pk"),
        order=_order,
    )


@condition("no_offers", gettext_lazy("without an offer"), order=20)
def without_offers(_edition: Edition) -> Q:
    return Q(~Exists(Offer.objects.filter(participation=OuterRef("pk"))))


@condition("no_needs", gettext_lazy("without a need"), order=30)
def without_needs(_edition: Edition) -> Q:
    return Q(~Exists(Need.objects.filter(participation=OuterRef("pk"))))


entry("desk-offers", "market", title=gettext_lazy("Offers"), duty="market", of_firm=True, kinds=EXHIBITING, order=10)
entry("desk-needs", "market", title=gettext_lazy("Needs"), duty="market", of_firm=True, kinds=EXHIBITING, order=20)

EXPIRY_NOTICE = timedelta(days=30)


@dues
def unfinished_items(participation: Participation, _now: datetime) -> Iterator[Due]:
    """Offers and needs that came back from the review, and those that run out soon or have run out."""
    if participation.kind not in EXHIBITING:
        return
    today = today_at(participation.edition)
    for model, page in ((Offer, "desk-offers"), (Need, "desk-needs")):
        rows = list(model.objects.filter(participation=participation).values_list("review", "valid_until"))
        address = reverse(page, args=[participation.edition.slug, participation.firm.identifier])
        returned = sum(review == Review.RETURNED for review, _until in rows)
        if returned:
            yield Due(
                page,
                ngettext("%d came back from the review.", "%d came back from the review.", returned) % returned,
                lost=_("Until it is changed nobody finds it."),
                address=address,
                duty="market",
            )
        ending = sum(
            review == Review.EXPIRED
            or (review == Review.PUBLISHED and until is not None and until - today <= EXPIRY_NOTICE)
            for review, until in rows
        )
        if ending:
            yield Due(
                page,
                ngettext("%d has run out or soon will; renew it.", "%d have run out or soon will; renew them.", ending)
                % ending,
                lost=_("What has run out is shown to nobody."),
                address=address,
                duty="market",
            )
