"""Ensembles: drawn alike however many, the same on any workers, taken up where they stopped, honest on risk."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Scenario, run
from serai.world.shocks.ensemble import (
    OtherEnsembleError,
    memory_a_worker,
    parse_ensemble,
    read_ensemble,
    read_outcome,
    risk,
    run_ensemble,
)
from serai.world.shocks.ensemble.risk import weighted_risk
from serai.world.shocks.scenarios import UnreadableScenario

TABLE = synthetic_table(3, 3, seed=3)
WHOLE = """
name = "Two kinds of trouble"
seed = 7

[[scenario]]
kind = "shortage"
probability = 0.3
[scenario.parameters]
share = 0.5
[scenario.draw]
countries = { among = "countries" }
irreplaceable = { low = 0.1, high = 0.6 }

[[scenario]]
use = "earthquake"
probability = 0.2
[scenario.parameters]
rebuilt_by = { i1 = 1.0 }
horizon = 30
[scenario.draw]
days = { low = 2, high = 4 }
countries = { among = [["C1"], ["C2", "C3"]] }
"""
ENSEMBLE = parse_ensemble(WHOLE, "trouble.toml")


def shortages(count: int) -> list[Scenario | None]:
    shares = np.linspace(0.1, 0.9, count)
    return [Scenario("shortage", {"share": float(share), "countries": ["C2"]}) for share in shares]


def test_draws_follow_the_probabilities_and_the_first_ones_never_change() -> None:
    draws = ENSEMBLE.draw(TABLE, 2000)
    assert ENSEMBLE.draw(TABLE, 20) == draws[:20]
    kinds = [None if each is None else each.kind for each in draws]
    assert abs(kinds.count("shortage") / 2000 - 0.3) < 0.04
    assert abs(kinds.count("inventory") / 2000 - 0.2) < 0.04
    hit = [each for each in draws if each is not None]
    assert {tuple(each.parameters["countries"]) for each in hit if each.kind == "shortage"} == {
        ("C1",),
        ("C2",),
        ("C3",),
    }
    assert {each.parameters["days"] for each in hit if each.kind == "inventory"} == {2, 3, 4}
    assert all(0.1 <= each.parameters["irreplaceable"] <= 0.6 for each in hit if each.kind == "shortage")
    assert all(each.parameters["share"] == 0.01 for each in hit if each.kind == "inventory")  # of the named one


def test_each_scenario_gives_what_it_gives_alone_and_nothing_loses_nothing(tmp_path: Path) -> None:
    draws = ENSEMBLE.draw(TABLE, 12)
    told: list[float] = []
    outcome = run_ensemble(TABLE, draws, tmp_path, jobs=1, part=5, progress=lambda _, share: told.append(share))
    for loss, scenario in zip(outcome.loss, draws, strict=True):
        expected = np.zeros(3) if scenario is None else run(TABLE, scenario).loss_by_country
        np.testing.assert_allclose(loss, expected, rtol=1e-9, atol=1e-9)
    assert told == [0, pytest.approx(1 / 3), pytest.approx(2 / 3), 1]
    frame = pl.read_parquet(tmp_path / "parts" / "part-00001.parquet")
    assert frame["scenario"].unique().sort().to_list() == [5, 6, 7, 8, 9]
    listed = pl.read_parquet(tmp_path / "scenarios.parquet")
    assert listed["kind"].to_list() == [None if each is None else each.kind for each in draws]
    known = [json.loads(each)["share"] for each in listed["parameters"].drop_nulls()]
    assert known == [each.parameters["share"] for each in draws if each is not None]


def test_what_is_there_is_not_run_again_and_other_scenarios_are_refused(tmp_path: Path) -> None:
    first = run_ensemble(TABLE, shortages(9), tmp_path, jobs=1, part=3)
    kept = tmp_path / "parts" / "part-00000.parquet"
    written = kept.stat().st_mtime_ns
    (tmp_path / "parts" / "part-00002.parquet").unlink()
    again = run_ensemble(TABLE, shortages(9), tmp_path, jobs=1, part=3)
    np.testing.assert_array_equal(first.loss, again.loss)
    assert kept.stat().st_mtime_ns == written
    for table, scenarios in ((TABLE, shortages(8)), (synthetic_table(3, 3, seed=4), shortages(9))):
        with pytest.raises(OtherEnsembleError, match="results of other scenarios or another table"):
            run_ensemble(table, scenarios, tmp_path, jobs=1, part=3)


SLOW_RUN = """
import sys, time
from pathlib import Path
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Scenario
from serai.world.shocks.ensemble import run_ensemble
scenarios = [Scenario("shortage", {"share": 0.1 + 0.8 * k / 39, "countries": ["C2"]}) for k in range(40)]
run_ensemble(synthetic_table(3, 3, seed=3), scenarios, Path(sys.argv[1]), jobs=1, part=4,
             progress=lambda what, share: time.sleep(0.05))
