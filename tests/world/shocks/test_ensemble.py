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
    SchedulerLostError,
    TooLargeError,
    needs,
    parse_ensemble,
    read_ensemble,
    read_outcome,
    risk,
    run_ensemble,
)
from serai.world.shocks.ensemble.selection import order_statistics
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
    assert list(ENSEMBLE.draw(TABLE, 20)) == draws[:20] == [draws[number] for number in range(20)]
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
    listed = pl.read_parquet(tmp_path / "draws" / "*.parquet")
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


def test_more_draws_go_on_from_those_that_are_there(tmp_path: Path) -> None:
    run_ensemble(TABLE, ENSEMBLE.draw(TABLE, 8), tmp_path / "grown", jobs=1, part=5)
    kept = tmp_path / "grown" / "parts" / "part-00000.parquet"
    written = kept.stat().st_mtime_ns
    grown = run_ensemble(TABLE, ENSEMBLE.draw(TABLE, 17), tmp_path / "grown", jobs=1, part=5)
    at_once = run_ensemble(TABLE, ENSEMBLE.draw(TABLE, 17), tmp_path / "at once", jobs=1, part=5)
    np.testing.assert_allclose(grown.loss, at_once.loss, rtol=1e-12)
    assert kept.stat().st_mtime_ns == written
    with pytest.raises(OtherEnsembleError, match="holds 17 of these draws; ask for as many or more"):
        run_ensemble(TABLE, ENSEMBLE.draw(TABLE, 8), tmp_path / "grown", jobs=1, part=5)
    other = parse_ensemble(WHOLE.replace("low = 2", "low = 1"), "trouble.toml").draw(TABLE, 20)
    with pytest.raises(OtherEnsembleError, match="other scenarios"):
        run_ensemble(TABLE, other, tmp_path / "grown", jobs=1, part=5)


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


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serai.world.shocks.ensemble.execution.REACHED", 0.2)
    for address in ("tcp://127.0.0.1:9", "nowhere", "carrier-pigeon://x"):
        with pytest.raises(SchedulerLostError, match=f"No scheduler answers at {address}"):
            run_ensemble(TABLE, shortages(2), tmp_path / "out", scheduler=address)


@pytest.mark.filterwarnings("ignore")  # joblib's own processes take over open files
def test_more_processes_give_the_same_numbers(tmp_path: Path) -> None:
    alone = run_ensemble(TABLE, shortages(8), tmp_path / "alone", jobs=1, part=4)
    two = run_ensemble(TABLE, shortages(8), tmp_path / "two", jobs=2, part=4)
    np.testing.assert_allclose(two.loss, alone.loss, rtol=1e-10, atol=1e-10)


