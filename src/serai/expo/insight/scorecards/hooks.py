"""Scorecards in the registries: their kinds of stored results."""

from serai.expo.insight.scorecards.domain import cards, measures

__all__ = ["cards", "measures"]