"""


def test_a_killed_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW_RUN, str(tmp_path)])
    parts = tmp_path / "parts"
    deadline = time.monotonic() + 60
    while len(list(parts.glob("*.parquet"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    survived = {path: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
    assert 2 <= len(survived) < 10
    with pytest.raises(FileNotFoundError):
        read_outcome(tmp_path)
    scenarios = [Scenario("shortage", {"share": 0.1 + 0.8 * k / 39, "countries": ["C2"]}) for k in range(40)]
    resumed = run_ensemble(TABLE, scenarios, tmp_path, jobs=1, part=4)
    assert {path: path.stat().st_mtime_ns for path in survived} == survived
    whole = run_ensemble(TABLE, scenarios, tmp_path / "again", jobs=1, part=4)
    np.testing.assert_array_equal(resumed.loss, whole.loss)


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_the_workers_of_a_dask_cluster_give_the_same_numbers(tmp_path: Path) -> None:
    from distributed import LocalCluster

    alone = run_ensemble(TABLE, shortages(12), tmp_path / "alone", jobs=1, part=3)
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
    ) as cluster:
        many = run_ensemble(TABLE, shortages(12), tmp_path / "many", scheduler=cluster.scheduler_address, part=3)
    np.testing.assert_allclose(many.loss, alone.loss, rtol=1e-10, atol=1e-10)


@pytest.mark.filterwarnings("ignore")  # joblib's own processes take over open files
def test_more_processes_give_the_same_numbers(tmp_path: Path) -> None:
    alone = run_ensemble(TABLE, shortages(8), tmp_path / "alone", jobs=1, part=4)
    two = run_ensemble(TABLE, shortages(8), tmp_path / "two", jobs=2, part=4)
    np.testing.assert_allclose(two.loss, alone.loss, rtol=1e-10, atol=1e-10)


def test_memory_is_stated() -> None:
    assert memory_a_worker(TABLE, part=64) == 3 * 8 * 81 + (2 * 3 + 16) * 8 * 9 * 64


@given(st.lists(st.floats(-10, 100), min_size=1, max_size=30), st.sampled_from([0.5, 0.8, 0.95]))
@settings(deadline=None)
def test_expected_shortfall_is_the_least_of_rockafellar_and_uryasev(losses: list[float], level: float) -> None:
    loss = np.array(losses)
    weights = np.full((1, len(loss)), 1 / len(loss))
    expected, at_risk, shortfall = weighted_risk(loss, weights, level)[:, 0]
    assert expected == pytest.approx(loss.mean(), abs=1e-9)
    candidates = [each + np.maximum(loss - each, 0).mean() / (1 - level) for each in loss]
    assert shortfall == pytest.approx(min(candidates), abs=1e-8)
    assert (loss > at_risk).mean() <= 1 - level + 1e-9
    assert shortfall >= at_risk - 1e-9


def test_the_tail_of_many_draws_is_that_of_all_of_them() -> None:
    random = np.random.default_rng(0)
    loss = random.normal(size=1000)
    weights = random.dirichlet(np.full(1000, 0.01), size=20)  # so uneven that the tail reaches far, or is one draw
    for row, found in zip(weights, weighted_risk(loss, weights, 0.8).T, strict=True):
        candidates = [each + row @ np.maximum(loss - each, 0) / 0.2 for each in loss]
        assert found[2] == pytest.approx(min(candidates))


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(1)
    held = 0
    for _ in range(100):
        found = risk(random.exponential(size=(200, 1)), replicates=100).expected
        held += bool(found.low[0] <= 1 <= found.high[0])
    assert 85 <= held <= 100
    with pytest.raises(ValueError, match="at least one draw"):
        risk(np.zeros((0, 1)))


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("seed = 7", "seed = -7", 3, "at least 0, not -7"),
        ("seed = 7", "speed = 7", 3, "An ensemble has no 'speed'"),
        ('kind = "shortage"', 'kind = "comet"', 6, "no kind of shock 'comet'"),
        ("probability = 0.3", "probability = 0.9", 7, "add up to more than 1"),
        ('use = "earthquake"', 'use = "nothing"', 15, "neither a scenario nor a file 'nothing'"),
        ("low = 2, high = 4", "low = 4, high = 2", 21, "from 4 down to 2"),
        ("low = 2, high = 4", "low = 2.5, high = 4", 21, "'days' is a whole number, not 2.5"),
        ("low = 2, high = 4", "from = 2", 21, "'days' is drawn from"),
        ('"countries" }', "[7] }", 11, "'countries' is a list of texts, not 7"),
        ("irreplaceable = {", "replaceable = {", 12, "no parameter 'replaceable'"),
    ],
)
def test_a_damaged_ensemble_is_refused_with_its_line(old: str, new: str, line: int, sentence: str) -> None:
    with pytest.raises(UnreadableScenario, match=rf"^trouble\.toml, line {line}: .*{sentence}"):
        parse_ensemble(WHOLE.replace(old, new), "trouble.toml")


def test_an_ensemble_is_read_from_a_file_and_needs_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "trouble.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert read_ensemble(str(path)).scenarios == ENSEMBLE.scenarios
    with pytest.raises(KeyError, match="no file"):
        read_ensemble(str(tmp_path / "none.toml"))
    with pytest.raises(UnreadableScenario, match=r"needs at least one \[\[scenario\]\]"):
        parse_ensemble('name = "empty"', "empty.toml")
    evenly = parse_ensemble('[[scenario]]\nkind = "extraction"\n[[scenario]]\nkind = "extraction"\n', "two.toml")
    assert [each.probability for each in evenly.scenarios] == [0.5, 0.5]
    assert run(read("leather"), evenly.scenarios[0]).total > 0
