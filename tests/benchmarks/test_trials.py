"""Every trial of `make bench` runs here at a tiny size, so that none breaks unseen. The bars are for the full sizes."""

import math
import os
import subprocess
import sys
from inspect import signature

import pytest

from benchmarks import DATA, TRIALS, Finding, Trial, load_trials, python, runner, trial
from scripts.test import ROOT

load_trials()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of pandas and BoARIO
@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_runs_at_its_tiny_size(name: str) -> None:
    declared = TRIALS[name]
    if obstacle := declared.obstacle():
        pytest.skip(obstacle)
    findings = list(declared.measure(**declared.tiny))
    assert findings
    assert all(finding.what and math.isfinite(finding.value) for finding in findings), [*map(str, findings)]


@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_has_a_question_and_a_tiny_size_for_each_full_size(name: str) -> None:
    declared = TRIALS[name]
    full_sizes = {parameter.name: parameter.default for parameter in signature(declared.measure).parameters.values()}
    assert declared.question
    assert declared.tiny
    assert declared.tiny.keys() == full_sizes.keys()
    assert all(declared.tiny[name] != size for name, size in full_sizes.items())


def test_a_trial_cannot_be_declared_without_tiny_sizes() -> None:
    with pytest.raises(TypeError, match="tiny"):
        trial("no tiny run")  # type: ignore[call-arg]


def test_an_absent_file_is_an_obstacle() -> None:
    declared = Trial("Is it there?", lambda: iter(()), {}, data=["absent.csv"])
    assert declared.obstacle() == f"absent.csv is not in {DATA}; set SERAI_DATA"


def test_a_trial_that_cannot_run_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Trial, "obstacle", lambda _trial: "no data")
    assert runner.main(["links"]) == 0
    assert capsys.readouterr().out.endswith("    skipped: no data\n")


def test_after_a_trial_that_fails_the_others_run_and_the_failure_is_told_at_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failures = {"links": "ValueError: no row", "text-speed": ""}
    tried: list[str] = []
    monkeypatch.setattr(runner, "failure_of", lambda name: tried.append(name) or failures[name])
    assert runner.main([*failures]) == 1
    assert tried == ["links", "text-speed"]
    assert capsys.readouterr().out == "FAILED links: ValueError: no row\n2 trials, 1 failed.\n"
    failures["links"] = ""
    assert runner.main([*failures]) == 0


@pytest.mark.parametrize(
    ("run", "name", "failure"),
    [
        (bool, "a trial", ""),
        (int, "no\nnumber", "ValueError: invalid literal for int() with base 10: 'no\\nnumber'"),
        (os._exit, 9, "BrokenProcessPool: A process in the process pool was terminated abruptly"),
    ],
    ids=["passes", "raises", "dies"],
)
def test_a_failure_is_one_line_even_if_the_process_dies(
    run: object, name: str, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "run", run)
    told = runner.failure_of(name)
    assert told.startswith(failure)
    assert bool(told) == bool(failure)
    assert "\n" not in told


def test_the_command_runs_each_trial_in_a_process_of_its_own_and_ends_with_1_if_one_failed() -> None:
    command = [sys.executable, "-m", "benchmarks", "no trial", "no other"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[2].startswith("FAILED no trial: KeyError: ")
    assert lines[3].startswith("FAILED no other: KeyError: ")
    assert lines[4:] == ["2 trials, 2 failed."]


def test_a_process_that_fails_raises_its_last_line() -> None:
    with pytest.raises(RuntimeError, match=r"^ValueError: no row$"):
        python("raise ValueError('no row')")


def test_a_finding_says_whether_its_bar_is_reached() -> None:
    assert str(Finding("links", 1_200, "a second", least=1_000)) == (
        "links: 1,200 a second (bar: at least 1000: reached)"
    )
    assert str(Finding("error", 0.5, most=0.1)) == "error: 0.5 (bar: at most 0.1: MISSED)"
