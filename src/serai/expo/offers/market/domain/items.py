"""Writing offers and needs: entered, changed, handed in, reviewed by the organiser, renewed, removed.

They run out on a day; their owners are reminded before.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.base.rooms import Hook
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.visibility import active_owners
from serai.expo.offers.chains.domain.fair_chains import refresh
from serai.expo.offers.market.models import MarketItem, Need, Offer, Review
from serai.expo.participants.packages.domain import PackageRefusedError, require_room
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
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


_PUBLIC = Q(participation__kind__in=EXHIBITING) | Q(anonymous=True)
_CHANGED = Q(changed_at__gt=F("reviewed_at")) | Q(changed_at__isnull=False, reviewed_at=None)

WAITING = Q(review=Review.SUBMITTED) | Q(_PUBLIC, _CHANGED, review=Review.PUBLISHED)
"""What has been handed in, and what is public and was changed after its approval, or though nobody ever read it."""


WITH: Mapping[type[MarketItem], tuple[str, ...]] = {
    Offer: ("files", "certifications__file", "certifications__verified_by"),
    Need: ("files",),
}
"""By kind of item what a page that shows all of it reads beside it."""


def waiting(edition: Edition) -> list[MarketItem]:
    """All offers and needs that wait for review, the longest waiting first."""
    items: list[MarketItem] = []
    for model in (Offer, Need):
        items += (
            model.objects.filter(WAITING, edition=edition)
            .select_related("participation__firm", "node__chain")
            .prefetch_related(*WITH[model])
        )
    return sorted(items, key=lambda item: item.changed_at or item.created_at)


def count_waiting(edition: Edition) -> int:
    """Number of offers and needs that wait for review."""
    return sum(model.objects.filter(WAITING, edition=edition).count() for model in (Offer, Need))


@transaction.atomic
def approve_item(item: MarketItem, *, user: User) -> None:
    """Publish it. Raises ItemRefusedError where it does not wait for review."""
    held = _waiting(item)
    set_review(held, Review.PUBLISHED, user=user, reviewed_by=user, reviewed_at=timezone.now())


@transaction.atomic
def return_item(item: MarketItem, reason: str, *, user: User) -> None:
    """Send it back to the firm with a reason, which the firm's owners are told by mail too.

    Raises ItemRefusedError without a reason, and where it does not wait for review.
    """
    if not reason.strip():
        raise ItemRefusedError(_("Say what has to be changed."))
    held = _waiting(item)
    set_review(held, Review.RETURNED, user=user, note=reason.strip(), reviewed_by=user, reviewed_at=timezone.now())
    send_letters(
        held.edition,
        active_owners(held.participation.firm_id),
        "item-returned",
        lambda _owner: {"title": in_language(held.title).text, "reason": held.review_note},
    )


def _waiting(item: MarketItem) -> MarketItem:
    held = type(item).objects.select_for_update().filter(WAITING, pk=item.pk).first()
    if held is None:
        raise ItemRefusedError(_("This does not wait for review; somebody may have decided before you."))
    return held


VALID_DAYS = 180
REMIND_DAYS = 14


@transaction.atomic
def renew(item: MarketItem, *, user: User) -> None:
    """Extend the validity by half a year; an expired item is published again.

    Raises ItemRefusedError for what is neither published nor run out.
    """
    held = type(item).objects.select_for_update().get(pk=item.pk)
    if held.review not in (Review.PUBLISHED, Review.EXPIRED):
        raise ItemRefusedError(_("Only what has been published can be renewed."))
    today = timezone.localdate()
    until = max(held.valid_until or today, today) + timedelta(days=VALID_DAYS)
    set_review(held, Review.PUBLISHED, user=user, valid_until=until, renewed_on=today, reminded_on=None)


def expire_and_remind(today: date | None = None) -> tuple[int, int]:
    """Expire items after their last day, and remind the owners before it. Returns the two numbers."""
    today = today or timezone.localdate()
    expired = reminded = 0
    with scopes_disabled():
        due: list[MarketItem] = []
        for model in (Offer, Need):
            ends = model.objects.filter(
                review=Review.PUBLISHED, valid_until__lt=today + timedelta(days=REMIND_DAYS)
            ).exclude(edition__state="closed")
            due += ends.select_related("participation__firm", "participation__edition", "edition")
    for item in due:
        with scope(edition=item.edition), transaction.atomic():
            if item.valid_until is not None and item.valid_until < today:
                set_review(item, Review.EXPIRED, user=None)
                expired += 1
            elif item.reminded_on is None:
                _remind(item, today)
                reminded += 1
    return expired, reminded


def _remind(item: MarketItem, today: date) -> None:
    item.reminded_on = today
    item.save(update_fields=["reminded_on"])
    until = item.valid_until.isoformat() if item.valid_until else ""
    send_letters(
        item.edition,
        active_owners(item.participation.firm_id),
        "item-runs-out",
        lambda _owner: {"title": in_language(item.title).text, "until": until},
    )
