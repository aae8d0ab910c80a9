"""Scorecards in the registries: their kinds of stored results, and their data."""

from serai.expo.insight.scorecards.domain import cards, datasets, measures

__all__ = ["cards", "datasets", "measures"]
