"""Scenarios are data: files that are read or refused with their line, names for who is hit, one way to run them."""

import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serai.world.firm_generator import generate_network
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import SHOCKS, Losses, Scenario, Shock, Status, run, run_together
from serai.world.shocks import Horizon as Span
from serai.world.shocks.files import Place
from serai.world.shocks.scenarios import (
    UnreadableScenario,
    countries_of,
    industries_of,
    named_scenarios,
    parse_scenario,
    read_scenario,
)
from serai.world.shocks.values import Parameter, WrongParameterError

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
    assert kinds["port-closure"] == kinds["earthquake"] == kinds["earthquake-and-closed-ports"] == "inventory"
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
        ("share = 0.5", "shar = 0.5", 7, "'inventory' has no parameter 'shar'; it has share, shares, countries"),
        ("share = 0.5", 'share = "half"', 7, "'share' is a number from 0 to 1, not 'half'"),
        ("share = 0.5", "days = 0.5", 7, "'days' is a whole number from 1 to 36,525, not 0.5"),
        ('["China"]', '"China"', 8, "'countries' is a list of texts, not 'China'"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(old: str, new: str, line: int, sentence: str) -> None:
    with pytest.raises(UnreadableScenario, match=rf"^closure\.toml, line {line}: .*{sentence}"):
        parse_scenario(WHOLE.replace(old, new), "closure.toml")


LONG = """
name = "A closure"
kind = "inventory"

[parameters]
share = 0.5
countries = [
    "TUR",  # a comment with share = 3 in it
    "DEU",
]
rebuilt_by = { transport-equipment = 1.0 }

[parameters.behaviour]
stock_days = 20
never_short = ["agriculture"]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("share = 0.5", "share = 1.5", 6, "'share' is a number from 0 to 1, not 1.5"),
        ("share = 0.5", "share = nan", 6, "'share' is a number from 0 to 1, not nan"),
        ("share = 0.5", "share = -inf", 6, "not -inf"),
        ("share = 0.5", "share = true", 6, "not true"),
        ("share = 0.5", "share = 1979-05-27", 6, "not 1979-05-27"),
        ("share = 0.5", "share = 0.5\nhorizon = 10000000000", 7, "'horizon' is a whole number from 1 to 36,525"),
        ("share = 0.5", "share = 0.5\nrecovery = 'slow'", 7, "'recovery' is 'at once', 'linear', .* not 'slow'"),
        ('"DEU"', '"Atlantis"', 7, "The table has no country 'Atlantis'; it has ARG, TUR, DEU"),
        ('"DEU"', '"group X"', 7, "no country group 'X'"),
        ('"DEU"', "7", 7, r"'countries' is a list of texts, not \['TUR', 7\]"),
        ("transport-equipment = 1.0", "gold = 1.0", 11, "The table has no industry 'gold'"),
        ("= 1.0 }", '= "all" }', 11, "'rebuilt_by' is a table of industries, each with a number from 0 to 1"),
        ("= 1.0 }", "= 0.4 }", 11, "which add up to 1, not { transport-equipment = 0.4 }"),
        ("{ transport-equipment = 1.0 }", "[1]", 11, "'rebuilt_by' is a table of industries"),
        ("stock_days = 20", "stock_days = 0", 14, "'stock_days' is a number of at least 1"),
        ("stock_days = 20", "mood = 20", 14, "'behaviour' has no 'mood'; it has ordering, stock_days"),
        ("stock_days = 20", "stock_days = { gold = 3 }", 14, "no industry 'gold'"),
        ('never_short = ["agriculture"]', 'never_short = ["gold"]', 15, "no industry 'gold'"),
        ('never_short = ["agriculture"]', "alarm = [1]", 15, r"'alarm' is a number above 0 to 1, not \[1\]"),
        ('kind = "inventory"', "kind = [1]", 3, r"no kind of shock \[1\]"),
        ('kind = "inventory"', "", 1, "A scenario needs a 'kind'; there are demand"),
        (
            "share = 0.5",
            "recovery = 's-shaped'\nrecovery_days = 2\nshare = 0.1",
            7,
            "'recovery_days' is a number above 2, not 2",
        ),
    ],
)
def test_what_no_scenario_may_be_is_refused_with_its_line_when_read_or_run(
    old: str, new: str, line: int, sentence: str
) -> None:
    assert LONG.count(old) == 1
    with pytest.raises(UnreadableScenario, match=rf"^closure\.toml, line {line}: .*{sentence}"):
        run(read("leather"), parse_scenario(LONG.replace(old, new), "closure.toml"))


EVENTS = """kind = "inventory"
[parameters]
countries = ["TUR"]

[[parameters.events]]
share = 0.1

[[parameters.events]]
begin = 3
share = 0.2
industries = ["agriculture"]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("share = 0.2", "share = 2", 10, "'share' is a number from 0 to 1, not 2"),
        ("share = 0.2", "shar = 0.2", 10, "'events' has no 'shar'; it has share, shares, countries"),
        ("share = 0.2", "", 8, "An event needs 'share'"),
        ('"agriculture"', '"gold"', 11, "no industry 'gold'"),
    ],
)
def test_what_is_wrong_in_one_of_several_events_is_told_with_its_line(
    old: str, new: str, line: int, sentence: str
) -> None:
    assert run(read("leather"), parse_scenario(EVENTS, "two.toml")).total > 0
    with pytest.raises(UnreadableScenario, match=rf"^two\.toml, line {line}: .*{sentence}"):
        run(read("leather"), parse_scenario(EVENTS.replace(old, new), "two.toml"))


