"""What this room tells the registries: its kinds of stored results, and that they are kept current."""

from django.utils.translation import gettext_lazy as _

from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import card
from serai.expo.insight.supply.domain import (
    datasets,
    exposures,
    fair_difference,
    fair_meetings,
    layouts,
    maker_stops,
    unit_contents,
)
from serai.expo.insight.supply.domain.preparation import prepare_all

__all__ = ["datasets", "exposures", "fair_difference", "fair_meetings", "layouts", "maker_stops", "unit_contents"]

daily("maps of chains")(prepare_all)
card(
    "organiser-supply",
    "meetings",
    title=_("Sources of the chains"),
    text=_("Gaps and single sources, whom to call, the meetings that would help most, and what the fair did."),
    order=12,
)
