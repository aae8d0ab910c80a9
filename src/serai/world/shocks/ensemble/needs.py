"""Resources of an ensemble: memory, including the program and its workers, and disk space."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from serai.world.progress import span
from serai.world.shocks.worlds import World, arrays_of
from serai.world.table import WorldTable

PROGRAM = 400 * 2**20
"""Bytes of a process before it has a table: the interpreter, NumPy, SciPy, Numba and Polars, loaded (measured)."""

READING = 100 * 2**20
"""Bytes of reading results and counting risk."""

A_VALUE, A_DRAW = 10, 200
"""Bytes on disk by draw and country, and by draw beside."""

QUICKEST = 1e-4
"""Seconds that a draw takes at least, to be written."""


class TooLargeError(Exception):
    """There is no room for so many draws; the message says what they would take."""


@dataclass(frozen=True)
class Needs:
    """Bytes of memory at most, about, of all processes on this machine together, and bytes on disk."""

    memory: int
    disk: int


def needs(world: World, draws: int, jobs: int, part: int) -> Needs:
    """Memory and disk space of `draws` draws on `jobs` processes. Memory doesn't grow with the number of draws."""
    workers = memory_a_worker(world, part) if jobs == 1 else jobs * (PROGRAM + memory_a_worker(world, part))
    shared = 0 if jobs == 1 else _size(world)  # workers of this machine read one copy
    return Needs(
        PROGRAM + READING + 2 * _size(world) + shared + workers, draws * (A_VALUE * len(world.countries) + A_DRAW)
    )


def memory_a_worker(world: World, part: int) -> int:
    """Bytes that a worker needs beside its program at most, about: flows, and a part of daily scenarios or one trade
    equilibrium, whichever is more."""
    if not isinstance(world, WorldTable):
        return 3 * _size(world)
    flows = 8 * world.n**2
    daily = 3 * flows + (2 * world.n_industries + 24) * 8 * world.n * part
    return max(daily, 8 * flows)


def check_room(world: World, draws: int, folder: Path, jobs: int, part: int, done: int = 0) -> None:
    """Raises TooLargeError where the disk of `folder` lacks room for what is still to come after `done` draws."""
    place = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    usage = shutil.disk_usage(place)
    free = usage.free
    asked = needs(world, draws - done, jobs, part)
    if usage.total and asked.disk > free:  # a file system that tells no size has none to give
        seconds = QUICKEST * (draws - done) / jobs
        raise TooLargeError(
            f"{draws:,} draws would write about {_bytes(asked.disk)} to {folder}, where {_bytes(free)} are free, and "
            f"take more than {span(seconds)} on {jobs} process{'es' * (jobs > 1)}; memory would stay at "
            f"{_bytes(asked.memory)}. Ask for fewer draws."
        )


def _size(world: World) -> int:
    return sum(array.nbytes for array in arrays_of(world))


def _bytes(number: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:,.0f} {unit}"
        number /= 1024
    return f"{number:,.1f} TiB"
