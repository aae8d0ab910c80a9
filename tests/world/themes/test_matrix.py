"""The matrix of the themes and its numbers: on two countries by hand, and on the series in the package."""

from dataclasses import replace

import numpy as np
import pytest

from serai.world.measures import WORLD
from serai.world.readers.country_series import country_series
from serai.world.scorecards import Measured
from serai.world.themes import (
    INDICATORS_OF_THEMES,
    PUBLISHED,
    THEMES,
    TOO_FEW,
    Panel,
    base_year,
    numbers_of,
    panels_of_series,
    table_panels,
    theme_matrix,
    values_of,
)

YEARS = (2017, 2018, 2019)
SPREADS = {
    "exporters_of_goods": "goods_exports",
    "importers_of_goods": "goods_imports",
    "exporters_of_high_technology": "high_tech_exports",
    "countries_with_ports": "container_traffic",
}
BY_KEY = {indicator.key: indicator for indicator in INDICATORS_OF_THEMES}


def panel(key: str, top: list[list[float]], bottom: list[list[float]] | None = None) -> Panel:
    """An indicator of China and Kenya in three years."""
    below = np.ones((2, 3)) if bottom is None else np.array(bottom)
    return Panel(BY_KEY[key], "a source", ("CHN", "KEN"), YEARS, np.array(top), below)


TRADE = panel("trade_to_gdp", [[2, 4, 8], [1, 1, 1]], [[8, 8, 8], [2, 2, 2]])
CONTAINERS = panel("container_traffic", [[1, 1, 2], [3, 3, 3]])
PARTNERS = panel("agreement_partners", [[10, 10, 10], [20, 20, 40]])
TARIFFS = panel("tariffs", [[0.1, 0.1, 0.05], [0.2, 0.2, 0.0]])


def test_a_number_of_a_country_and_of_the_world_worked_by_hand() -> None:
    theme = theme_matrix([TRADE, CONTAINERS, PARTNERS])["connectivity"]
    china = {row.year: row.growth for row in numbers_of(theme, "CHN")}
    assert (base_year(theme), china[2018].value, china[2018].low, china[2018].high) == (2018, 1, 1, 1)  # type: ignore[union-attr]
    assert china[2019].relatives == {"trade_to_gdp": 2, "container_traffic": 2, "agreement_partners": 1}  # type: ignore[union-attr]
    assert china[2019].value == pytest.approx(4 ** (1 / 3))  # type: ignore[union-attr]
    world = numbers_of(theme)[-1].growth
    assert world is not None
    # Trade: (8 + 1) / 10 over (4 + 1) / 10; containers: 5 over 4; partners: 25 over 15.
    assert world.relatives == pytest.approx(
        {"trade_to_gdp": 1.8, "container_traffic": 1.25, "agreement_partners": 5 / 3}
    )


def test_less_is_better_turns_the_relative_round_and_zero_has_none() -> None:
    assert TARIFFS.relative("CHN", 2018, 2019) == pytest.approx(2)
    assert TARIFFS.relative("KEN", 2018, 2019) is None
    assert TARIFFS.relative("CHN", 2018, 2030) is None


def test_units_do_not_change_a_number() -> None:
    plain = theme_matrix([TRADE, CONTAINERS, PARTNERS])["connectivity"]
    scaled = theme_matrix([replace(TRADE, top=TRADE.top * 1e6), replace(CONTAINERS, top=CONTAINERS.top / 7), PARTNERS])
    for country in ("CHN", "KEN", WORLD):
        before, after = (numbers_of(theme, country)[-1].growth for theme in (plain, scaled["connectivity"]))
        assert before is not None
        assert after is not None
        assert after.value == pytest.approx(before.value)


def test_a_country_that_enters_between_the_years_does_not_change_the_world() -> None:
    with_gap = replace(TRADE, top=np.array([[2, 4, 8], [np.nan, np.nan, 500]]))
    assert with_gap.relative(WORLD, 2018, 2019) == 2
    assert with_gap.members(2019) == 2


def test_the_world_is_not_told_by_few_of_its_countries() -> None:
    left = replace(TRADE, top=np.array([[2, 4, np.nan], [1, 1, 1]]))  # the rest holds 2 of the 10 below
    assert left.relative(WORLD, 2018, 2019) is None


def test_fewer_than_three_indicators_give_no_number_and_a_score_is_none_of_them() -> None:
    theme = theme_matrix([TRADE, CONTAINERS])["connectivity"]
    (row,) = numbers_of(theme)
    assert (row.growth, row.reason) == (None, TOO_FEW)
    score = panel("political_stability", [[1, 1, 2], [1, 1, 2]])
    assert all(not panel.indicator.is_ratio for panel in theme_matrix([score])["resilience"].panels)
    assert base_year(theme_matrix([score])["resilience"]) is None


def test_all_years_of_a_number_are_of_the_same_indicators() -> None:
    short = replace(PARTNERS, top=np.array([[10, 10, np.nan], [20, 20, np.nan]]))
    fourth = Panel(BY_KEY["I2"], "a source", ("CHN", "KEN"), YEARS, np.full((2, 3), 0.4), np.ones((2, 3)))
    theme = theme_matrix([TRADE, CONTAINERS, short, fourth])["connectivity"]
    sets = {frozenset(row.growth.relatives) for row in numbers_of(theme) if row.growth}
    assert sets == {frozenset({"trade_to_gdp", "container_traffic", "I2"})}


