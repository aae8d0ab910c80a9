"""What runs of an instance: each ``serai up`` says in a file below SERAI_HOME that it runs, and its version."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import serai
from serai.expo.base.home import home

BEAT_SECONDS = 30
LOST_SECONDS = 150  # one that has said nothing for so long was killed
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus-client is told where processes count."""


@dataclass(frozen=True)
class Running:
    """A ``serai up``."""

    machine: str
    pid: int
    version: str
    since: float  # seconds of the epoch
    heard_of: float  # when it last said that it runs

    @property
    def is_old(self) -> bool:
        """Whether it runs another version than the one that is installed here, or an earlier state of its files."""
        newest = max(path.stat().st_mtime for path in Path(serai.__path__[0]).rglob("*.py"))
        is_here = self.machine == os.uname().nodename
        return self.version != serai.__version__ or (is_here and newest > self.since)


@contextmanager
def announced() -> Iterator[Callable[[], None]]:
    """Say that this process serves the instance. The function says it again, and may be called at any time."""
    told = {"machine": os.uname().nodename, "pid": os.getpid(), "version": serai.__version__, "since": time.time()}
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{told['machine']}-{told['pid']}.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    last = time.monotonic()

    def again() -> None:
        nonlocal last
        if time.monotonic() - last > BEAT_SECONDS:
            last = time.monotonic()
            with suppress(OSError):  # a full disk, or a folder that is away, ends no server
                path.touch()

    try:
        yield again
    finally:
        path.unlink(missing_ok=True)


def announcements() -> list[tuple[Path, Running]]:
    """The files of what runs or was killed, and what stands in them."""
    return [
        (path, Running(**json.loads(path.read_text(encoding="utf-8")), heard_of=path.stat().st_mtime))
        for path in sorted(_folder().glob("*.json"))
    ]


def begin_counting() -> None:
    """Let all processes that are forked from this one count together, from nothing."""
    folder = home() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[METRICS_FOLDER] = str(folder)


def _folder() -> Path:
    return home() / "processes"
