"""Offers and needs run out on a day; a click renews them, and their owners are reminded before."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.text import in_language
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.offers.market.domain.items import ItemRefusedError, set_review
from serai.expo.offers.market.models import MarketItem, Need, Offer, Review
from serai.expo.people.account.models import User

VALID_DAYS = 180
REMIND_DAYS = 14


@transaction.atomic
def renew(item: MarketItem, *, user: User) -> None:
    """Valid for half a year more. What had run out is shown again.

    Raises ItemRefusedError for what is neither published nor run out.
    """
    held = type(item).objects.select_for_update().get(pk=item.pk)
    if held.review not in (Review.PUBLISHED, Review.EXPIRED):
        raise ItemRefusedError(_("Only what has been published can be renewed."))
    today = timezone.localdate()
    until = max(held.valid_until or today, today) + timedelta(days=VALID_DAYS)
    set_review(held, Review.PUBLISHED, user=user, valid_until=until, renewed_on=today, reminded_on=None)


def expire_and_remind(today: date | None = None) -> tuple[int, int]:
    """Take down what has run out, and remind the owners of what soon will. Returns how many of each."""
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
