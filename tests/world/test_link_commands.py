"""`serai world link` and `serai world portfolio` say what the library finds; wrong use is a sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from serai.world.command import app
from serai.world.links import links_between, value_of_links
from serai.world.readers import read


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def in_one_line(said: str) -> str:
    """What stands in a box, without the box."""
    return " ".join(said.replace("│", " ").split())


LEATHER = ("--table", "leather")
BUYER, SUPPLIER = "DEU:textile-leather", "TUR:agriculture"


def test_a_link_is_said_property_by_property() -> None:
    table = read("leather")
    records = json.loads(run("link", BUYER, SUPPLIER, "--share", "0.2", *LEATHER, "--json").stdout)
    cells = table.cell("DEU", "textile-leather"), table.cell("TUR", "agriculture")
    value = value_of_links(table, links_between([cells[0]], [cells[1]], 0.2))
    assert [record["change"] for record in records] == value.values[0].tolist()
    assert {record["sign"].split()[0] for record in records} <= {"better", "worse", "no"}
    said = run("link", BUYER, SUPPLIER, *LEATHER).stdout
    assert "DEU Germany textile-leather buys 10% of its agriculture from TUR" in said
    assert "emissions: not measured" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("link", BUYER), "name a supplier for each buyer"),
        (("link", "DEU", SUPPLIER), "'DEU' is no cell"),
        (("link", "DEU:cars", SUPPLIER), "no industry 'cars'"),
        (("portfolio",), "Give a file of possible links, or a chain"),
    ],
)
def test_wrong_use_is_answered_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in " ".join(run(*arguments, *LEATHER, code=2).output.replace("│", " ").split())


def test_a_portfolio_of_a_file_names_links_gap_and_frequency(tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    rows = [f"{BUYER},{SUPPLIER},0.2", "ARG:agriculture,DEU:textile-leather,0.3", "TUR:agriculture,ARG:agriculture,0.1"]
    file.write_text("buyer,supplier,share\n" + "\n".join(rows))
    found = json.loads(run("portfolio", str(file), "-k", "2", *LEATHER, "--json").stdout)
    assert found["saved"] <= found["bound"] * (1 + 1e-9)
    assert found["gap"] < 1e-3
    assert sum(link["chosen"] for link in found["links"]) <= 2
    assert "gap" in run("portfolio", str(file), "-k", "2", "--both-gain", *LEATHER).stdout
    file.write_text("buyer,supplier,share\nDEU,TUR:agriculture,0.2")
    refused = run("portfolio", str(file), *LEATHER, code=2).output
    assert "row 1" in in_one_line(refused)
    refused = run("portfolio", str(file.parent / "links.csv"), "--no-more-carbon", *LEATHER, code=2).output
    assert "row 1" in in_one_line(refused)


@pytest.mark.parametrize("share", ["abc", "1.5", "nan", "", "-0.1"])
def test_a_share_that_is_none_is_refused_with_its_row(share: str, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text(f"buyer,supplier,share\n{BUYER},{SUPPLIER},0.2\n{BUYER},{SUPPLIER},{share}\n")
    refused = in_one_line(run("portfolio", str(file), *LEATHER, code=2).output)
    assert "row 2: The share is a number from 0 to below 1" in refused
