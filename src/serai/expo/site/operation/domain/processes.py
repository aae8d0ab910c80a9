"""What runs of an instance: each ``serai up`` says in a file below SERAI_HOME that it runs, and which version."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import serai
from serai.expo.base.home import home

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus-client is told where processes count."""


@dataclass(frozen=True)
class Running:
    """A ``serai up``."""

    machine: str
    pid: int
    version: str
    since: float  # seconds of the epoch

    @property
    def is_here(self) -> bool:
        return self.machine == os.uname().nodename

    @property
    def has_ended(self) -> bool:
        """Whether it was killed: it has not taken its file away, and its process is gone."""
        return self.is_here and not Path(f"/proc/{self.pid}").exists() and Path("/proc/self").exists()

    @property
    def is_old(self) -> bool:
        """Whether it runs another version than the one that is installed here, or an earlier state of its files."""
        newest = max(path.stat().st_mtime for path in Path(serai.__path__[0]).rglob("*.py"))
        return self.version != serai.__version__ or (self.is_here and newest > self.since)


@contextmanager
def announced() -> Iterator[None]:
    """Say that this process serves the instance."""
    running = Running(os.uname().nodename, os.getpid(), serai.__version__, time.time())
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{running.machine}-{running.pid}.json"
    path.write_text(json.dumps(asdict(running)), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def announcements() -> list[tuple[Path, Running]]:
    """The files of what runs, or was killed, and what stands in them."""
    return [(path, Running(**json.loads(path.read_text(encoding="utf-8")))) for path in sorted(_folder().glob("*"))]


def begin_counting() -> None:
    """Let all processes that are forked from this one count together, from nothing."""
    folder = home() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[METRICS_FOLDER] = str(folder)


def _folder() -> Path:
    return home() / "processes"