def test_tables_of_one_reader_are_one_source_and_those_of_another_are_not_joined_to_them() -> None:
    def table(name: str, year: int, value: float) -> Measured:
        values = {"S1": {"CHN": (value, value / 2, value * 2), "KEN": (0.5, 0.5, 0.5)}}
        return Measured(name, year, name, "a citation", ("CHN", "KEN"), {"CHN": 3.0, "KEN": 1.0}, values, {}, {})

    old, new, other = table("wiod/2000", 2000, 0.2), table("wiod/2001", 2001, 0.1), table("icio/2022", 2022, 0.3)
    wiod, icio = table_panels([new, old, other])
    assert (wiod.years, icio.years) == ((2000, 2001), (2022,))
    assert wiod.relative("CHN", 2000, 2001) == pytest.approx(2)  # half the concentration is twice as good
    assert wiod.world_values[0] == pytest.approx((3 * 0.2 + 0.5) / 4)  # weighted by value added
    china, kenya = list(values_of(theme_matrix([wiod])["resilience"], ["CHN", "KEN"]))[::2]
    assert (china.low, china.high, kenya.low) == (pytest.approx(0.1), pytest.approx(0.4), None)


def test_an_effective_number_worked_by_hand() -> None:
    # 2018: shares 1/2, 1/4, 1/4, so 1 / (1/4 + 1/16 + 1/16); a year later three of the same size, the fourth unknown.
    amounts = np.array([[4.0, 2.0], [2.0, 2.0], [2.0, 2.0], [np.nan, 90.0]])
    none = np.empty((0, 2))
    spread = Panel(BY_KEY["exporters_of_goods"], "a source", (), (2018, 2019), none, none, amounts=amounts)
    assert spread.world_values[0] == pytest.approx(8 / 3)
    assert spread.relative(WORLD, 2018, 2019) == pytest.approx(3 / (8 / 3))
    assert (spread.members(2018), spread.members(2019)) == (3, 4)
    assert spread.relative("CHN", 2018, 2019) is None
    few = replace(spread, amounts=np.array([[4.0, np.nan], [2.0, 2.0], [2.0, 2.0]]))
    assert few.relative(WORLD, 2018, 2019) is None  # those with both years held half of the base year


def test_resilience_of_the_world_is_recomputed_from_the_series() -> None:
    theme = theme_matrix(panels_of_series())["resilience"]
    number = numbers_of(theme)[-1]
    assert number.growth is not None
    assert (number.base, set(number.growth.relatives)) == (2018, SPREADS.keys())
    by_hand = {}
    for key, name in SPREADS.items():
        values = country_series(name).values.values()
        pairs = [(of[2018], of[number.year]) for of in values if 2018 in of and number.year in of]
        totals = [sum(column) for column in zip(*pairs, strict=True)]
        then, now = (sum((pair[at] / totals[at]) ** 2 for pair in pairs) for at in (0, 1))
        by_hand[key] = then / now
    assert number.growth.relatives == pytest.approx(by_hand, rel=1e-4)
    assert number.growth.value == pytest.approx(np.prod(list(by_hand.values())) ** 0.25, rel=1e-4)
    assert (number.growth.low, number.growth.high) == pytest.approx(
        (min(by_hand.values()), max(by_hand.values())), rel=1e-4
    )


def test_the_series_of_the_package_as_read_by_hand() -> None:
    panels = {panel.indicator.key: panel for panel in panels_of_series()}
    exports, imports, gdp = (
        country_series(name).values["DEU"][2019] for name in ("goods_exports", "goods_imports", "gdp")
    )
    trade = panels["trade_to_gdp"]
    assert trade.values[trade.countries.index("DEU"), trade.years.index(2019)] == pytest.approx(
        (exports + imports) / gdp
    )
    patents = panels["patents"]
    china = patents.values[patents.countries.index("CHN"), patents.years.index(2021)]
    assert china == pytest.approx(1_585_663 / 1_412_360_000 * 1e6, rel=1e-3)  # WIPO's total over the population
    scores = panels["political_stability"]
    assert np.isnan(scores.world_values).all()  # centred on the world: a mean of zero says nothing
    assert 0.01 < panels["single_source_nodes"].world_values[0] < 0.3


def test_every_theme_has_a_number_or_says_why_and_a_published_index_beside_it() -> None:
    matrix = theme_matrix(panels_of_series())
    assert tuple(matrix) == THEMES == tuple(row.theme for row in PUBLISHED)
    for theme in matrix.values():
        for row in numbers_of(theme):
            assert (row.growth is None) == bool(row.reason)
            assert row.growth is None or row.growth.low <= row.growth.value <= row.growth.high
        assert all(reason.endswith((".", "R2.", "R4.")) for reason in theme.not_measured.values())
    assert all(numbers_of(theme)[-1].growth for theme in matrix.values())
