"""The labels that placing is trained on."""

import json
import tomllib
from pathlib import Path

from scripts.placing.agreement import cohen_kappa, readings

CHAINS = Path(__file__).parents[1] / "src/serai/world/data/chains"


def test_every_label_names_a_node_of_a_built_in_chain() -> None:
    nodes = {
        f"{path.stem}/{node['code']}"
        for path in CHAINS.glob("*.toml")
        for node in tomllib.loads(path.read_text(encoding="utf-8"))["nodes"]
    }
    assert {node for reading in readings() for node in reading.best + reading.also} <= nodes


def test_a_node_is_clearly_right_or_acceptable_and_named_once() -> None:
    for reading in readings():
        named = reading.best + reading.also
        assert len(set(named)) == len(named), reading.id


def test_at_least_seven_of_ten_texts_are_drawn_at_random() -> None:
    drawn = {reading.id: reading.drawn for reading in readings()}
    assert len(drawn) >= 3000
    assert sum(how == "random" for how in drawn.values()) >= 0.7 * len(drawn)


def test_no_text_that_is_kept_for_measuring_is_labelled(real_data: Path) -> None:
    kept = set((real_data / "placing/reserved_ids.txt").read_text(encoding="utf-8").split("\n"))
    with (real_data / "placing/labelled.jsonl").open(encoding="utf-8") as file:
        kept |= {json.loads(line)["id"] for line in file}
    assert not kept & {reading.id for reading in readings()}


def test_kappa_takes_the_agreement_by_chance_away() -> None:
    pairs = [("a", "a")] * 70 + [("b", "b")] * 10 + [("a", "b")] * 5 + [("b", "a")] * 15
    chance = 0.75 * 0.85 + 0.25 * 0.15
    assert abs(cohen_kappa(pairs) - (0.80 - chance) / (1 - chance)) < 1e-12
