"""`serai world measure --by-cell`: a record an industry of a country, for people and programs."""

import json

from typer.testing import CliRunner

from serai.world.command import app
from serai.world.measures import measure_cells
from serai.world.readers import read


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["measure", "leather", "--by-cell", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_program_gets_a_record_a_cell() -> None:
    found = json.loads(run("--symbol", "M2", "--symbol", "S1", "--country", "Germany", "--json"))
    table = read("leather")
    expected = measure_cells(table, symbols=["M2", "S1"], cells=table.cells(["DEU"]))
    assert [(each["country"], each["industry"], each["symbol"], each["value"]) for each in found] == [
        (each.country, each.industry, each.symbol, each.value) for each in expected
    ]
    assert set(found[0]) == {"country", "industry", "property", "symbol", "value", "unit", "reason", "caution"}


def test_people_read_a_row_a_cell_and_what_is_missing() -> None:
    text = run("--property", "green", "--property", "smooth")
    assert "ARG  textile-leather" in text
    assert "G2: not measured. The table has no extension 'emissions'." in text
