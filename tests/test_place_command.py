"""`serai place`: lines of JSON in, lines of JSON out, without a database; a wrong line is refused with its number."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from serai.cli import app

LINES = [
    {"id": "a", "side": "offer", "text": "Ceramic coated battery separators"},
    {"id": "b", "side": "need", "text": "寻找锂电池电芯供应商"},
    {"id": "c", "side": "offer", "text": "!!!"},
]


def run(path: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["place", str(path), *arguments])
    return done.exit_code, done.output if done.exit_code == 0 else str(done.exception or done.output)


def test_each_text_has_a_line_with_its_nodes_the_surest_first(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    code, output = run(path, "--json")
    records = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [record["id"] for record in records] == ["a", "b", "c"]
    assert records[0]["nodes"][0]["node"].endswith("/separators")
    assert records[0]["nodes"][0]["evidence"]
    assert records[2]["nodes"] == []
    for record in records:
        confidences = [node["confidence"] for node in record["nodes"]]
        assert confidences == sorted(confidences, reverse=True)


def test_only_the_chains_that_are_named_are_used(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(LINES[0]), encoding="utf-8")
    _code, output = run(path, "--json", "--chains", "clean-energy")
    assert {node["node"].split("/")[0] for node in json.loads(output)["nodes"]} <= {"clean-energy"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2: not JSON"),
        ('{"id": "x", "side": "offer"}', "line 2: a record has id, side and text"),
        ('{"id": "x", "side": "sell", "text": "y"}', "line 2: side is offer or need"),
        ('{"id": "a", "side": "offer", "text": "y"}', "line 2: the id 'a' stands twice"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(line: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(f"{json.dumps(LINES[0])}\n{line}\n", encoding="utf-8")
    code, message = run(path)
    assert code != 0
    assert words in message
