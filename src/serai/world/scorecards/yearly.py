"""Figures that are counted by country and year, each beside the property of which it speaks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from serai.world.readers.country_series import country_series


@dataclass(frozen=True)
class YearlyFigure:
    """A figure by country and year from one source: what it is read from, and of which property it speaks.

    `sense` is that of an indicator. `over` names the series by which the sum of the others is divided.
    """

    key: str
    property: str
    series: tuple[str, ...]
    sense: int
    unit: str
    over: str = ""
    scale: float = 1.0


EMISSIONS = (
    *("emissions_agriculture", "emissions_buildings", "emissions_fuel_exploitation", "emissions_industrial_combustion"),
    *("emissions_power", "emissions_processes", "emissions_transport", "emissions_waste"),
)

YEARLY: Mapping[str, YearlyFigure] = {
    figure.key: figure
    for figure in (
        YearlyFigure("political_stability", "stable", ("governance_political_stability",), 1, "-2.5 to 2.5"),
        YearlyFigure("logistics_performance", "smooth", ("logistics_performance",), 1, "1 to 5"),
        YearlyFigure("liner_shipping_connectivity", "smooth", ("liner_shipping_connectivity",), 1, "index"),
        YearlyFigure("container_traffic", "smooth", ("container_traffic",), 1, "per person", "population"),
        YearlyFigure("regulatory_quality", "efficient", ("governance_regulatory_quality",), 1, "-2.5 to 2.5"),
        YearlyFigure("trade_to_gdp", "open", ("goods_exports", "goods_imports"), 1, "1", "gdp"),
        YearlyFigure("tariffs", "open", ("tariff_applied_weighted",), -1, "1"),
        YearlyFigure("agreement_partners", "mutual", ("agreement_partners",), 1, "countries"),
        YearlyFigure("emission_intensity", "green", EMISSIONS, -1, "kg CO2 per US$", "gdp", 1e9),
        YearlyFigure("broadband", "digital", ("broadband",), 1, "per 100 people"),
        YearlyFigure("research", "digital", ("research_share",), 1, "% of GDP"),
        YearlyFigure("high_technology", "digital", ("high_tech_exports",), 1, "1", "goods_exports"),
    )
}
"""The figures by year in the package, by key."""


def yearly(figure: YearlyFigure, codes: Collection[str]) -> dict[int, tuple[float, int]]:
    """A figure by year with the number of countries in it: of one country, or of several taken together.

    Ratios are those of the sums over the countries that have all series of the year; other figures are means of the
    countries that have them.
    """
    parts = [country_series(name).values for name in figure.series]
    below = country_series(figure.over).values if figure.over else None
    by_year: dict[int, list[tuple[float, float]]] = {}
    for code in sorted(codes):
        years = set.intersection(*(set(part.get(code, {})) for part in parts))
        for year in years if below is None else years & set(below.get(code, {})):
            value = sum(part[code][year] for part in parts)
            by_year.setdefault(year, []).append((value, 1.0 if below is None else below[code][year]))
    return {
        year: (figure.scale * sum(value for value, _ in rows) / sum(whole for _, whole in rows), len(rows))
        for year, rows in sorted(by_year.items())
    }


def yearly_source(figure: YearlyFigure) -> str:
    """The sources of a figure."""
    names = (*figure.series, *([figure.over] if figure.over else []))
    return "; ".join(dict.fromkeys(country_series(name).source for name in names))
