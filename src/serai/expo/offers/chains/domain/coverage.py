"""How much of what is offered and needed at a fair is placed on its chains, and how its exhibitors stand to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.models import Job
from serai.expo.offers.chains.models import CONFIDENT, Placement
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
    offers, needs = (Offer.objects.filter(PUBLISHED, edition=edition), Need.objects.filter(PUBLISHED, edition=edition))
    return Coverage(
        offers.count(),
        placed.filter(offer__in=offers).values("offer").distinct().count(),
        needs.count(),
        placed.filter(need__in=needs).values("need").distinct().count(),
    )


SURE, UNSURE, WAITING, OTHER_TRADE, SILENT = "sure", "unsure", "waiting", "other", "silent"
STANDINGS: Mapping[str, str | Promise] = {
    SURE: gettext_lazy("Surely on a chain"),
    UNSURE: gettext_lazy("Perhaps on a chain"),
    WAITING: gettext_lazy("Not placed yet"),
    OTHER_TRADE: gettext_lazy("Other trade: their words fit no chain of the fair"),
    SILENT: gettext_lazy("Nothing to place by: no description, no offer, no code"),
}
"""How an exhibitor stands to the chains of its fair. Every exhibitor stands in exactly one of these ways."""


def awaits_placing(edition: Edition) -> bool:
    """Whether who stands nowhere was perhaps not looked at yet: a placing is asked for, or there was never one."""
    jobs = Job.objects.filter(edition=edition, kind="placing").order_by("-pk")
    latest = jobs.values_list("ended", flat=True).first()
    if latest in ("", Job.State.DONE):
        return latest == ""
    return not Placement.objects.filter(edition=edition).exists()


def in_standing(edition: Edition, name: str) -> QuerySet[Participation]:
    """The exhibitors that stand in one of the ways of `STANDINGS`. Raises KeyError."""
    # Sets made once: asked exhibitor by exhibitor, SQLite reads every placement of the fair for each of them.
    placed = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER)
    sure = Q(pk__in=placed.filter(confidence__gte=CONFIDENT).values("participation"))
    any_ = Q(pk__in=placed.values("participation"))
    offers = Offer.objects.filter(PUBLISHED, edition=edition).values("participation")
    says = ~Q(firm__description={}) | ~Q(firm__isic=[]) | Q(pk__in=offers)
    awaits = awaits_placing(edition)
    nobody = Q(pk__in=())
    conditions: Mapping[str, tuple[Any, ...]] = {
        SURE: (sure,),
        UNSURE: (any_, ~sure),
        WAITING: (~any_, says) if awaits else (nobody,),
        OTHER_TRADE: (nobody,) if awaits else (~any_, says),
        SILENT: (~any_, ~says),
    }
    return exhibitors(edition).filter(*conditions[name]).select_related("firm")


def standings(edition: Edition) -> dict[str, int]:
    """How many exhibitors stand in each way, in the order of `STANDINGS`; they sum to all exhibitors."""
    return by_revision(
        "standings on chains", [edition], lambda: {name: in_standing(edition, name).count() for name in STANDINGS}
    )
