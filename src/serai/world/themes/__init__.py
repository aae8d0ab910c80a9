"""The four themes of the published indices (connectivity, resilience, promotion, innovation) with open definitions.

A theme is a matrix of indicators by country and year, not a score: each value has its source, year and interval, and
what is not measured says why. A number for a theme is told only as growth against a base year.
"""

from serai.world.themes.growth import Growth, geometric_mean, growth
from serai.world.themes.indicators import INDICATORS_OF_THEMES, NOT_HAD, THEMES, ThemeIndicator
from serai.world.themes.matrix import (
    BASE_YEAR,
    LEAST_INDICATORS,
    TOO_FEW,
    Theme,
    ThemeNumber,
    ThemeValue,
    base_year,
    numbers_of,
    theme_matrix,
    values_of,
)
from serai.world.themes.panels import Panel, panels_of_series, panels_of_tables, table_panels
from serai.world.themes.published import PUBLISHED, PublishedNumber

__all__ = [
    "BASE_YEAR",
    "INDICATORS_OF_THEMES",
    "LEAST_INDICATORS",
    "NOT_HAD",
    "PUBLISHED",
    "THEMES",
    "TOO_FEW",
    "Growth",
    "Panel",
    "PublishedNumber",
    "Theme",
    "ThemeIndicator",
    "ThemeNumber",
    "ThemeValue",
    "base_year",
    "geometric_mean",
    "growth",
    "numbers_of",
    "panels_of_series",
    "panels_of_tables",
    "table_panels",
    "theme_matrix",
    "values_of",
]
