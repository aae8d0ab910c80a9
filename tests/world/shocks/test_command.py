"""`serai world shock` and `serai world ensemble` say what the library finds, and refuse wrong use in a sentence."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from serai.world.command import app
from serai.world.readers import read
from serai.world.shocks import SHOCKS, Scenario
from serai.world.shocks import run as answer
from serai.world.shocks.ensemble import parse_ensemble, read_outcome
from serai.world.shocks.scenarios import UnreadableScenario, named_scenarios

ENSEMBLE = """
[[scenario]]
kind = "shortage"
probability = 0.5
[scenario.draw]
share = { low = 0.1, high = 0.9 }
countries = { among = "countries" }
"""


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_shock_without_a_name_lists_scenarios_and_kinds() -> None:
    said = run("shock").stdout
    assert all(name in said for name in named_scenarios())
    assert all(declared.question in said for declared in SHOCKS.values())
    assert [each["name"] for each in json.loads(run("shock", "--json").stdout)] == list(named_scenarios())


def test_shock_says_question_horizon_losses_bounds_status_limits_and_sources() -> None:
    said = run("shock", "mineral-shortage", "--set", "countries=Australia,CHN", "--most", "3").stdout
    declared = SHOCKS["shortage"]
    assert declared.question in said
    assert declared.horizon in said
    assert all(limit in said for limit in declared.limits)
    assert declared.sources[0] in said
    assert "countries = ['AUS', 'CHN']" in said
    assert "held back by" in said
    assert "Status: solved; residual" in said
    assert "and 78 more" in said


def test_a_kind_tells_its_parameters_and_what_they_may_be() -> None:
    said = " ".join(run("shock", "earthquake", "--about").stdout.split())
    declared = SHOCKS["inventory"]
    assert declared.question in said
    assert "Asks for: countries" in said
    assert "a number from 0 to 1" in said
    assert "{ isic F = 0.7, isic C = 0.3 }" in said
    records = json.loads(run("shock", "shortage", "--about", "--json").stdout)
    assert [each["parameter"] for each in records] == list(SHOCKS["shortage"].parameters)


def test_shock_gives_a_program_the_whole_answer(tmp_path: Path) -> None:
    parameters = {
        "share": 0.5,
        "countries": ["CHN"],
        "horizon": 20,
        "behaviour": {"stock_days": 20, "ordering": "noalt"},
    }
    settings = ["share=0.5", "countries=CHN", "horizon=20", "behaviour.stock_days=20", "behaviour.ordering=noalt"]
    options = [part for setting in settings for part in ("--set", setting)]
    path = tmp_path / "losses.parquet"
    found = json.loads(run("shock", "inventory", *options, "--json", "--parquet", str(path)).stdout)
    result = answer(read(), Scenario("inventory", parameters))
    assert found["scenario"]["parameters"] == parameters
    assert found["total"] == result.total
    losses = {each["country"]: each["value_added_lost"] for each in found["countries"]}
    assert losses == dict(zip(read().countries, result.loss_by_country.tolist(), strict=True))
    assert len(found["over_time"]["CHN"]) == 20
    assert sum(each["share"] for each in found["held_back_by"]) <= 1 + 1e-9
    assert pl.read_parquet(path)["value_added_lost"].to_list() == [
        each["value_added_lost"] for each in found["countries"]
    ]


def test_ensemble_writes_its_folder_and_says_what_is_at_risk(tmp_path: Path) -> None:
    file, out = tmp_path / "some.toml", tmp_path / "out"
    file.write_text(ENSEMBLE, encoding="utf-8")
    arguments = ("ensemble", str(file), "--draws", "60", "--out", str(out), "--table", "leather", "--jobs", "1")
    result = run(*arguments, "--json")
    records = json.loads(result.stdout)
    losses = read_outcome(out).loss
    assert records[0]["country"] == "world"
    assert records[0]["expected"] == pytest.approx(losses.sum() / 60)
    assert records[0]["expected_low"] < records[0]["expected"] < records[0]["expected_high"]
    assert "MiB of memory in all, however many draws" in result.stderr
    nothing = parse_ensemble(ENSEMBLE, "").draw(read("leather"), 60).count(None)
    said = run(*arguments).stdout
    assert f"60 draws, {nothing} of nothing" in said
    assert "TUR" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["shock", "comet"], "neither a scenario nor a file 'comet'"),
        (["shock", "decoupling"], "asks for 'blocs'"),
        (["shock", "shortage"], "needs 'share'"),
        (["shock", "shortage", "--set", "share"], "--set takes KEY=VALUE"),
        (["shock", "shortage", "--set", "size=3"], "no parameter 'size'; it has share: share of capacity"),
        (["shock", "shortage", "--set", "share=3"], "'share' is a number from 0 to 1, not 3"),
        (["shock", "shortage", "--set", "share=0.1", "--set", "countries=Atlantis"], "no country 'Atlantis'"),
        (["shock", "decoupling", "--set", "blocs=CHN/Atlantis"], "'Atlantis'"),
        (["shock", "shortage", "--set", "share=0.1", "--set", "essential=7.5"], "no industry '7.5'"),
        (
            ["shock", "inventory", "--set", "share=0.1", "--set", "days=1.5"],
            "'days' is a whole number from 1 to 36,525",
        ),
        (["shock", "port-closure"], "asks for 'countries': countries of the cells that are hit. Most of"),
        (["shock", "shortage", "--chart", "no/such/folder/x.svg"], "x.svg cannot be written: its folder is not there"),
        (["shock", "shortage", "--chart", "x.bmp"], "x.bmp ends with none of the formats svg"),
        (["shock", "shortage", "--chart", "x.svg", "--as", "pie"], "no picture 'pie' of a shock; there are bars"),
        (["shock", "supply", "--set", "share=0.1", "--parquet", "no/such/x.parquet"], "cannot be written"),
        (["chart", "dependence", "--out", "no/such/folder/x.svg"], "x.svg cannot be written: its folder is not there"),
        (["chart", "tiles", "--language", "xx"], "no language 'xx'"),
        (["info", "wiod2013"], "'wiod2013' needs a year, such as wiod2013/2011"),
        (["ensemble", "none.toml", "--draws", "3", "--out", "out"], "no file 'none.toml'"),
    ],
)
def test_wrong_use_is_answered_with_a_sentence_and_2(arguments: Sequence[str], sentence: str) -> None:
    said = " ".join(run(*arguments, code=2).stderr.replace("│", " ").split())
    assert sentence in said


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "ensemble.toml"
    file.write_text(ENSEMBLE, encoding="utf-8")
    said = run("ensemble", str(file), "--draws", "2", "--out", str(file / "out"), "--jobs", "1", code=2).stderr
    assert "cannot be used" in " ".join(said.replace("│", " ").split())


def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('kind = "shortage"\nparameters = 3\n', encoding="utf-8")
    with pytest.raises(UnreadableScenario, match="line 2: 'parameters' is a table"):
        run("shock", str(file))


def test_a_cascade_runs_through_the_firms_of_two_files(tmp_path: Path) -> None:
    firms, links = tmp_path / "firms.csv", tmp_path / "links.csv"
    firms.write_text(
        "firm,country,industry,product,size\nMine,CHN,B,ore,10\nSmelter,DEU,C24,metal,20\nMaker,USA,C28,tools,30\n",
        encoding="utf-8",
    )
    links.write_text("supplier,buyer,value\nMine,Smelter,8\nSmelter,Maker,15\n", encoding="utf-8")
    network = ("--firms", str(firms), "--links", str(links))
    answer = json.loads(run("shock", "cascade", "--set", 'firms=["Mine"]', *network, "--json").stdout)
    lost = {record["country"]: record["value_added_lost"] for record in answer["countries"]}
    assert lost == pytest.approx({"CHN": 10, "DEU": 20, "USA": 30})  # the only mine stops all that hangs on it
    assert "--links" in run("shock", "cascade", code=2).stderr
    refused = run("shock", "mineral-shortage", "--set", "countries=AUS", *network, code=2).stderr
    assert "not the network" in refused
