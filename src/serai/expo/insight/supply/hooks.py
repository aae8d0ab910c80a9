"""What this room tells the registries: its kinds of stored results."""

from serai.expo.insight.supply.domain import exposures

__all__ = ["exposures"]
