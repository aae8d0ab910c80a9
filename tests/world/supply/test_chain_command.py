"""`serai chain`: each command says what the library finds, and wrong use is a sentence."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from serai.world.command.chain import app
from serai.world.supply import read_chain_folder
from serai.world.supply.example import example_chain
from tests.world.supply.chips import write_chips

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
G20 = ("--table", "oecd2023-g20/2019")
"""The small table: quick to read."""


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def sentence(result: Result) -> str:
    """What a refusal says, without the frame around it."""
    return " ".join(result.output.replace("│", " ").split())


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SERAI_DATA", raising=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_shows_an_example(command: str) -> None:
    assert f"Example: serai chain {command}" in run(command, "--help").stdout


def test_the_shares_of_a_built_in_chain_are_a_list_of_records_without_any_data_mounted(tmp_path: Path) -> None:
    answer = json.loads(run("shares", "clean-energy", "--json", *G20).stdout)
    assert {"node", "country", "share", "grade", "year", "source"} == set(answer[0])
    by_node: dict[str, float] = {}
    for row in answer:
        by_node[row["node"]] = by_node.get(row["node"], 0) + row["share"]
    assert len(by_node) == 40
    assert all(abs(share - 1) < 1e-6 for share in by_node.values())
    file = tmp_path / "shares.parquet"
    run("shares", "clean-energy", "--parquet", str(file), *G20)
    assert pl.read_parquet(file).height == len(answer)


def test_a_folder_is_loaded_by_one_command_and_then_known_by_its_name(tmp_path: Path) -> None:
    folder = write_chips(tmp_path / "Chips")
    told = run("load", str(folder), *G20).stdout
    assert "79 nodes" in told
    assert "243 providers" in told
    single, stops = told.split("Single sources")[1].split("What takes most")
    assert "Tools 0 for advanced logic: NLD Netherlands 100%" in single
    assert "Any of these serves" in single
    assert "tools-0 in NLD Netherlands: 100% of finished-0" in stops
    assert run("show", "chips", *G20).stdout == told
    assert len(json.loads(run("show", "chips", "--json", *G20).stdout)) == 79


def test_new_writes_an_example_that_checks_and_stops(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    run("new", str(folder))
    assert read_chain_folder(folder) == example_chain()
    assert json.loads(run("check", str(folder), "--json").stdout) == {"sound": True, "faults": [], "remarks": []}
    assert "name another" in sentence(run("new", str(folder), code=2))
    stopped = json.loads(run("stop", str(folder), "--node", "bulbs", "--node", "led-chips", "--json", *G20).stdout)
    assert {row["node"]: round(row["loss_low"], 9) for row in stopped} == {"bulbs": 1, "led-chips": 1, "lamps": 1}
    weeks = json.loads(run("stop", str(folder), "--node", "glass", "--weeks", "6", "--json", *G20).stdout)
    assert {row["node"]: row["weeks_to_survive"] for row in weeks} == {"glass": 0, "lamps": 4}
    told = run("stop", str(folder), *G20).stdout
    assert "bulbs in HUN Hungary" in told
    assert "smallest set of countries" in told


def test_a_scenario_file_stops_a_chain(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    run("new", str(folder))
    file = tmp_path / "glass.toml"
    file.write_text('kind = "supply-stop"\nname = "Glass"\n[parameters]\nnodes = ["glass"]\nshare = 0.5\n', "utf-8")
    stopped = json.loads(run("stop", str(folder), "--scenario", str(file), "--json", *G20).stdout)
    assert stopped[0] == {**stopped[0], "node": "glass", "loss_low": 0.5}


def test_a_damaged_folder_is_told_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    run("new", str(folder))
    edges = folder / "edges.csv"
    edges.write_text(edges.read_text("utf-8").replace("bulbs,", "bulb,"), "utf-8")
    told = run("check", str(folder), code=1).stdout
    assert "edges.csv, line 4: There is no node 'bulb'; did you mean 'bulbs'?" in told


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("show", "toys"), "There is neither a chain nor a folder 'toys'; built in: smart-vehicle"),
        (("stop", "clean-energy", "--country", "Atlantis", *G20), "has no country 'Atlantis'"),
        (("stop", "clean-energy", "--node", "sails", *G20), "has no node 'sails'"),
        (("stop", "clean-energy", "--strait", "styx", *G20), "There is no strait 'styx'"),
        (("map", "clean-energy", "--out", "map.bmp", *G20), "ends with none of the formats"),
    ],
)
def test_wrong_use_is_a_sentence(arguments: tuple[str, ...], expected: str) -> None:
    assert expected in sentence(run(*arguments, code=2))


def test_a_new_source_is_valued_by_property(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    run("new", str(folder))
    asked = ("source", str(folder), "glass", "Japan", "Germany", "Nepal", "--present", "China=100%", "--share", "0.2")
    answer = json.loads(run(*asked, "--json", *G20).stdout)
    told = {(row["supplier"], row["property"]): row for row in answer if row["figure"] == "headline"}
    assert told["DEU", "secure"]["change"] == pytest.approx(-0.2)
    assert told["NPL", "inclusive"]["told"] == "better"
    assert told["DEU", "smooth"]["told"] == "worse"
    assert told["DEU", "mutual"]["told"] == "not measured"
    assert "20% of it from NPL Nepal" in run(*asked, *G20).stdout
    assert "'China' is no source" in sentence(run(*asked[:5], "--present", "China", *G20, code=2))


def test_prices_and_sales_are_stated_by_both_sides_and_further_figures_stand_beside(tmp_path: Path) -> None:
    folder = tmp_path / "lamps"
    run("new", str(folder))
    asked = ("source", str(folder), "glass", "Japan", "Germany", "Nepal", "--present", "China=100%", "--share", "0.2")
    buyer = ("--price", "10 USD/kg", "--value", "50 USD", "--firms", "4")
    seller = ("--offer", "Germany=8 USD/kg", "--sales", "Nepal=90 USD")
    answer = json.loads(run(*asked, *buyer, *seller, "--json", *G20).stdout)
    told = {(row["supplier"], row["figure"], row["about"]): row for row in answer}
    assert told["DEU", "headline", "price"]["change"] == pytest.approx(-0.04)
    assert told["NPL", "headline", "price"]["told"] == "not measured"
    assert told["NPL", "further", "buyer's share in the supplier's sales"]["change"] == pytest.approx(0.1)
    firms = told["DEU", "further", "concentration of firms, sum of squared shares"]
    assert (firms["present"], firms["change"]) == pytest.approx((0.25, 0.8**2 / 4 + 0.2**2 - 0.25))
    shown = run(*asked, *buyer, *seller, *G20).stdout
    assert "beside it" in shown
    assert "share on its way through malacca" in shown
    assert "'8' is no amount" in sentence(run(*asked, "--offer", "Germany=8", *G20, code=2))
    assert "is of no supplier" in sentence(run(*asked, "--offer", "Kenya=8 USD/kg", *G20, code=2))


def test_a_map_is_drawn_and_says_how_readable_it_is(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    answer = json.loads(run("map", "clean-energy", "--out", str(file), "--json", *G20).stdout)
    assert answer["overlaps"] == answer["cut_texts"] == 0
    assert file.read_text("utf-8").startswith("<svg")
