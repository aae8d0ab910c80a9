"""What this room tells the registries: its kinds of stored results, and that they are kept current."""

from serai.expo.base.daily import daily
from serai.expo.insight.supply.domain import exposures, fair_difference, layouts
from serai.expo.insight.supply.domain.preparation import prepare_all

__all__ = ["exposures", "fair_difference", "layouts"]

daily("maps of chains")(prepare_all)
