"""How much of what is offered and needed at a fair is placed on its chains."""

from dataclasses import dataclass

from django.db.models import QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.models import PUBLISHED, Need, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors


@dataclass(frozen=True)
class Coverage:
    """Numbers of published offers and needs, and of those that are placed."""

    offers: int
    offers_placed: int
    needs: int
    needs_placed: int


def coverage(edition: Edition) -> Coverage:
    """The coverage of an edition, in four queries."""
    placed = Placement.objects.filter(edition=edition)
    return Coverage(
        Offer.objects.filter(PUBLISHED, edition=edition).count(),
        placed.filter(offer__isnull=False).values("offer").distinct().count(),
        Need.objects.filter(PUBLISHED, edition=edition).count(),
        placed.filter(need__isnull=False).values("need").distinct().count(),
    )


def exhibitors_on_no_chain(edition: Edition) -> QuerySet[Participation]:
    """Exhibitors with offers of which none is placed."""
    placed = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER)
    offering = exhibitors(edition).filter(offers__isnull=False).exclude(pk__in=placed.values("participation"))
    return offering.select_related("firm").distinct()
