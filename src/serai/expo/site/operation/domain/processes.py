"""What runs of an instance, and what is kept of a request: a line of the log, and the figures for Prometheus.

Each ``serai up`` says in a file below SERAI_HOME that it runs, and its version.
"""

import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

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


log = logging.getLogger("serai.requests")


def note_request(
    *,
    method: str | None,
    page: str | None,
    edition: str | None = None,
    actor: str = "visitor",
    status: int,
    seconds: float = 0.0,
) -> None:
    """Note a request that was answered. ``page`` is the name of an address, which holds nothing of a person."""
    told = {"method": method, "page": page, "edition": edition, "actor": actor, "status": status}
    log.info("request", extra={"fields": told | {"ms": round(seconds * 1000, 1)}})
    if settings.METRICS:
        from serai.expo.site.operation.domain import metrics  # made only where it is asked for

        metrics.count_request(page=page or "", actor=actor, status=status, seconds=seconds)
