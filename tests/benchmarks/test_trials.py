"""Every trial of `make bench` runs at a tiny size, so that none breaks unseen. No bar is tried: they are for full sizes."""

import math
from collections.abc import Iterator
from inspect import signature

import pytest

from benchmarks import TRIALS, Finding, Trial, apart, load_trials, python
from benchmarks import __main__ as runner

load_trials()


@pytest.mark.filterwarnings("ignore")  # of the rivals, pandas and BoARIO
@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_runs_at_its_tiny_size(name: str) -> None:
    trial = TRIALS[name]
    if obstacle := trial.obstacle():
        pytest.skip(obstacle)
    findings = list(trial.measure(**trial.tiny))
    assert findings
    assert all(finding.what and math.isfinite(finding.value) for finding in findings), [*map(str, findings)]


@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_declares_its_question_and_a_tiny_size_for_each_full_size(name: str) -> None:
    trial = TRIALS[name]
    full = {parameter.name: parameter.default for parameter in signature(trial.measure).parameters.values()}
    assert trial.question
    assert trial.tiny
    assert trial.tiny.keys() == full.keys()
    assert all(trial.tiny[size] != full[size] for size in full)
