"""Scorecards say of countries, groups and cells what the indicators say, and why something is not measured."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.measures import WORLD, measure
from serai.world.readers import read
from serai.world.readers.country_series import country_series
from serai.world.scorecards import (
    NO_TABLE,
    ONE_A_PROPERTY,
    YEARLY,
    Measured,
    advantages_of,
    chains_of_the_package,
    export_advantages,
    makers_of_chains,
    measured,
    nodes_in_reach,
    nodes_made,
    of_all,
    of_country,
    of_group,
    reach_at_hand,
    tables_at_hand,
    yearly,
)
from serai.world.table import WorldTable
from serai.world.trade import Exports, read_exports


@pytest.fixture(scope="module")
def leather() -> WorldTable:
    return read("leather/2015")


@pytest.fixture(scope="module")
def of_leather(leather: WorldTable) -> Measured:
    return measured(leather, "leather/2015")


def test_a_country_has_the_values_that_the_indicators_give(leather: WorldTable, of_leather: Measured) -> None:
    rows = {row.symbol: row for row in of_country([of_leather], "DEU")}
    of_germany = [record for record in measure(leather) if record.country == "DEU"]
    asked = {record.symbol: record for record in of_germany if record.value is not None}
    assert set(asked) == {symbol for symbol, row in rows.items() if row.points}
    for symbol, record in asked.items():
        (point,) = rows[symbol].points
        assert point.value == record.value
        assert (point.low, point.high) == (record.low, record.high)
    assert set(ONE_A_PROPERTY) <= set(rows)


def test_what_is_not_measured_says_why(of_leather: Measured) -> None:
    rows = {row.symbol: row for row in of_country([of_leather], "DEU")}
    assert rows["G2"].points == ()
    assert rows["G2"].reason == "The table has no extension 'emissions'."
    elsewhere = of_country([of_leather], "KEN")
    assert {row.reason for row in elsewhere} == {NO_TABLE}


def test_a_group_is_the_mean_of_its_members_by_value_added_between_lowest_and_highest(
    leather: WorldTable, of_leather: Measured
) -> None:
    rows = {row.symbol: row for row in of_group([of_leather], {"ARG", "DEU", "KEN"})}
    added = dict(zip(leather.countries, leather.by_country(leather.v), strict=True))
    for symbol in ("S1", "O2", "B2"):
        (point,) = rows[symbol].points
        values = {code: of_leather.values[symbol][code][0] for code in ("ARG", "DEU")}
        mean = (values["ARG"] * added["ARG"] + values["DEU"] * added["DEU"]) / (added["ARG"] + added["DEU"])
        assert point.value == pytest.approx(mean)
        assert (point.low, point.high) == (min(values.values()), max(values.values()))
        assert point.members == 2


def test_all_countries_are_the_world_or_the_median_with_the_middle_half(of_leather: Measured) -> None:
    rows = {row.symbol: row for row in of_all([of_leather])}
    values = [value[0] for code, value in of_leather.values["S1"].items() if code != WORLD]
    (point,) = rows["S1"].points
    assert point.value == pytest.approx(np.median(values))
    assert (point.low, point.high) == pytest.approx(tuple(np.quantile(values, [0.25, 0.75])))
    (of_the_world,) = rows["R1"].points
    assert of_the_world.value == of_leather.values["R1"][WORLD][0]


def test_tables_at_hand_are_real_ones_by_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERAI_DATA", raising=False)
    names = tables_at_hand()
    years = [int(name.rpartition("/")[2]) for name in names]
    assert {"oecd2023-g20/2019", "icio/2022"} <= set(names)
    assert "leather/2015" not in names
    assert years == sorted(years)


def test_advantages_of_one_country_are_the_published_ratio_and_of_all_are_one(leather: WorldTable) -> None:
    advantage, shares = export_advantages(leather)
    assert shares.sum(axis=0) == pytest.approx(1)
    for place, code in enumerate(leather.countries):
        rows = advantages_of(leather, [code])
        assert [row.advantage for row in rows] == sorted((v for v in advantage[place] if v >= 1), reverse=True)
    assert all(row.advantage == pytest.approx(1) for row in advantages_of(leather, leather.countries))


@pytest.mark.parametrize("key", YEARLY)
def test_every_yearly_figure_is_that_of_its_series(key: str) -> None:
    figure = YEARLY[key]
    by_year = yearly(figure, ["CHN"])
    year = max(by_year)
    total = sum(country_series(name).values["CHN"][year] for name in figure.series)
    whole = country_series(figure.over).values["CHN"][year] if figure.over else 1.0
    assert by_year[year] == (pytest.approx(figure.scale * total / whole), 1)


def test_a_ratio_of_several_countries_is_that_of_their_sums() -> None:
    figure = YEARLY["trade_to_gdp"]
    exports, imports, gdp = (country_series(name).values for name in ("goods_exports", "goods_imports", "gdp"))
    codes = ("KEN", "CHN")
    expected = sum(exports[code][2020] + imports[code][2020] for code in codes) / sum(gdp[code][2020] for code in codes)
    assert yearly(figure, codes)[2020] == (pytest.approx(expected), 2)


def test_nodes_are_made_by_their_makers_and_in_reach_of_others(leather: WorldTable) -> None:
    chains = [chain for chain in chains_of_the_package() if chain.slug == "clean-energy"]
    makers = makers_of_chains(chains, leather)
    made = nodes_made(makers, ["CHN"])
    assert [row.share for row in made] == sorted((row.share for row in made), reverse=True)
    for row in made:
        named = makers[row.chain, row.node].named
        assert row.share == named["CHN"]
        assert row.rank == 1 + sum(share > named["CHN"] for share in named.values())
    (node,) = [node for node in chains[0].nodes if node.code == "solar-wafers"]
    values = np.array([[9.0, 0.0, 9.0], [0.0, 8.0, 1.0], [5.0, 5.0, 0.0]])
    exports = Exports(("CHN", "KEN", "VNM"), (node.hs[0], "0901", "9999"), values, 2020)
    reach = {row.node: row for row in nodes_in_reach(makers, chains, ["KEN"], exports)}
    assert reach["solar-wafers"].density == exports.density[1, 0] > 0
    assert "solar-wafers" not in {row.node for row in nodes_in_reach(makers, chains, ["CHN"], exports)}


def test_nodes_in_reach_are_known_of_small_and_least_developed_countries_without_exports_at_hand(
    leather: WorldTable,
) -> None:
    chains = chains_of_the_package()
    makers = makers_of_chains(chains, leather)
    for code in ("KEN", "RWA", "NPL", "MWI", "DEU"):
        rows = nodes_in_reach(makers, chains, [code])
        assert len(rows) > 10, code
        assert [row.density for row in rows] == sorted((row.density for row in rows), reverse=True)
        assert all(0 < row.density < 1 and row.country == code for row in rows)
        assert all(makers[row.chain, row.node].named.get(code, 0.0) < 0.01 for row in rows)
    assert nodes_in_reach(makers, chains, ["TUV"]) == []
    assert "TUV" not in reach_at_hand(None).countries  # it exports less than 10 million US$


def test_the_reach_of_the_package_is_that_of_the_exports_it_was_made_from(real_data: Path) -> None:
    exports, packed = read_exports(real_data / "exports/hs4_exports_2017.parquet"), reach_at_hand(None)
    rows = [packed.countries.index(code) for code in exports.countries]
    columns = [exports.products.index(heading) for heading in packed.headings]
    np.testing.assert_allclose(packed.density[rows], exports.density[:, columns], atol=0.0051)
    np.testing.assert_array_equal(packed.is_able[rows], exports.able[:, columns])
