"""The four themes as they are stored: indicators, numbers of growth, the matrix by country and year. Without words."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain.measures import all_measured, tables_print
from serai.expo.insight.supply.domain.stored import result
from serai.world.measures import WORLD
from serai.world.progress import Progress
from serai.world.themes import (
    PUBLISHED,
    Panel,
    Theme,
    ThemeNumber,
    numbers_of,
    panels_of_series,
    table_panels,
    theme_matrix,
)

KIND = "themes"
"""World-wide."""

DIGITS = 5
"""Digits that matter of a value of the matrix."""


@result(KIND, fingerprint=lambda _edition, _key: tables_print(), version=2)
def themes(_edition: Edition | None, _key: str, progress: Progress) -> dict[str, Any]:
    """What ``told`` says, by all tables at hand."""
    return told([*panels_of_series(), *table_panels(all_measured(progress))])


def told(panels: Iterable[Panel]) -> dict[str, Any]:
    """By theme: ``base`` year, ``numbers`` of the world by year, ``countries`` with their latest number after it,
    ``published``, ``indicators`` with the world's values and the ``matrix`` of all countries, and ``not_measured``."""
    return {name: _theme(theme) for name, theme in theme_matrix(panels).items()}


def _theme(theme: Theme) -> dict[str, Any]:
    numbers = numbers_of(theme)
    base = numbers[0].base or 0
    of_countries = {code: numbers_of(theme, code, base)[-1] for code in theme.countries} if base else {}
    return {
        "base": base or None,
        "numbers": [_number(row) for row in numbers if row.growth],
        "reason": numbers[-1].reason,
        "countries": {code: _number(row) for code, row in of_countries.items() if row.growth and row.year > base},
        "published": [asdict(row) for row in PUBLISHED if row.theme == theme.name],
        "indicators": [_indicator(panel, numbers[-1]) for panel in theme.panels],
        "not_measured": theme.not_measured,
    }


def _number(row: ThemeNumber) -> dict[str, Any]:
    assert row.growth is not None
    return {
        "year": row.year,
        "value": row.growth.value,
        "low": row.growth.low,
        "high": row.growth.high,
        "relatives": dict(row.growth.relatives),
    }


def _indicator(panel: Panel, number: ThemeNumber) -> dict[str, Any]:
    """An indicator by one source: the world in the base year and in the year of the theme's number, or in its latest.

    ``members`` says over how many countries; 0 where the source tells the world itself.
    """
    base, year = number.base, number.year
    pair = panel.pair(WORLD, base, year) if base is not None and number.growth else None
    before, value = pair or (None, None)
    if pair is None:
        worlds = panel.world_values
        measured = np.flatnonzero(np.isfinite(worlds))
        latest = int(measured[-1]) if measured.size else -1
        year = panel.years[latest]
        value = float(worlds[latest]) if measured.size else None
    return {
        "key": panel.indicator.key,
        "unit": panel.indicator.unit,
        "sense": panel.indicator.sense,
        "is_ratio": panel.indicator.is_ratio,
        "source": panel.source,
        "caution": panel.caution,
        "base": before,
        "value": value,
        "year": year,
        "members": 0 if panel.world is not None else panel.members(year),
        "matrix": _matrix(panel),
    }


def _matrix(panel: Panel) -> dict[str, Any]:
    """``years``, and by country its values; ``low`` and ``high`` where the indicator has an interval."""

    def by_country(grid: Any) -> dict[str, list[float | None]]:
        return {
            code: [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in row]
            for code, row in zip(panel.countries, grid.tolist(), strict=True)
            if any(np.isfinite(row))
        }

    matrix: dict[str, Any] = {"years": list(panel.years), "values": by_country(panel.values)}
    if panel.low is not None and panel.high is not None and not np.array_equal(panel.low, panel.high, equal_nan=True):
        matrix |= {"low": by_country(panel.low), "high": by_country(panel.high)}
    return matrix
