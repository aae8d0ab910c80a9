"""Pictures: what they draw, what they say in words, and that neither leaves anything out in silence."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from serai.cli import app
from serai.world.charts import (
    Picture,
    chain_origins,
    dependence_bars,
    dependence_map,
    losses_bars,
    losses_map,
    losses_over_time,
    properties_over_time,
    tile_map,
    welfare_against_risk,
    what_bound,
)
from serai.world.charts.tiles import tile_grid
from serai.world.classifications.countries import countries
from serai.world.measures import measure
from serai.world.measures.secure import origin_shares
from serai.world.readers import read
from serai.world.shocks import Result, Scenario, run
from serai.world.table import WorldTable

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def table() -> WorldTable:
    return read("oecd2023-g20/2019")


@pytest.fixture(scope="module")
def loss(table: WorldTable) -> Result:
    return run(table, Scenario("demand", {"share": 0.3, "destinations": ["CHN"]}, name="China buys 30 % less"))


@pytest.fixture(scope="module")
def bars(table: WorldTable) -> Picture:
    return dependence_bars(table, "CHN")


def test_every_country_has_one_tile_of_its_own() -> None:
    grid = tile_grid()
    assert set(grid) == set(countries())
    assert len(set(grid.values())) == len(grid)


def test_neighbours_are_near_on_the_grid() -> None:
    """Fiji lies by Tonga though the date line runs between them, and Portugal west of Spain or beside it."""
    grid = tile_grid()
    assert np.abs(np.subtract(grid["FJ"], grid["TO"])).max() <= 2
    assert grid["PT"][0] <= grid["ES"][0]
    assert grid["CA"][1] < grid["US"][1] < grid["MX"][1]


def test_the_bars_hold_the_largest_partners_in_order(table: WorldTable, bars: Picture) -> None:
    own = table.countries.index("CHN")
    shares = origin_shares(table)[:, own]
    others = sorted((share for place, share in enumerate(shares) if place != own), reverse=True)[:10]
    drawn = bars.data.filter(pl.col("relation") == "depends on")["share"].to_list()
    assert drawn == pytest.approx(others)


def test_the_map_of_pairs_leaves_only_the_own_share_out(table: WorldTable) -> None:
    data = dependence_map(table, most=5).data
    assert data.height == 25
    assert data.filter(pl.col("origin") == pl.col("destination"))["share"].null_count() == 5
    assert data["share"].null_count() == 5


def test_the_parts_of_a_chain_add_up_to_the_whole(table: WorldTable) -> None:
    picture = chain_origins(table, table.cells(industries=["C"]), "Things that are made")
    sums = picture.data.group_by("industry").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))
    assert "Manufacturing" in " ".join(picture.data["industry"].unique())


def test_a_chain_for_one_destination_counts_only_its_demand(table: WorldTable) -> None:
    cells = table.cells(industries=["C"])
    picture = chain_origins(table, cells, "Made for Mexico", destinations=["MEX"], most=1)
    whole = picture.data.filter(pl.col("industry") == "whole chain")
    demand = table.final[cells, table.countries.index("MEX")]
    content = (table.cell_origins[:, cells] * demand).sum(axis=1)
    assert whole["share"][0] == pytest.approx(content.max() / content.sum())


def test_properties_are_those_that_measure_gives(table: WorldTable) -> None:
    picture = properties_over_time([table], ["CHN", "DEU"], symbols=["S1", "M1"])
    found = {
        (record.country, record.symbol): (record.value, record.low, record.high)
        for record in measure(table, symbols=["S1", "M1"])
        if record.country in {"CHN", "DEU"}
    }
    drawn = {
        (row["country"], row["symbol"]): (row["value"], row["low"], row["high"]) for row in picture.data.to_dicts()
    }
    assert drawn == found


def test_what_is_not_measured_is_said_with_the_reason(table: WorldTable) -> None:
    picture = properties_over_time([table], ["CHN"], symbols=["D3"])
    assert "not measured" in picture.alternative
    assert "research" in picture.svg()


def test_a_value_outside_the_grid_is_said_in_words() -> None:
    picture = tile_map({"CHN": 3.0, "DEU": 1.0, "ROW": 9.0}, "Something", "%")
    assert picture.data["country"].to_list() == ["CN", "DE"]
    assert "Not on the grid: ROW 9." in picture.alternative


def test_tiles_show_values_of_zero_alone() -> None:
    assert tile_map({"CHN": 0.0}, "Nothing", "%").svg().startswith("<svg")


def test_losses_are_those_of_the_result(loss: Result) -> None:
    picture = losses_bars(loss)
    at = {row["country"]: row["share"] for row in picture.data.to_dicts()}
    assert at["CHN"] == pytest.approx(loss.share_of_gdp[loss.table.countries.index("CHN")])
    assert picture.data["share"].to_list() == sorted(picture.data["share"], reverse=True)
    assert losses_map(loss).data.height == len(loss.table.countries) - 1  # without the rest of the world


def test_a_model_without_time_has_no_picture_over_time(loss: Result) -> None:
    with pytest.raises(ValueError, match="has no time"):
        losses_over_time(loss)
    with pytest.raises(ValueError, match="does not say what bound"):
        what_bound(loss)


def test_what_costs_neither_income_nor_safety_is_named() -> None:
    picture = welfare_against_risk({"wall": (-1.0, -0.1), "road": (0.4, -0.2), "port": (0.3, 0.2)})
    assert picture.alternative.endswith("Neither income nor safety loses by road.")


def test_countries_are_named_in_the_readers_language(table: WorldTable) -> None:
    assert "中国" in dependence_bars(table, "CHN", language="zh-hans").title
    assert "世界其他地区" in dependence_bars(table, "CHN", language="zh-hans").alternative


def test_a_screen_reader_is_told_what_a_picture_shows(bars: Picture) -> None:
    drawn = ET.fromstring(bars.svg())
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title") == bars.title
    assert drawn.findtext(f"{SVG}desc") == bars.alternative


def test_a_page_needs_no_script_and_escapes_what_it_is_given() -> None:
    picture = welfare_against_risk({"<script>alert(1)</script>": (1.0, 0.0)}, title="<b>")
    assert "<script" not in picture.html()
    assert "<b>" not in picture.html()


def test_a_picture_is_saved_as_what_its_name_ends_with(bars: Picture, tmp_path: Path) -> None:
    for kind in ("svg", "png", "html", "json", "csv", "parquet"):
        bars.save(tmp_path / f"bars.{kind}")
    assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "bars.json").read_text())["description"] == bars.alternative
    assert pl.read_parquet(tmp_path / "bars.parquet").equals(bars.data)
    with pytest.raises(ValueError, match="ends with none of the formats"):
        bars.save(tmp_path / "bars.gif")


@pytest.mark.parametrize(
    "arguments",
    [["partners", "--country", "China"], ["tiles", "--symbol", "S2"], ["origins", "--chain", "smart-vehicle"]],
    ids=lambda arguments: arguments[0],
)
def test_the_command_draws_and_says_what_it_drew(arguments: list[str], tmp_path: Path) -> None:
    target = tmp_path / "picture.svg"
    result = CliRunner().invoke(app, ["world", "chart", *arguments, "--out", str(target)])
    assert result.exit_code == 0, result.output
    assert target.read_text().startswith("<svg")
    assert "%" in result.output or "unit" in result.output


@pytest.mark.parametrize("kind", ["bars", "tiles", "time", "bound"])
def test_a_shock_is_drawn_beside_its_answer(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "shock.csv"
    shock = ["world", "shock", "port-closure", "--set", "countries=JPN", "--set", "days=5", "--set", "horizon=20"]
    result = CliRunner().invoke(app, [*shock, "--chart", str(target), "--as", kind])
    assert result.exit_code == 0, result.output
    assert pl.read_csv(target).height > 0


def test_a_shock_without_days_is_not_drawn_over_time(tmp_path: Path) -> None:
    shock = ["world", "shock", "demand", "--set", "share=0.1", "--chart", str(tmp_path / "x.svg"), "--as", "time"]
    result = CliRunner().invoke(app, shock)
    assert result.exit_code == 2
    assert "has no time" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pie"], "There is no picture 'pie'"),
        (["partners"], "Name one country"),
        (["origins"], "Name a chain"),
        (["properties"], "Name one or more countries"),
        (["tiles", "--symbol", "Z9"], "There is no indicator 'Z9'"),
        (["tiles", "--symbol", "D3"], "not measured"),
        (["dependence", "--out", "picture.gif"], "ends with none of the formats"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["world", "chart", *arguments])
    assert result.exit_code == 2
    assert sentence in " ".join(result.output.replace("│", " ").split())
