"""The indicators of each table of the world at hand, for all countries, and the four themes made of them. Without
words.

They are computed once and stored.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.stored_results import NotComputable, digest, needed, result
from serai.world.measures import WORLD
from serai.world.progress import Progress
from serai.world.readers import READERS, TableNotHere, read
from serai.world.scorecards import Measured, measured, tables_at_hand
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

KIND = "world-measures"
"""World-wide, by the name of a table."""

MEASURING = gettext_noop("Measuring the tables of the world")
"""What is told of the progress; who reads it need not know the names of tables."""


@result(KIND, fingerprint=lambda _edition, key: key)
def world_measures(_edition: Edition | None, name: str, progress: Progress) -> dict[str, Any]:
    """The fields of `serai.world.scorecards.Measured`."""
    progress(MEASURING, 0.1)
    try:
        table = read(name)
    except TableNotHere as error:
        raise NotComputable(str(error)) from None
    progress(MEASURING, 0.3)
    return asdict(measured(table, name))


def all_measured(progress: Progress) -> list[Measured]:
    """The indicators of all tables at hand, the earliest year first. For tasks: the first time it takes seconds."""
    names = tables_at_hand()
    tables = []
    for place, name in enumerate(names):
        progress(MEASURING, place / len(names))
        tables.append(as_measured(needed(None, KIND, name)))
    return tables


def as_measured(data: dict[str, Any]) -> Measured:
    """What was stored, as the library knows it."""
    values = {
        symbol: {country: (value[0], value[1], value[2]) for country, value in of_country.items()}
        for symbol, of_country in data["values"].items()
    }
    return Measured(**data | {"values": values, "countries": tuple(data["countries"])})


def tables_print() -> str:
    """What changes when another table, or another year, comes to this machine."""
    return digest(tables_at_hand(), sorted(READERS))


THEMES_KIND = "themes"
"""World-wide."""

DIGITS = 5
"""Digits that matter of a value of the matrix."""


@result(THEMES_KIND, fingerprint=lambda _edition, _key: tables_print(), version=2)
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
