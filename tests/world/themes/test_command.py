"""`serai world themes`: numbers with their intervals, the published index beside them, and what is not measured."""

import json

from typer.testing import CliRunner, Result

from serai.world.command import app

TABLE = ("--table", "oecd2023-g20/2019")


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["themes", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_people_read_the_growth_of_the_world_with_its_interval_and_the_published_index() -> None:
    text = run(*TABLE, "--theme", "promotion", "--theme", "resilience").stdout
    assert "world, 2018 = 1: 1.56 [1.24 to 2.4 over all weights] in 2022" in text
    assert "Global Supply Chain Promotion Index, 2018 = 1: 2.71 in 2024" in text
    assert "world, 2018 = 1: 0.992 [0.856 to 1.17 over all weights] in 2024, of exporters_of_goods" in text
    assert "finance: not measured." in text


def test_a_program_gets_values_with_year_and_source_for_the_countries_it_asks_for() -> None:
    told = json.loads(run(*TABLE, "--theme", "innovation", "--country", "China", "--base", "2016", "--json").stdout)
    assert {value["country"] for value in told["values"]} == {"CHN"}
    assert all(value["source"] and value["year"] for value in told["values"])
    assert told["numbers"][-1]["base"] == 2016
    assert set(told["numbers"][-1]["growth"]["relatives"]) == {"research", "patents", "high_technology"}
    assert "D3" in told["not_measured"]["innovation"]


def test_an_unknown_theme_is_refused_with_those_that_there_are() -> None:
    assert "There is no theme 'growth'" in run("--theme", "growth", code=2).output
