"""The organiser's review of offers and needs: approved, or returned with a reason."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.offers.market.domain.items import ItemRefusedError, set_review
from serai.expo.offers.market.models import MarketItem, Need, Offer, Review
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User

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
    """All that waits for the organiser, the longest first."""
    items: list[MarketItem] = []
    for model in (Offer, Need):
        items += (
            model.objects.filter(WAITING, edition=edition)
            .select_related("participation__firm", "node__chain")
            .prefetch_related(*WITH[model])
        )
    return sorted(items, key=lambda item: item.changed_at or item.created_at)


def count_waiting(edition: Edition) -> int:
    """How many wait."""
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
