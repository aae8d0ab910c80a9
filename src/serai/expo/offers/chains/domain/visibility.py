"""Which placements on the chains a reader may see: those of visible firms and of items that are named to it."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.domain.visibility import visible_to as items_visible_to
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.participation.domain.exhibitors import visible_to as participations_visible_to
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Placement]:
    """All placements for an organiser; for others their own, and those of visible participants and of visible, named
    items that are more likely right than not."""
    rows = Placement.objects.filter(edition=edition)
    if user.has_perm("expo.read_meetings", edition):
        return rows
    own = Q(participation__in=acted_for(user, edition).values("pk"))
    visible = Q(participation__in=participations_visible_to(user, edition).values("pk"))
    offers = Q(offer__in=items_visible_to(user, edition, Offer).filter(anonymous=False).values("pk"))
    needs = Q(need__in=items_visible_to(user, edition, Need).filter(anonymous=False).values("pk"))
    described = Q(offer=None, need=None)
    return rows.filter(own | (visible & (described | offers | needs) & Q(confidence__gte=CONFIDENT)))
