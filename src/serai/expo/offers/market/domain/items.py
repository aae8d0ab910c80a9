"""Writing offers and needs: entered, changed, handed in for review, removed."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.base.signals import Hook
from serai.expo.offers.chains.domain.refresh import refresh
from serai.expo.offers.market.models import MarketItem, Offer, Review
from serai.expo.participants.packages.domain import PackageRefusedError, require_room
from serai.expo.people.account.models import User

taken_off = Hook[[MarketItem, User | None], None]("an item is taken off the market")
"""Called before an offer or a need is removed, and when it is no longer published; with the user who did it, if any."""

MAY_BE_HANDED_IN = (Review.DRAFT, Review.RETURNED, Review.EXPIRED)


class ItemRefusedError(ValueError):
    """Why an offer or a need cannot be kept or handed in, in the reader's language."""


def kind_of(item: MarketItem) -> str:
    """``offer`` or ``need``, as audit entries and addresses call it."""
    return item._meta.model_name or ""


@transaction.atomic
def keep_item(item: MarketItem, *, user: User) -> MarketItem:
    """Write a new offer or need, as a draft, or a changed one.

    What is published stays so while it is changed, is found by its new words at once, and comes to the organiser's
    queue again. Raises ItemRefusedError where the package gives no more offers or launches.
    """
    model = type(item)
    before = None
    if item.pk is None:
        last = model.objects.filter(participation=item.participation).aggregate(last=Max("number"))["last"] or 0
        item.number, item.review = last + 1, Review.DRAFT
        if isinstance(item, Offer):
            _require_room(item, "offers")
    else:
        before = state(model.objects.select_for_update().get(pk=item.pk))
    if isinstance(item, Offer) and item.launch and not (before and before["launch"]):
        _require_room(item, "launches")
    item.changed_at = timezone.now()
    item.save()
    action = f"{kind_of(item)}.{'changed' if before else 'entered'}"
    record(action, item, before=before, after=state(item), user=user, edition=item.edition)
    if item.review == Review.PUBLISHED:
        refresh(item.participation)
    return item


@transaction.atomic
def keep_items(items: Iterable[MarketItem], *, user: User) -> None:
    """Write several offers or needs, or none of them. Raises ItemRefusedError."""
    for item in items:
        keep_item(item, user=user)


def _require_room(offer: Offer, name: str) -> None:
    try:
        require_room(offer.participation, name)
    except PackageRefusedError as refusal:
        raise ItemRefusedError(str(refusal)) from None


@transaction.atomic
def submit_for_review(item: MarketItem, *, user: User) -> None:
    """Hand an offer or a need in.

    Where the fair publishes at once it is on the market, and the organiser reads it afterwards. What goes without a
    name is always read first.

    Raises ItemRefusedError where it is handed in already or has no title.
    """
    held = type(item).objects.select_for_update().get(pk=item.pk)
    if held.review not in MAY_BE_HANDED_IN:
        raise ItemRefusedError(_("This has been handed in already."))
    if not any(held.title.values()):
        raise ItemRefusedError(_("Give it a title before you hand it in."))
    if held.edition.publishes_at_once and not held.anonymous:
        set_review(held, Review.PUBLISHED, user=user, changed_at=timezone.now())
    else:
        set_review(held, Review.SUBMITTED, user=user)
    item.review = held.review


@transaction.atomic
def remove_item(item: MarketItem, *, user: User) -> None:
    """Delete an offer or a need with its files."""
    participation, was_shown = item.participation, item.review == Review.PUBLISHED
    taken_off.call(item, user)
    record(f"{kind_of(item)}.removed", item, before=state(item), user=user, edition=item.edition)
    for file in item.files.all():  # type: ignore[attr-defined]  # both kinds of item have files
        delete_on_commit(Path(file.file.path))
    item.delete()
    if was_shown:
        refresh(participation)


def set_review(item: MarketItem, to: str, *, user: User | None, note: str = "", **fields: object) -> None:
    """Set the review state with its audit entry, and update search and chains where the publication changes."""
    before = state(item)
    was_shown = item.review == Review.PUBLISHED
    item.review, item.review_note = to, note
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    record(f"{kind_of(item)}.{to}", item, before=before, after=state(item), user=user, edition=item.edition)
    if was_shown or to == Review.PUBLISHED:
        refresh(item.participation)
    if was_shown and to != Review.PUBLISHED:
        taken_off.call(item, user)


@transaction.atomic
def withdraw_item(item: MarketItem, *, user: User) -> None:
    """Make it a draft again. Raises ItemRefusedError for one that is a draft already."""
    held = type(item).objects.select_for_update().get(pk=item.pk)
    if held.review == Review.DRAFT:
        raise ItemRefusedError(_("This is a draft already."))
    set_review(held, Review.DRAFT, user=user)
    item.review = held.review
