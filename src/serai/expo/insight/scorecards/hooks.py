"""Scorecards in the registries: their kinds of stored results."""

from serai.expo.insight.scorecards.domain import cards, measures, themes

__all__ = ["cards", "measures", "themes"]