def test_what_is_asked_for_beside_a_file_is_not_blamed_on_the_file() -> None:
    scenario = parse_scenario(LONG, "closure.toml")
    with pytest.raises(WrongParameterError, match=r"^'share' is a number from 0 to 1, not 3\.$"):
        run(read("leather"), scenario, share=3)
    assert run(read("leather"), scenario, share=0.1).total > 0


def test_the_line_of_what_is_missing_is_that_of_what_it_would_stand_in() -> None:
    place = Place("a.toml", "x = 1\n[[scenario]]\na = 1\n[[scenario]]\n[scenario.draw]\ndays = 2\n")
    assert place.line(("scenario", 1, "draw", "days")) == 6
    assert place.line(("scenario", 1, "parameters", "days")) == 6
    assert place.within("scenario", 1).line(("share",)) == 4
    assert place.line(("nothing",)) == 1


VALUES = st.recursive(
    st.one_of(
        st.floats(),
        st.integers(),
        st.sampled_from([10**400, 0, 1, 2, 0.3, 1.5, -1, 400]),
        st.booleans(),
        st.text("ab é\"'\\\n", max_size=5),
        st.sampled_from(["TUR", "DEU", "agriculture", "group EU", "isic 01", "chain x", "alt", "linear", "removed"]),
        st.just(date(2026, 11, 24)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["agriculture", "trade", "ordering", "stock_days", "x"]), inner, max_size=2),
    ),
    max_leaves=6,
)
PYTHON = re.compile(r"unsupported|argument|NoneType|iterable|attribute|object|__|operand|must be|<class|convert|tuple")


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    return repr(value) if isinstance(value, float) else str(value)


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_in_a_file_is_an_answer_or_a_sentence_with_its_line(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([kind for kind, each in SHOCKS.items() if each.on == "table"]))
    names = list(SHOCKS[kind].parameters)
    given_ = data.draw(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=4))
    lines = [f"kind = '{kind}'", "[parameters]", *(f"{key} = {toml(value)}" for key, value in given_.items())]
    table = read("leather")
    try:
        result = run(table, parse_scenario("\n".join(lines), "fuzz.toml"))
    except UnreadableScenario as refusal:
        place = re.match(r"^fuzz\.toml, line (\d+): (.+)", str(refusal), re.DOTALL)
        assert place
        assert not PYTHON.search(place[2])
        named = [key for key in given_ if f"'{key}' is " in place[2]]
        if named:
            assert int(place[1]) == 3 + list(given_).index(named[0])
    except WrongParameterError as refusal:  # what the shock needs is not in the file
        if refusal.path:
            raise
    else:
        assert np.isfinite(result.total)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableScenario, match="cannot be read as text"):
        read_scenario(str(path))


def test_countries_are_known_by_label_code_name_and_group() -> None:
    assert countries_of(G20, ["CHN", "cn", "China", "Deutschland"]) == ["CHN", "DEU"]
    assert set(countries_of(G20, ["group EU"])) == {"DEU", "FRA", "ITA", "GBR"}  # the table is of 2019
    assert countries_of(G20, ["Atlantis"]) == ["Atlantis"]  # for `resolved` to refuse
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

    declared = Shock("half", "?", {"countries": Parameter("who")}, Span.WEEKS, ("-",), ("a test",), half, on="network")
    monkeypatch.setitem(SHOCKS._declarations, "half", declared)
    result = run(network, Scenario("half", {"countries": ["C2"]}))
    np.testing.assert_allclose(result.share_of_gdp, [0, 0.5, 0])
    assert result.loss_by_country.sum() == pytest.approx(result.total)
    assert result.cite() == f"a test\n{network.source}"
    with pytest.raises(TypeError, match="hits a network, not a WorldTable"):
        run(G20, Scenario("half", {"countries": ["CHN"]}))
    with pytest.raises(TypeError, match="hits a table, not a FirmNetwork"):
        run(network, Scenario("shortage", {"share": 0.1}))
