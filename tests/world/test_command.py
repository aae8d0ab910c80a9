"""`serai world`: what it prints is what the library finds, for people and for programs; wrong use is a sentence."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from serai.world import published
from serai.world.command import app
from serai.world.measures import PROPERTIES, measure
from serai.world.measures.secure import origin_shares
from serai.world.readers import read
from serai.world.readers.folder import write_folder

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def records(*arguments: str, code: int = 0) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(*arguments, "--json", code=code).stdout)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_shows_an_example(command: str) -> None:
    assert f"Example: serai world {command}" in run(command, "--help").stdout


def test_measure_gives_a_program_every_record_of_the_library() -> None:
    found = records("measure", "leather")
    expected = measure(read("leather"))
    assert [row["value"] for row in found] == [record.value for record in expected]
    assert set(found[0]) == {"country", "property", "symbol", "value", "low", "high", "unit"}
    missing = next(row for row in found if row["symbol"] == "G2")
    assert missing["reason"] == "The table has no extension 'emissions'."


def test_measure_shows_people_all_nine_properties_and_what_is_missing() -> None:
    said = run("measure").stdout
    lines = said.splitlines()
    places = [lines.index(word.capitalize()) for word in PROPERTIES]
    assert places == sorted(places)
    value = next(record.value for record in measure(read(), symbols=["S1"]) if record.country == "CHN")
    china = next(line for line in lines if line.startswith("CHN China"))
    assert f"{value:.4g}" in china
    assert "not measured. The table has no extension 'research'." in said
    assert "Source: OECD (2023)" in said


@pytest.mark.parametrize("name", ["CHN", "china", "中国"])
def test_a_country_is_known_by_code_and_name(name: str) -> None:
    assert {row["country"] for row in records("measure", "--country", name, "--symbol", "S2")} == {"CHN"}


def test_properties_and_symbols_narrow_what_is_asked() -> None:
    assert {row["property"] for row in records("measure", "--property", "open", "--property", "green")} == {
        "open",
        "green",
    }
    assert {row["symbol"] for row in records("measure", "--symbol", "M1")} == {"M1"}


def test_a_chain_is_measured_through_what_it_makes() -> None:
    whole, chain = (
        records("measure", *more, "--symbol", "O1") for more in (("icio/2022",), ("--chain", "smart-vehicle"))
    )
    assert len(whole) == len(chain)
    pairs = [
        (part["value"], all_["value"]) for part, all_ in zip(chain, whole, strict=True) if part["value"] is not None
    ]
    assert len(pairs) > 80
    assert all(part < all_ for part, all_ in pairs)  # type: ignore[operator]


def test_parquet_holds_the_same_records(tmp_path: Path) -> None:
    result = run("measure", "leather", "--parquet", str(tmp_path / "leather.parquet"))
    frame = pl.read_parquet(tmp_path / "leather.parquet")
    expected = measure(read("leather"))
    assert frame["value"].to_list() == [record.value for record in expected]
    assert f"Wrote {len(expected)} records to" in result.stderr
    assert result.stdout == ""
    run("measure", "leather", "--parquet", str(tmp_path / "no" / "folder.parquet"), code=2)


def test_compare_shows_both_tables_and_the_change() -> None:
    found = records("compare", "leather", "leather", "--property", "secure")
    assert len(found) == len(measure(read("leather"), properties=["secure"]))
    assert {row["change"] for row in found} == {0.0}
    said = run("compare", "leather", "leather", "--symbol", "S1", "--country", "ARG").stdout
    assert "0.5253 -> 0.5253" in said
    assert "TUR" not in said


def test_who_ranks_the_origins_of_final_demand_and_those_who_depend() -> None:
    table = read()
    shares = origin_shares(table)
    china = table.countries.index("CHN")
    found = records("who", "China", "--most", "3")
    expected = sorted((share for row, share in enumerate(shares[:, china]) if row != china), reverse=True)[:3]
    assert [row["share"] for row in found if row["relation"] == "depends on"] == expected
    expected = sorted((share for row, share in enumerate(shares[china]) if row != china), reverse=True)[:3]
    assert [row["share"] for row in found if row["relation"] == "is needed by"] == expected
    assert "KOR South Korea" in run("who", "CHN").stdout


@pytest.mark.data
def test_who_lists_the_suppliers_of_a_product(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    found = records("who", "China", "--product", "8507", "--most", "2")
    assert [(row["country"], row["now"]) for row in found][:2] == [("KOR", True), ("JPN", True)]
    assert [row["now"] for row in found] == [True, True, False, False]
    assert "DEU Germany           could" in run("who", "--product", "8507").stdout
    run("who", "--product", "0000", code=2)


def test_tables_lists_what_can_be_read_and_what_is_here() -> None:
    found = {row["name"]: row["here"] for row in records("tables")}
    assert found["oecd2023-g20/2019"] is True
    assert "wiod2013/2011" in found
    said = run("tables").stdout
    assert "1995 to 2011" in said
    assert "serai world get wiod2016" in said
    assert "by hand from https://worldmrio.com/eora26" in said


def test_info_says_what_the_table_is_and_that_it_balances() -> None:
    about = json.loads(run("info", "leather", "--json").stdout)
    assert about["countries"] == ["ARG", "TUR", "DEU"]
    assert all(check["holds"] for check in about["balance"])
    assert "+ A unit of final output is made of value added only" in run("info").stdout


def test_a_table_that_does_not_balance_is_a_problem(tmp_path: Path) -> None:
    leather = read("leather")
    write_folder(replace(leather, Z=leather.Z * 2, F=-leather.F * 0.5), tmp_path)
    assert "- The economy is not productive" in run("info", str(tmp_path), code=1).stdout


def test_validate_prints_the_printed_number_beside_the_found_one() -> None:
    found = records("validate", "decompr_2015")
    assert len(found) == 315
    assert all(row["agrees"] for row in found)
    said = run("validate", "leather").stdout
    assert "ARG agriculture in ARG agriculture" in said
    assert "recomputed numbers agree." in said


def test_validate_fails_when_a_number_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [each for each in published.printed_numbers() if each.publication == "baldwin_2024"]
    monkeypatch.setattr(published, "printed_numbers", lambda: (replace(numbers[0], value=99.0), *numbers[1:]))
    said = run("validate", code=1).stdout
    assert said.count(" OFF") == 1
    assert "9 of 10 recomputed numbers agree." in said


def test_validate_says_what_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SERAI_DATA", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    few = {"baldwin_2024", "antras_chor_2018"}  # one on a table of the package, one on a table that has to be fetched
    numbers = tuple(each for each in published.printed_numbers() if each.publication in few)
    monkeypatch.setattr(published, "printed_numbers", lambda: numbers)
    assert "numbers need data that is not here" in run("validate").stderr
    assert "not here" in run("validate", "wiod2013", code=1).stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["measure", "atlantis"], "neither a table nor a file 'atlantis'"),
        (["measure", "wiod2013/1800"], "has no year '1800'"),
        (["measure", "--country", "Atlantis"], "The table has no country 'Atlantis'"),
        (["measure", "--property", "cheap"], "There is no property 'cheap'"),
        (["measure", "--symbol", "X9"], "There is no indicator 'X9'"),
        (["measure", "--chain", "gold"], "There is no chain 'gold'"),
        (["who"], "Name a country, or a product"),
        (["who", "Atlantis", "--product", "8507"], "There is no country 'Atlantis'"),
        (["who", "Atlantis"], "The table has no country 'Atlantis'"),
        (["validate", "nothing"], "Nothing published is known of 'nothing'"),
        (["compare", "leather", "atlantis"], "neither a table nor a file 'atlantis'"),
    ],
)
def test_wrong_use_is_answered_with_a_sentence_and_2(arguments: Sequence[str], sentence: str) -> None:
    said = " ".join(run(*arguments, code=2).stderr.replace("│", " ").split())
    assert sentence in said
