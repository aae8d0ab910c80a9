"""The matrix of the themes, by country and year, and the number of each theme as growth against a base year."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from serai.world.measures import WORLD
from serai.world.themes.growth import Growth, growth
from serai.world.themes.indicators import INDICATORS_OF_THEMES, NOT_HAD, THEMES, ThemeIndicator
from serai.world.themes.panels import Panel

BASE_YEAR = 2018
"""The base year of the published indices."""

LEAST_INDICATORS = 3
"""Below which a theme has no number."""

TOO_FEW = "Fewer than three indicators that one source gives in both years: no number."
NO_SOURCE = "No source at hand gives it."


@dataclass(frozen=True)
class ThemeValue:
    """One value of the matrix; `low` and `high` are None where the source states no interval.

    `members` says of how many countries the world's value is made, 0 where the source gives the world itself.
    """

    theme: str
    indicator: str
    country: str
    year: int
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    members: int = 1
    caution: str = ""


@dataclass(frozen=True)
class ThemeNumber:
    """The number of a theme for a country in a year, the base year being 1; `growth` is None where there is none."""

    theme: str
    country: str
    base: int | None
    year: int
    growth: Growth | None
    reason: str = ""


@dataclass(frozen=True)
class Theme:
    """A theme: its panels, and why its other indicators are not measured, by their keys."""

    name: str
    panels: tuple[Panel, ...]
    not_measured: dict[str, str]

    @property
    def countries(self) -> tuple[str, ...]:
        """Every country with a value of an indicator, by alpha-3 code."""
        return tuple(sorted({code for panel in self.panels for code in panel.countries}))

    @cached_property
    def compared(self) -> tuple[Panel, ...]:
        """The panels whose relatives mean something, those with more countries first."""
        ratios = (panel for panel in self.panels if panel.indicator.is_ratio)
        return tuple(sorted(ratios, key=lambda panel: -len(panel.countries)))


def theme_matrix(panels: Iterable[Panel]) -> dict[str, Theme]:
    """The themes by name, with all panels at hand in the order of their indicators."""
    at_hand = list(panels)
    return {
        name: Theme(
            name,
            tuple(panel for indicator in _of(name) for panel in at_hand if panel.indicator == indicator),
            {
                indicator.key: NO_SOURCE
                for indicator in _of(name)
                if all(panel.indicator != indicator for panel in at_hand)
            }
            | dict(NOT_HAD[name]),
        )
        for name in THEMES
    }


def _of(theme: str) -> list[ThemeIndicator]:
    return [indicator for indicator in INDICATORS_OF_THEMES if indicator.theme == theme]


def values_of(theme: Theme, countries: Sequence[str] | None = None) -> Iterator[ThemeValue]:
    """The values of a theme by indicator, country and year: of all countries and the world, or of these."""
    for panel in theme.panels:
        about = (panel.indicator.unit, panel.source)
        if countries is None or WORLD in countries:
            for year, value in zip(panel.years, panel.world_values.tolist(), strict=True):
                if np.isfinite(value):
                    members = panel.members(year) if panel.world is None else 0
                    place = (theme.name, panel.indicator.key, WORLD, year)
                    yield ThemeValue(*place, value, None, None, *about, members, panel.caution)
        values = panel.values
        for row, code in enumerate(panel.countries):
            if countries is not None and code not in countries:
                continue
            for column, year in enumerate(panel.years):
                if np.isfinite(values[row, column]):
                    low, high = _bounds(panel, row, column)
                    place = (theme.name, panel.indicator.key, code, year)
                    yield ThemeValue(*place, float(values[row, column]), low, high, *about, caution=panel.caution)


def _bounds(panel: Panel, row: int, column: int) -> tuple[float | None, float | None]:
    """The interval, where there is one: an indicator without a parameter has both ends at its value."""
    if panel.low is None or panel.high is None or panel.low[row, column] == panel.high[row, column]:
        return None, None
    return float(panel.low[row, column]), float(panel.high[row, column])


def base_year(theme: Theme, wanted: int = BASE_YEAR) -> int | None:
    """The base year of a theme: the wanted one, else the first for which the world has a number of a later year."""
    years = sorted({year for panel in theme.compared for year in panel.years})
    for base in (wanted, *years):
        if any(len(_relatives(theme, WORLD, base, year)) >= LEAST_INDICATORS for year in years if year > base):
            return base
    return None


def numbers_of(theme: Theme, country: str = WORLD, base: int | None = None) -> list[ThemeNumber]:
    """The number of a theme for a country by year, the earliest first; one without growth that says why there is none.

    `country` is an alpha-3 code or WORLD. Every year is compared with `base` alone, and all years by the same
    indicators: those that one source gives in the base year and in the latest year that has enough of them.
    """
    base = base_year(theme) if base is None else base
    if base is None:
        latest = max((year for panel in theme.panels for year in panel.years), default=0)
        return [ThemeNumber(theme.name, country, None, latest, None, TOO_FEW)]
    years = sorted({year for panel in theme.panels for year in panel.years})
    by_year = {year: _relatives(theme, country, base, year) for year in years}
    enough = [year for year in years if year != base and len(by_year[year]) >= LEAST_INDICATORS]
    if not enough:
        return [ThemeNumber(theme.name, country, base, max(years, default=base), None, TOO_FEW)]
    keys = by_year[enough[-1]].keys()
    return [
        ThemeNumber(theme.name, country, base, year, growth({key: relatives[key] for key in keys}))
        for year, relatives in by_year.items()
        if keys <= relatives.keys()
    ]


def _relatives(theme: Theme, country: str, base: int, year: int) -> dict[str, float]:
    """The relatives by indicator; of two sources that have both years, the one with more countries."""
    relatives: dict[str, float] = {}
    for panel in theme.compared:
        key = panel.indicator.key
        if key not in relatives and (relative := panel.relative(country, base, year)) is not None:
            relatives[key] = relative
    return relatives
