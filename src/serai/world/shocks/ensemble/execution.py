"""Execution of many scenarios on cores or machines, written part by part and resumed where it stopped.

The folder holds `manifest.json` (what is run, from which the parts follow) and, a part each, `draws/part-00000.parquet`
(the scenarios) and `parts/part-00000.parquet` (value added lost by scenario and country). A part is there whole or not
at all. Neither the scenarios nor the results of more than a few parts are held at once.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import batched
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from serai.world.progress import Progress, silent
from serai.world.shocks import Scenario, each_result
from serai.world.shocks.ensemble.cluster import workers_of
from serai.world.shocks.ensemble.draws import Draws, described
from serai.world.shocks.ensemble.needs import check_room
from serai.world.shocks.ensemble.outcome import Outcome, draws_path, part_path, read_outcome
from serai.world.shocks.worlds import World, arrays_of
from serai.world.table import Array

PART = 64
"""Scenarios in a part: the unit of work, of writing and of taking up again."""

WAVE = 256
"""Parts that are given to workers before the next ones are: their answers are held at once at most."""

REACHED = 15
"""Seconds within which a scheduler has to answer."""

type Answers = tuple[Array, Array]
"""Value added lost (scenarios, N) and the residual of each scenario."""


class OtherEnsembleError(Exception):
    """The folder holds the results of something else."""


def run_ensemble(
    world: World,
    scenarios: Sequence[Scenario | None],
    folder: Path,
    *,
    jobs: int = -1,
    scheduler: str | None = None,
    part: int = PART,
    progress: Progress = silent,
) -> Outcome:
    """Run the scenarios, None being nothing at all, and write them to `folder`; parts that are there are not run again.

    `jobs` processes of this machine, all cores where -1; or the workers of a Dask `scheduler` at this address. Batches
    are the parts, so that no result depends on how many workers there are. More draws of the same ensemble go on from
    those that are there. Raises OtherEnsembleError where the folder
    holds other scenarios or another table, TooLargeError where the disk has no room, SchedulerLostError, and what
    `run` raises.
    """
    parts = -(-len(scenarios) // part)
    there = _parts_in(folder)
    check_room(world, len(scenarios), folder, processes(jobs), part, done=min(there * part, len(scenarios)))
    _begin(world, scenarios, folder, part)
    there = _parts_in(folder)
    progress("scenarios", there / max(parts, 1))
    missing = (number for number in range(parts) if not part_path(folder, number).is_file())
    for done, (number, given, losses) in enumerate(
        _answers(world, scenarios, part, missing, jobs, scheduler), there + 1
    ):
        _write(folder, number, number * part, given, world.countries, losses)
        progress("scenarios", done / parts)
    return read_outcome(folder)


def _parts_in(folder: Path) -> int:
    return sum(1 for part in (folder / "parts").glob("*.parquet")) if folder.is_dir() else 0


def processes(jobs: int) -> int:
    """The processes that `jobs` stands for, as joblib counts them. Raises ValueError for 0."""
    if jobs == 0:
        raise ValueError("There is nobody to do the work with 0 processes; -1 is all cores.")
    return jobs if jobs > 0 else max((os.cpu_count() or 1) + 1 + jobs, 1)


def answers(world: World, scenarios: Sequence[Scenario | None]) -> Answers:
    """The losses of a part, and the residuals; zero where nothing happens."""
    loss, residual = np.zeros((len(scenarios), len(world.countries))), np.zeros(len(scenarios))
    happening = [place for place, scenario in enumerate(scenarios) if scenario is not None]
    for number, result in each_result(world, [scenario for scenario in scenarios if scenario is not None]):
        place = happening[number]
        loss[place], residual[place] = result.loss_by_country, result.residual
    return loss, residual


type Part = tuple[int, Sequence[Scenario | None], Answers]


def _numbered(number: int, world: World, scenarios: Sequence[Scenario | None]) -> Part:
    return number, scenarios, answers(world, scenarios)


def _answers(
    world: World,
    scenarios: Sequence[Scenario | None],
    part: int,
    missing: Iterator[int],
    jobs: int,
    scheduler: str | None,
) -> Iterator[Part]:
    """The missing parts' numbers, scenarios and answers, as they come in."""
    asked = ((number, scenarios[number * part : (number + 1) * part]) for number in missing)
    if scheduler is None and processes(jobs) == 1:
        for number, chosen in asked:
            yield _numbered(number, world, chosen)
        return
    from joblib import Parallel, delayed

    with (
        nullcontext() if scheduler is None else workers_of(scheduler, world, REACHED),
        Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs") as work,
    ):
        for wave in batched(asked, WAVE):
            yield from work(delayed(_numbered)(number, world, chosen) for number, chosen in wave)


def _begin(world: World, scenarios: Sequence[Scenario | None], folder: Path, part: int) -> None:
    """Write the manifest, or check that it equals the existing one."""
    manifest = {
        "fingerprint": _fingerprint(world, scenarios),
        "world": repr(world).strip("<>"),
        "scenarios": len(scenarios),
        "part": part,
        "countries": list(world.countries),
    }
    path = folder / "manifest.json"
    if path.is_file():
        before = _manifest(path)
        if before == manifest:
            return
        same = isinstance(before, dict) and {**before, "scenarios": len(scenarios)} == manifest
        if not same:
            raise OtherEnsembleError(
                f"{folder} holds the results of other scenarios or another table; name another folder."
            )
        there = before["scenarios"]
        if there > len(scenarios):
            raise OtherEnsembleError(
                f"{folder} holds {there:,} of these draws; ask for as many or more, or name another folder."
            )
        if there % part:  # the last part was not full
            part_path(folder, there // part).unlink(missing_ok=True)
    for name in ("draws", "parts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _put(path, json.dumps(manifest, indent=2).encode())


def _manifest(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _fingerprint(world: World, scenarios: Sequence[Scenario | None]) -> str:
    """Of the recipe where scenarios are drawn, else of each of them; and of the world."""
    digest = hashlib.sha256()
    if isinstance(scenarios, Draws):
        digest.update(_json(scenarios.recipe))
    else:
        for scenario in scenarios:
            digest.update(_json(None if scenario is None else described(scenario)))
    for array in arrays_of(world):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, default=_plain).encode()


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else list(value)


def _write(
    folder: Path,
    number: int,
    first: int,
    scenarios: Sequence[Scenario | None],
    countries: Sequence[str],
    losses: Answers,
) -> None:
    """Write the scenarios of a part, then its results, so that results never exist without their scenarios."""
    loss, residual = losses
    numbers = np.arange(first, first + len(scenarios))
    drawn = pl.DataFrame(
        {
            "scenario": numbers,
            "name": ["nothing" if scenario is None else scenario.name for scenario in scenarios],
            "kind": [None if scenario is None else scenario.kind for scenario in scenarios],
            "probability": [None if scenario is None else scenario.probability for scenario in scenarios],
            "parameters": [None if scenario is None else _json(scenario.parameters).decode() for scenario in scenarios],
        },
        schema_overrides={"kind": pl.String, "probability": pl.Float64, "parameters": pl.String},
    )
    lost = pl.DataFrame(
        {
            "scenario": np.repeat(numbers, len(countries)),
            "country": list(countries) * len(scenarios),
            "value_added_lost": loss.ravel(),
            "residual": np.repeat(residual, len(countries)),
        }
    )
    for path, frame in ((draws_path(folder, number), drawn), (part_path(folder, number), lost)):
        partial = path.with_suffix(".partial")
        frame.write_parquet(partial)
        partial.replace(path)


def _put(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
