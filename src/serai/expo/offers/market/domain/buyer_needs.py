"""Needs that a buyer states: entered, changed, renewed and removed by the buyer itself."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.offers.chains.domain.fair_chains import refresh
from serai.expo.offers.chains.domain.placements import place_items
from serai.expo.offers.market.domain.items import ItemRefusedError, remove_item, renew, taken_off
from serai.expo.offers.market.models import Need, Review
from serai.expo.offers.search.domain.index import refresh_tokens
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, trace


class NeedRefusedError(ValueError):
    """Why a need cannot be stated, in the reader's language."""


@transaction.atomic
def state_need(by: Acting, need: Need) -> Need:
    """Keep a need and place it on the chains.

    Raises NeedRefusedError for an exhibitor, while needs are closed, and for one without a title.
    """
    _require_open(by)
    _require_title(need)
    last = Need.objects.filter(participation=by.participation).aggregate(last=Max("number"))["last"] or 0
    need.edition, need.participation, need.number = by.edition, by.participation, last + 1
    # What goes on the market, though unnamed, the organiser reads first.
    need.review = Review.SUBMITTED if need.anonymous else Review.PUBLISHED
    need.changed_at = timezone.now()
    need.save()
    trace("need.stated", need, by)
    if not need.anonymous:
        place_items(by.edition, [need])
    refresh_tokens(Participation.objects.filter(pk=by.participation.pk))
    return need


@transaction.atomic
def change_need(by: Acting, need: Need) -> Need:
    """Keep a changed need; its places on the chains follow.

    Raises NeedRefusedError while needs are closed, and for one without a title.
    """
    _require_open(by)
    _require_title(need)
    existing = Need.objects.select_for_update().get(pk=need.pk)
    before = state(existing)
    # What was only for the buyer's own eyes the organiser reads before it goes on the market; so does a change of it.
    need.review = Review.SUBMITTED if need.anonymous else Review.PUBLISHED
    need.changed_at = timezone.now()
    need.save()
    trace("need.changed", need, by, before=before)
    if existing.anonymous and existing.review == Review.PUBLISHED:
        taken_off.call(need, by.user)
    refresh(by.participation)
    return need


@transaction.atomic
def renew_need(by: Acting, need: Need) -> None:
    """Extend the validity by half a year. Raises NeedRefusedError while needs are closed."""
    _require_open(by)
    try:
        renew(need, user=by.user)
    except ItemRefusedError as refusal:
        raise NeedRefusedError(str(refusal)) from None


@transaction.atomic
def remove_need(by: Acting, need: Need) -> None:
    """Delete a need; the askers of open interests get a mail.

    Raises NeedRefusedError for an exhibitor, and while needs are closed.
    """
    _require_open(by)
    trace("need.removed_by_its_buyer", need, by)
    remove_item(need, user=by.user)


def _require_open(by: Acting) -> None:
    # What an exhibitor needs is read by everyone: it is written at the exhibitor's desk and reviewed first.
    if by.participation.kind in EXHIBITING:
        raise NeedRefusedError(_("An exhibitor writes its needs at its own desk."))
    require_open(by.edition, Phase.Kind.NEEDS, refusal=NeedRefusedError)


def _require_title(need: Need) -> None:
    if not any(need.title.values()):
        raise NeedRefusedError(_("Say in a few words what you look for."))
