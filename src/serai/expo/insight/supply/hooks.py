"""What this room tells the registries: its kinds of stored results, and when they are renewed."""

from django.utils.translation import gettext_lazy as _

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import (
    datasets,
    exposures,
    fair_difference,
    fair_meetings,
    layouts,
    networks,
    source_values,
)
from serai.expo.insight.supply.domain.exposures import prepare_all
from serai.expo.insight.supply.domain.source_values import KIND
from serai.expo.insight.supply.domain.stored_results import compute_now
from serai.expo.meetings.matchmaking.domain.source_values import renewing

__all__ = ["datasets", "exposures", "fair_difference", "fair_meetings", "layouts", "networks", "source_values"]

daily("maps of chains")(prepare_all)
card(
    "organiser-supply",
    "meetings",
    title=_("Sources of the chains"),
    text=_("Gaps and single sources, whom to call, the meetings that would help most, and what the fair did."),
    order=12,
)


@renewing.register
def _renew(edition: Edition) -> None:
    """The values as they are now; nothing is done where nothing has changed."""
    compute_now(edition, KIND)
