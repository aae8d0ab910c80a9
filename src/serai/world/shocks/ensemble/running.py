"""Running many scenarios: on all cores or many machines, written part by part, taken up again where they stopped.

The folder holds `manifest.json` (what is run, from which the parts follow), `scenarios.parquet` (each scenario) and
`parts/part-00000.parquet` and so on: value added lost by scenario and country. A part is there whole or not at all.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from serai.world.progress import Progress, silent
from serai.world.shocks import Scenario, World, run_together
from serai.world.table import Array, WorldTable

PART = 64
"""Scenarios in a part: the unit of work, of writing and of taking up again."""

type Answers = tuple[Array, Array]
"""Value added lost (scenarios, N) and the residual of each scenario."""


class OtherEnsembleError(Exception):
    """The folder holds the results of something else."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What W scenarios did: `loss` (W, N) is value added lost by country, `residual` (W,) how well each was solved."""

    countries: tuple[str, ...]
    loss: Array
    residual: Array


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
    are the parts, so that no result depends on how many workers there are. Raises OtherEnsembleError where the folder
    holds other scenarios or another table, and what `run` raises.
    """
    parts = [list(range(first, min(first + part, len(scenarios)))) for first in range(0, len(scenarios), part)]
    _begin(world, scenarios, folder, part)
    missing = [number for number in range(len(parts)) if not _path(folder, number).is_file()]
    done = len(parts) - len(missing)
    progress("scenarios", done / max(len(parts), 1))
    for number, (loss, residual) in _answers(world, scenarios, [parts[each] for each in missing], jobs, scheduler):
        _write(_path(folder, missing[number]), parts[missing[number]], world.countries, loss, residual)
        done += 1
        progress("scenarios", done / len(parts))
    return read_outcome(folder)


def read_outcome(folder: Path) -> Outcome:
    """The results in a folder. Raises FileNotFoundError where a part is missing."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    countries = tuple(manifest["countries"])
    number = -(-manifest["scenarios"] // manifest["part"])
    frames = [pl.read_parquet(_path(folder, each)) for each in range(number)]
    loss = [frame["value_added_lost"].to_numpy().reshape(-1, len(countries)) for frame in frames]
    residual = [frame["residual"].to_numpy()[:: len(countries)] for frame in frames]
    none = np.zeros((0, len(countries)))
    return Outcome(countries, np.concatenate([none, *loss]), np.concatenate([none[:, 0], *residual]))


def memory_a_worker(world: World, part: int = PART) -> int:
    """Bytes that a worker needs at most, about: the flows three times, and the state of a part of daily scenarios."""
    if not isinstance(world, WorldTable):
        return 3 * (world.value.nbytes + world.buyer.nbytes + world.traded.nbytes)
    return 3 * 8 * world.n**2 + (2 * world.n_industries + 16) * 8 * world.n * part


def answers(world: World, scenarios: Sequence[Scenario | None]) -> Answers:
    """The losses of a part, and the residuals; zero where nothing happens."""
    loss, residual = np.zeros((len(scenarios), len(world.countries))), np.zeros(len(scenarios))
    happening = [place for place, scenario in enumerate(scenarios) if scenario is not None]
    results = run_together(world, [scenario for scenario in scenarios if scenario is not None])
    for place, result in zip(happening, results, strict=True):
        loss[place], residual[place] = result.loss_by_country, result.residual
    return loss, residual


def _numbered(number: int, world: World, scenarios: Sequence[Scenario | None]) -> tuple[int, Answers]:
    return number, answers(world, scenarios)


def _answers(
    world: World,
    scenarios: Sequence[Scenario | None],
    parts: Sequence[Sequence[int]],
    jobs: int,
    scheduler: str | None,
) -> Iterator[tuple[int, Answers]]:
    """The parts' answers with their numbers, as they come in."""
    if scheduler is None and jobs == 1:
        for number, part in enumerate(parts):
            yield _numbered(number, world, [scenarios[place] for place in part])
        return
    from joblib import Parallel, delayed

    with _backend(world, scheduler):
        work = (
            delayed(_numbered)(number, world, [scenarios[place] for place in part]) for number, part in enumerate(parts)
        )
        yield from Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs")(work)


def _backend(world: World, scheduler: str | None) -> AbstractContextManager[Any]:
    """joblib's own processes, or the workers of a Dask cluster, to which the world is sent once."""
    if scheduler is None:
        return nullcontext()
    from distributed import Client
    from joblib import parallel_config

    client: Any = Client(scheduler, set_as_default=False)  # type: ignore[no-untyped-call]
    return _Closing(client, parallel_config(backend="dask", client=client, scatter=[world]))


class _Closing:
    """A configuration that closes its client at the end."""

    def __init__(self, client: Any, inner: AbstractContextManager[Any]) -> None:
        self.client, self.inner = client, inner

    def __enter__(self) -> Any:
        return self.inner.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        try:
            return self.inner.__exit__(*error)
        finally:
            self.client.close()


def _path(folder: Path, number: int) -> Path:
    return folder / "parts" / f"part-{number:05d}.parquet"


def _begin(world: World, scenarios: Sequence[Scenario | None], folder: Path, part: int) -> None:
    """Write the manifest and the list of scenarios, or check that they are those of before."""
    listed = [None if scenario is None else asdict(scenario) for scenario in scenarios]
    described = json.dumps(listed, sort_keys=True, default=_plain)
    manifest = {
        "fingerprint": hashlib.sha256(described.encode() + _digest(world)).hexdigest(),
        "world": repr(world).strip("<>"),
        "scenarios": len(scenarios),
        "part": part,
        "countries": list(world.countries),
    }
    path = folder / "manifest.json"
    if path.is_file():
        if json.loads(path.read_text(encoding="utf-8")) != manifest:
            raise OtherEnsembleError(
                f"{folder} holds the results of other scenarios or another table; name another folder."
            )
        return
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(
        {
            "scenario": range(len(scenarios)),
            "name": ["nothing" if each is None else each.name for each in scenarios],
            "kind": [None if each is None else each.kind for each in scenarios],
            "probability": [None if each is None else each.probability for each in scenarios],
            "parameters": [None if each is None else json.dumps(each["parameters"], default=_plain) for each in listed],
        },
        schema_overrides={"kind": pl.String, "probability": pl.Float64, "parameters": pl.String},
    )
    frame.write_parquet(folder / "scenarios.parquet")
    _put(path, json.dumps(manifest, indent=2).encode())


def _digest(world: World) -> bytes:
    arrays = (
        (world.Z, world.F) if isinstance(world, WorldTable) else (world.start, world.buyer, world.value, world.size)
    )
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else list(value)


def _write(path: Path, scenarios: Sequence[int], countries: Sequence[str], loss: Array, residual: Array) -> None:
    frame = pl.DataFrame(
        {
            "scenario": np.repeat(np.array(scenarios, dtype=np.int32), len(countries)),
            "country": list(countries) * len(scenarios),
            "value_added_lost": loss.ravel(),
            "residual": np.repeat(residual, len(countries)),
        }
    )
    partial = path.with_suffix(".partial")
    frame.write_parquet(partial)
    partial.replace(path)


def _put(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)
