"""How well real texts are placed that nobody trained on: no later change may lose what docs/method/placing.md tells."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.placing import BEHIND, PHRASES, phrases_right, phrases_set_aside
from scripts.placing.examples import PHRASES as TRAINED
from serai.match.placing import Item, Placement, Side, place
from serai.world.chains import builtin_chains

SHOWN = 0.5

type Labelled = Mapping[str, Any]


@pytest.fixture(scope="module")
def labelled(real_data: Path) -> Sequence[Labelled]:
    with (real_data / "placing" / "labelled.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def placed(labelled: Sequence[Labelled]) -> Mapping[str, list[Placement]]:
    items = [Item(row["id"], Side(row["side"]), row["text"]) for row in labelled]
    of_text: dict[str, list[Placement]] = {item.key: [] for item in items}
    for placement in place(items, builtin_chains(), floor=0.02):
        of_text[placement.item].append(placement)
    return of_text


def is_acceptable(placement: Placement, row: Labelled) -> bool:
    return f"{placement.chain}/{placement.node}" in {*row["best"], *row["also"]}


# Each bar is the measured share less one standard error of it.
@pytest.mark.parametrize(("source", "least"), [("ces", 0.75), ("co", 0.80), ("ted", 0.63)])
def test_the_first_node_of_a_text_is_acceptable(
    source: str, least: float, labelled: Sequence[Labelled], placed: Mapping[str, list[Placement]]
) -> None:
    texts = [row for row in labelled if row["id"].startswith(f"{source}:") and row["best"]]
    first = [bool(placed[row["id"]]) and is_acceptable(placed[row["id"]][0], row) for row in texts]
    assert sum(first) / len(first) >= least


def test_what_is_shown_is_right_and_two_of_three_firms_with_a_node_have_a_right_one(
    labelled: Sequence[Labelled], placed: Mapping[str, list[Placement]]
) -> None:
    firms = [row for row in labelled if not row["id"].startswith("ted:")]
    shown = {
        row["id"]: [is_acceptable(placement, row) for placement in placed[row["id"]] if placement.confidence >= SHOWN]
        for row in firms
    }
    right = [is_right for of_firm in shown.values() for is_right in of_firm]
    assert sum(right) / len(right) >= 0.9
    assert sum(any(shown[row["id"]]) for row in firms if row["best"]) / sum(bool(row["best"]) for row in firms) >= 0.65


def test_a_text_without_a_node_is_shown_nowhere(
    labelled: Sequence[Labelled], placed: Mapping[str, list[Placement]]
) -> None:
    without = [row for row in labelled if not row["best"] and not row["also"]]
    silent = [all(placement.confidence < SHOWN for placement in placed[row["id"]]) for row in without]
    assert sum(silent) / len(silent) >= 0.9


@pytest.mark.parametrize(("phrases", "least"), [("phrases of all nodes", 230), ("phrases set aside", 160)])
def test_no_language_is_ten_points_behind_another_on_phrases_that_the_head_never_saw(phrases: str, least: int) -> None:
    right = phrases_right(phrases_set_aside(PHRASES[phrases]))
    assert set(right) == {"en", "zh-hans", "es", "fr", "ru", "ar"}
    assert all(len(shares) >= least for shares in right.values())
    first = {language: shares.mean() for language, shares in right.items()}
    assert min(first.values()) >= max(first.values()) - BEHIND, first


def test_the_head_never_saw_the_phrases_that_it_is_measured_by() -> None:
    trained = {json.loads(line)["text"] for line in TRAINED.read_text(encoding="utf-8").splitlines()}
    for path in PHRASES.values():
        aside = phrases_set_aside(path)
        assert sum(text.text in trained for text in aside) == 0
