"""Which indicators each theme holds, how each is read, and which of them may enter a number of growth.

`sense` is that of the theme: more borders crossed is more connected, whatever else it means.
"""

from collections.abc import Mapping
from dataclasses import dataclass

THEMES = ("connectivity", "resilience", "promotion", "innovation")


@dataclass(frozen=True)
class ThemeIndicator:
    """An indicator of a theme: of tables by its `symbol`, or of `series` by country and year.

    The sum of the `series` is divided by the series `over`. Where there is none, the world's value is the mean over
    countries weighted by the series `weight`, or the plain mean. `is_ratio` says that it is positive and has a true
    zero, so that its relatives mean something; a score, or what passes zero, stands beside the number of the theme.
    `of_world` is False for scores that are centred on the world, whose mean says nothing. `is_spread` says that the
    world's value is the effective number of countries among which the series is shared; no country has one.
    """

    key: str
    theme: str
    sense: int
    unit: str
    symbol: str = ""
    series: tuple[str, ...] = ()
    over: str = ""
    weight: str = ""
    is_ratio: bool = True
    of_world: bool = True
    is_spread: bool = False


SINGLE_SOURCE = ThemeIndicator("single_source_nodes", "resilience", -1, "1")
"""The part of the nodes of all chains in the package of which one country makes 70 % or more; the world's alone."""


def _of_table(symbol: str, theme: str, sense: int, unit: str = "1", *, is_ratio: bool = True) -> ThemeIndicator:
    return ThemeIndicator(symbol, theme, sense, unit, symbol=symbol, is_ratio=is_ratio)


def _spread(key: str, series: str) -> ThemeIndicator:
    return ThemeIndicator(key, "resilience", 1, "countries", series=(series,), is_spread=True)


INDICATORS_OF_THEMES: tuple[ThemeIndicator, ...] = (
    ThemeIndicator("trade_to_gdp", "connectivity", 1, "1", series=("goods_exports", "goods_imports"), over="gdp"),
    ThemeIndicator(
        "container_traffic", "connectivity", 1, "per person", series=("container_traffic",), over="population"
    ),
    ThemeIndicator("liner_shipping_connectivity", "connectivity", 1, "index", series=("liner_shipping_connectivity",)),
    ThemeIndicator("agreement_partners", "connectivity", 1, "countries", series=("agreement_partners",)),
    _of_table("M1", "connectivity", -1, "1 (tariff equivalent)"),
    _of_table("M2", "connectivity", 1, "crossings"),
    _of_table("M4", "connectivity", 1),
    _of_table("I2", "connectivity", 1),
    _of_table("S1", "resilience", -1),
    _of_table("S2", "resilience", -1),
    _of_table("S3", "resilience", -1),
    _of_table("S4", "resilience", -1, "visits a chain"),
    _of_table("S6", "resilience", -1),
    _of_table("R1", "resilience", -1),
    ThemeIndicator(
        "political_stability",
        "resilience",
        1,
        "-2.5 to 2.5",
        series=("governance_political_stability",),
        is_ratio=False,
        of_world=False,
    ),
    SINGLE_SOURCE,
    _spread("exporters_of_goods", "goods_exports"),
    _spread("importers_of_goods", "goods_imports"),
    _spread("exporters_of_high_technology", "high_tech_exports"),
    _spread("countries_with_ports", "container_traffic"),
    ThemeIndicator("tariffs", "promotion", -1, "1", series=("tariff_applied_weighted",), weight="goods_imports"),
    ThemeIndicator("broadband", "promotion", 1, "per 100 people", series=("broadband",), weight="population"),
    ThemeIndicator(
        "secure_servers", "promotion", 1, "per million people", series=("secure_servers",), weight="population"
    ),
    ThemeIndicator(
        "logistics_performance", "promotion", 1, "1 to 5", series=("logistics_performance",), is_ratio=False
    ),
    ThemeIndicator(
        "regulatory_quality",
        "promotion",
        1,
        "-2.5 to 2.5",
        series=("governance_regulatory_quality",),
        is_ratio=False,
        of_world=False,
    ),
    ThemeIndicator("research", "innovation", 1, "% of GDP", series=("research_share",), weight="gdp"),
    ThemeIndicator("patents", "innovation", 1, "per million people", series=("patents",), over="population"),
    ThemeIndicator("high_technology", "innovation", 1, "1", series=("high_tech_exports",), over="goods_exports"),
    _of_table("D1", "innovation", 1),
    _of_table("D3", "innovation", 1),
    _of_table("D4", "innovation", 1, "standard deviations", is_ratio=False),
    _of_table("D5", "innovation", 1, "classes"),
)
"""By theme, in the order in which they are shown."""

SCALES: Mapping[str, float] = {"patents": 1e6}
"""What an indicator is multiplied by to be in its unit."""

NOT_HAD: Mapping[str, Mapping[str, str]] = {
    "connectivity": {},
    "resilience": {
        "R2": "It solves a model of disruptions for one table: serai world measure --symbol R2.",
        "R4": "It solves a model of trade for one table: serai world measure --symbol R4.",
        "time_to_survive": "Nobody publishes the stocks that makers hold.",
    },
    "promotion": {
        "finance": "No series of trade finance or supply chain finance by country is public under open terms.",
    },
    "innovation": {},
}
"""What belongs to a theme by its published description and is measured here for no country, with the reason."""
