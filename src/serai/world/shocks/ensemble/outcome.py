"""The stored results of an ensemble, read some draws at a time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from pathlib import Path

import numpy as np
import polars as pl

from serai.world.table import Array

READ = 4096
"""Scenarios that are read at once, or those of a part where these are more."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The results of `draws` scenarios in the files of a folder."""

    folder: Path
    countries: tuple[str, ...]
    draws: int
    part: int

    def chunks(self) -> Iterator[tuple[Array, Array]]:
        """Value added lost by country (w, N), and how well each scenario was solved (w,), some scenarios at a time."""
        for paths in self._some(part_path):
            frame = pl.read_parquet(list(paths), columns=["value_added_lost", "residual"])
            lost = frame["value_added_lost"].to_numpy().reshape(-1, len(self.countries))
            yield lost, frame["residual"].to_numpy()[:: len(self.countries)]

    def losses(self) -> Iterator[Array]:
        """The world's loss, then each country's (w, 1 + N), some scenarios at a time."""
        for loss, _ in self.chunks():
            yield np.column_stack([loss.sum(axis=1), loss])

    @property
    def nothing(self) -> int:
        """In how many scenarios nothing happened."""
        read = (pl.read_parquet(list(paths), columns=["kind"]) for paths in self._some(draws_path))
        return sum(frame["kind"].null_count() for frame in read)

    @property
    def largest_residual(self) -> float:
        """Of the scenario that was solved worst."""
        return max((float(residual.max(initial=0)) for _, residual in self.chunks()), default=0.0)

    @cached_property
    def loss(self) -> Array:
        """Value added lost by scenario and country, all at once: (W, N) numbers are held."""
        return np.concatenate([np.zeros((0, len(self.countries))), *(loss for loss, _ in self.chunks())])

    @cached_property
    def residual(self) -> Array:
        """How well each scenario was solved, all at once (W,)."""
        return np.concatenate([np.zeros(0), *(residual for _, residual in self.chunks())])

    def _some(self, path: Callable[[Path, int], Path]) -> Iterator[tuple[Path, ...]]:
        return batched(self.paths(path), max(READ // self.part, 1))

    def paths(self, path: Callable[[Path, int], Path]) -> Iterator[Path]:
        """The files of all parts: `part_path` or `draws_path`."""
        return (path(self.folder, number) for number in range(-(-self.draws // self.part)))


def read_outcome(folder: Path) -> Outcome:
    """The results in a folder. Raises FileNotFoundError where a part is missing."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    outcome = Outcome(folder, tuple(manifest["countries"]), manifest["scenarios"], manifest["part"])
    for path in outcome.paths(part_path):
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: the ensemble was not run to its end.")
    return outcome


def part_path(folder: Path, number: int) -> Path:
    """Where a part's results are."""
    return folder / "parts" / f"part-{number:05d}.parquet"


def draws_path(folder: Path, number: int) -> Path:
    """Where a part's scenarios are."""
    return folder / "draws" / f"part-{number:05d}.parquet"
