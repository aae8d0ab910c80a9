"""Scenarios are data: files that are read or refused with their line, names for who is hit, one way to run them."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.firm_generator import generate_network
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import SHOCKS, Losses, Scenario, Shock, Status, run, run_together
from serai.world.shocks import Horizon as Span
from serai.world.shocks.scenarios import (
    UnreadableScenario,
    countries_of,
    industries_of,
    named_scenarios,
    parse_scenario,
    read_scenario,
)

G20 = read()
GIVEN = {
    "countries": ["JPN"],
    "exporters": ["AUS"],
    "blocs": [["USA", "group EU"], ["CHN"]],
}
WHOLE = """
name = "A closure"
kind = "inventory"
probability = 0.1

[parameters]
share = 0.5
countries = ["China"]
"""


GAINS = {"low-income-corridor", "new-mineral-source", "opening"}


@pytest.mark.parametrize("name", [name for name in named_scenarios() if name != "tariff-cut"])
def test_the_named_scenarios_run_when_given_what_they_ask_for(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.about
    result = run(G20, scenario, **{ask: GIVEN[ask] for ask in scenario.asks})
    assert result.status is Status.SOLVED
    assert (result.total < 0) is (name in GAINS)
    for ask in scenario.asks:
        with pytest.raises(ValueError, match=f"asks for '{ask}'"):
            run(G20, scenario)


def test_the_promised_scenarios_are_there_with_the_reverse_of_each_wall() -> None:
    kinds = {name: scenario.kind for name, scenario in named_scenarios().items()}
    assert kinds["port-closure"] == kinds["earthquake"] == "inventory"
    assert kinds["mineral-export-stop"] == "export_stop"
    assert kinds["new-mineral-source"] == "new_source"
    assert (kinds["decoupling"], kinds["opening"]) == ("decoupling", "opening")
    assert named_scenarios()["decoupling"].asks == ("blocs",)
    factors = [named_scenarios()[name].parameters["factor"] for name in ("low-income-corridor", "low-income-barrier")]
    assert factors == [0.9, 1.1]
    added = [named_scenarios()[name].parameters["added"] for name in ("tariff-on-all", "tariff-cut")]
    assert added == [0.1, -0.1]


def test_a_file_holds_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "closure.toml"
    path.write_text(WHOLE, encoding="utf-8")
    scenario = read_scenario(str(path))
    assert scenario == Scenario("inventory", {"share": 0.5, "countries": ["China"]}, "A closure", 0.1)
    with pytest.raises(KeyError, match="neither a scenario nor a file 'nothing'; there are decoupling, earthquake"):
        read_scenario("nothing")


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("share = 0.5", "share = = 0.5", 7, "Invalid value"),
        ("share = 0.5", "share = 0.5\nshare = 0.6", 8, "Cannot overwrite a value"),
        ('name = "A closure"', 'name = "A closure', 2, "."),
        ('kind = "inventory"', 'kind = "comet"', 3, "no kind of shock 'comet'; there are demand"),
        ("probability = 0.1", "probability = 7", 4, "a number from 0 to 1, not 7"),
        ("probability = 0.1", "chance = 0.1", 4, "no 'chance'; it has kind, parameters, name"),
        ("probability = 0.1", 'asks = ["who"]', 4, "has no parameter 'who' to ask for"),
        ("share = 0.5", "shar = 0.5", 7, "'inventory' has no parameter 'shar'; it has share, countries"),
        ("share = 0.5", 'share = "half"', 7, "'share' is a number, not 'half'"),
        ("share = 0.5", "days = 0.5", 7, "'days' is a whole number, not 0.5"),
        ('["China"]', '"China"', 8, "'countries' is a list of texts, not 'China'"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(old: str, new: str, line: int, sentence: str) -> None:
    with pytest.raises(UnreadableScenario, match=rf"^closure\.toml, line {line}: .*{sentence}"):
        parse_scenario(WHOLE.replace(old, new), "closure.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableScenario, match="cannot be read as text"):
        read_scenario(str(path))


def test_countries_are_known_by_label_code_name_and_group() -> None:
    assert countries_of(G20, ["CHN", "cn", "China", "Deutschland"]) == ["CHN", "DEU"]
    assert set(countries_of(G20, ["group EU"])) == {"DEU", "FRA", "ITA", "GBR"}  # the table is of 2019
    assert countries_of(G20, ["Atlantis"]) == ["Atlantis"]  # for the engine to refuse
    with pytest.raises(ValueError, match="no country group 'X'"):
        countries_of(G20, ["group X"])
    with pytest.raises(ValueError, match="group LLDC has no member among"):
        countries_of(G20, ["group LLDC"])


def test_industries_are_known_by_label_activity_and_chain() -> None:
    assert industries_of(G20, ["B", "isic 07", "isic F", "isic 4520"]) == ["B", "F", "G"]
    assert industries_of(G20, ["chain clean-energy/rare-earth-magnets"]) == ["C"]
    assert set(industries_of(G20, ["chain smart-vehicle"])) >= {"C"}
    for text, sentence in (
        ("isic 00", "ISIC Rev.4 has no '00'"),
        ("chain gold", "no chain 'gold'"),
        ("chain clean-energy/gold", "has no node 'gold'; it has polysilicon"),
    ):
        with pytest.raises(ValueError, match=sentence):
            industries_of(G20, [text])
    with pytest.raises(ValueError, match="names no industry here"):
        industries_of(read("leather"), ["isic 07"])


def test_a_result_holds_the_scenario_with_the_labels_of_the_table() -> None:
    result = run(G20, Scenario("shortage", {"share": 0.1, "industries": ["isic 07"]}), countries=["Australia"])
    assert result.scenario.parameters == {"share": 0.1, "industries": ["B"], "countries": ["AUS"]}


def test_scenarios_run_together_are_each_one_run_alone() -> None:
    table = read("leather")
    asked = [
        Scenario("shortage", {"share": 0.2, "countries": ["TUR"]}),
        Scenario("supply", {"share": 0.1, "countries": ["ARG"]}),
        Scenario("shortage", {"share": 0.3, "countries": ["DEU"]}),
    ]
    for together, scenario in zip(run_together(table, asked), asked, strict=True):
        assert together.scenario == scenario
        np.testing.assert_allclose(together.loss, run(table, scenario).loss, atol=1e-9)


def test_a_parameter_that_is_missing_is_asked_for_in_its_words() -> None:
    with pytest.raises(ValueError, match="'shortage' needs 'share': share of capacity that is lost, 0 to 1"):
        run(G20, Scenario("shortage"))


def test_a_shock_on_firms_is_not_run_on_a_table_and_counts_by_country(monkeypatch: pytest.MonkeyPatch) -> None:
    network = generate_network(synthetic_table(3, 2, seed=1), 50, seed=1)

    def half(firms: object, countries: list[str]) -> Losses:
        hit = np.isin(network.country, [network.countries.index(each) for each in countries])
        return Losses(network.size * hit / 2, network.size * hit / 2, 0.0)

    declared = Shock("half", "?", {"countries": "who"}, Span.WEEKS, ("-",), ("a test",), half, on="network")
    monkeypatch.setitem(SHOCKS._declarations, "half", declared)
    result = run(network, Scenario("half", {"countries": ["C2"]}))
    np.testing.assert_allclose(result.share_of_gdp, [0, 0.5, 0])
    assert result.loss_by_country.sum() == pytest.approx(result.total)
    assert result.cite() == f"a test\n{network.source}"
    with pytest.raises(TypeError, match="hits a network, not a WorldTable"):
        run(G20, Scenario("half", {"countries": ["CHN"]}))
    with pytest.raises(TypeError, match="hits a table, not a FirmNetwork"):
        run(network, Scenario("shortage", {"share": 0.1}))
