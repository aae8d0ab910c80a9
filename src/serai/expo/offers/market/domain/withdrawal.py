"""Taking an offer or a need back from the public: it is a draft again, with all that it says."""

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.offers.market.domain.items import ItemRefusedError, set_review
from serai.expo.offers.market.models import MarketItem, Review
from serai.expo.people.account.models import User


@transaction.atomic
def withdraw_item(item: MarketItem, *, user: User) -> None:
    """Make it a draft again. Raises ItemRefusedError for one that is a draft already."""
    held = type(item).objects.select_for_update().get(pk=item.pk)
    if held.review == Review.DRAFT:
        raise ItemRefusedError(_("This is a draft already."))
    set_review(held, Review.DRAFT, user=user)
    item.review = held.review
