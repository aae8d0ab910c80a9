"""`serai world rank`: medians and intervals for people and programs, never a score."""

import json

import pytest
from typer.testing import CliRunner, Result

from serai.world.command import app
from serai.world.measures.ranking import rank
from serai.world.measures.uncertainty import sample
from serai.world.readers import read

FEW = ("--errors", "2", "--draws", "200")


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["rank", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_a_program_gets_what_the_library_finds() -> None:
    found = json.loads(run("leather", *FEW, "--json").stdout)
    drawn = sample(read("leather"), errors=2)
    expected = rank(drawn.countries, drawn.tables, drawn.senses, drawn.properties, draws=200)
    medians = dict(zip(expected.countries, expected.median.tolist(), strict=True))
    assert {each["country"]: each["median"] for each in found["countries"]} == medians
    assert [each["median"] for each in found["countries"]] == sorted(medians.values())
    assert found["decided"] == expected.decided()
    assert found["indicators"] == list(drawn.symbols)
    assert found["left_out"] == dict(drawn.left_out)
    assert set(found) == {"countries", "decided", "indicators", "left_out", "correlations"}  # no score


def test_people_read_intervals_what_is_undecided_and_what_is_missing() -> None:
    text = run("leather", *FEW).stdout
    assert "median rank  5 %  95 %  above next" in text
    assert "DEU Germany" in text
    assert "of the pairs of countries change their order" in text
    assert "Not measured: G2. The table has no extension 'emissions'." in text
    assert "How the properties go together" in text


def test_which_choice_decides_is_said_when_asked() -> None:
    pytest.importorskip("SALib", reason="Sobol's indices need the extra 'uncertainty'")
    found = json.loads(run("leather", *FEW, "--choices", "--json").stdout)
    shares = [each["total, weights"] for each in found["countries"]]
    assert all(share is None or 0 <= share <= 1.5 for share in shares)
    assert "share of the variance of a rank" in run("leather", *FEW, "--choices").stdout


def test_a_wrong_question_is_answered_in_a_sentence() -> None:
    assert "none of the indicators to rank by" in " ".join(run("leather", "--symbol", "M2", code=2).output.split())
    assert "There is no indicator 'X1'" in " ".join(run("leather", "--symbol", "X1", code=2).output.split())