MEMORY = """
import sys
from pathlib import Path
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks.ensemble import parse_ensemble, risk, run_ensemble
few = "[[scenario]]\\nkind = 'shortage'\\nprobability = 0.01\\nparameters = { share = 0.5, countries = ['C1'] }"
table = synthetic_table(3, 3, seed=3)
draws = parse_ensemble(few, "few.toml").draw(table, int(sys.argv[2]))
risk(run_ensemble(table, draws, Path(sys.argv[1]), jobs=1, part=2000).losses)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def peak(draws: int, folder: Path) -> int:
    """Bytes at most of a process that runs so many draws and counts their risk."""
    told = subprocess.run(
        [sys.executable, "-c", MEMORY, str(folder), str(draws)], capture_output=True, text=True, check=True
    )
    return 1024 * int(told.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak of memory is read from /proc")
def test_twice_the_draws_take_no_more_memory_and_what_they_take_is_stated(tmp_path: Path) -> None:
    stated = needs(TABLE, 80_000, jobs=1, part=2000)
    once, twice = peak(40_000, tmp_path / "once"), peak(80_000, tmp_path / "twice")
    assert twice - once < 8 * 2**20  # all draws and losses of 40,000 more would be above 20 MiB
    assert twice <= stated.memory
    written = sum(path.stat().st_size for path in (tmp_path / "twice").rglob("*.parquet"))
    assert written <= stated.disk


def test_what_no_disk_holds_is_refused_at_once_and_what_it_would_take_is_said(tmp_path: Path) -> None:
    many = ENSEMBLE.draw(TABLE, 10**15)
    with pytest.raises(
        TooLargeError, match=r"1,000,000,000,000,000 draws would write about [\d,.]+ TiB to .* years on"
    ):
        run_ensemble(TABLE, many, tmp_path / "many")
    assert not (tmp_path / "many").exists()
    assert many[10**15 - 1] == ENSEMBLE.one(TABLE, 10**15 - 1)


@given(
    st.lists(st.lists(st.floats(allow_nan=False), min_size=2, max_size=2), min_size=1, max_size=40),
    st.integers(1, 7),
    st.sampled_from([0, 5, 1000]),
)
@settings(deadline=None)
def test_order_statistics_are_those_of_sorting_however_few_numbers_are_held(
    rows: list[list[float]], at_once: int, held: int
) -> None:
    numbers = np.array(rows)
    ranks = np.array([0, len(rows) // 2, len(rows) - 1])
    chunks = [numbers[first : first + at_once] for first in range(0, len(rows), at_once)]
    found = order_statistics(lambda: chunks, ranks, len(rows), held=held)
    np.testing.assert_array_equal(found, np.sort(numbers, axis=0)[ranks])


@given(st.lists(st.floats(-10, 100), min_size=1, max_size=30), st.sampled_from([0.5, 0.8, 0.95]))
@settings(deadline=None)
def test_expected_shortfall_is_the_least_of_rockafellar_and_uryasev(losses: list[float], level: float) -> None:
    loss = np.array(losses)
    found = risk(loss[:, None], level=level)
    at_risk, shortfall = found.value_at_risk.value[0], found.expected_shortfall.value[0]
    assert found.expected.value[0] == pytest.approx(loss.mean(), abs=1e-9)
    candidates = [each + np.maximum(loss - each, 0).mean() / (1 - level) for each in loss]
    assert shortfall == pytest.approx(min(candidates), abs=1e-8)
    assert (loss > at_risk).mean() <= 1 - level + 1e-9
    assert shortfall >= at_risk - 1e-9
    assert found.value_at_risk.low[0] <= at_risk <= found.value_at_risk.high[0]


def test_chunks_say_what_the_whole_says() -> None:
    losses = np.random.default_rng(0).normal(size=(1000, 3))
    whole, parts = risk(losses), risk(lambda: np.array_split(losses, 13))
    for one, other in ((whole.expected, parts.expected), (whole.expected_shortfall, parts.expected_shortfall)):
        np.testing.assert_allclose((one.value, one.low, one.high), (other.value, other.low, other.high), rtol=1e-12)
    np.testing.assert_array_equal(whole.value_at_risk.value, parts.value_at_risk.value)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(1)
    truth = {"expected": 1.0, "value_at_risk": -np.log(0.1), "expected_shortfall": 1 - np.log(0.1)}
    losses = random.exponential(size=(300, 200))  # each column is an ensemble of 300
    found = risk(losses, level=0.9)
    for name, expected in truth.items():
        estimate = getattr(found, name)
        held = ((estimate.low <= expected) & (expected <= estimate.high)).mean()
        assert 0.87 <= held <= 1, name
    assert np.isnan(risk(losses[:90], level=0.9).expected_shortfall.low).all()  # nine in the tail are too few
    with pytest.raises(ValueError, match="at least one draw"):
        risk(np.zeros((0, 1)))


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("seed = 7", "seed = -7", 3, "at least 0, not -7"),
        ("seed = 7", "speed = 7", 3, "An ensemble has no 'speed'"),
        ('kind = "shortage"', 'kind = "comet"', 6, "no kind of shock 'comet'"),
        ("probability = 0.3", "probability = 0.9", 16, "add up to more than 1 here, to 1.1"),
        ('use = "earthquake"', 'use = "nothing"', 15, "neither a scenario nor a file 'nothing'"),
        ("low = 2, high = 4", "low = 4, high = 2", 21, "from 4 down to 2"),
        ("low = 2, high = 4", "low = 2.5, high = 4", 21, "'days' is a whole number from 1 to 36,525, not 2.5"),
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
