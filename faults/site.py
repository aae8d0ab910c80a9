"""`serai up` as it is tried: its processes, what it needs, and whether it answers."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path

from benchmarks.serving import Served
from faults.letters import MailServer
from scripts.test import ROOT, Cluster

PATIENCE = 120.0
"""Seconds within which the site has to answer, at its start and after a fault."""


@dataclass
class Site:
    """An instance that is served."""

    folder: Path
    """SERAI_HOME, and beside it the data of PostgreSQL: a small file system where that is possible."""
    settings: Mapping[str, str]
    port: int
    mail: MailServer
    database: Cluster | None
    clock: Path | None
    """The file that moves the clock of the processes, if there is one."""
    process: subprocess.Popen[bytes]
    probes: list[tuple[float, bool]] = field(default_factory=list)
    """When the site was asked, and whether it was ready."""

    @property
    def home(self) -> Path:
        return Path(self.settings["SERAI_HOME"])

    def web_processes(self) -> list[int]:
        """Of the children, those without children of their own."""
        return [pid for pid in children(self.process.pid) if not children(pid)]

    def workers(self) -> list[int]:
        """The watcher of the tasks and the processes that it has forked."""
        watchers = [pid for pid in children(self.process.pid) if children(pid)]
        return [*watchers, *(pid for watcher in watchers for pid in children(watcher))]

    def memory(self) -> float:
        """Megabytes of the tree of processes."""
        with suppress(FileNotFoundError):  # a process has ended meanwhile
            return Served(self.process.pid, self.port, 0.0).memory()
        return 0.0

    def probe(self) -> bool:
        """Whether the database and a thread answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def seconds_until_ready(self, since: float) -> float:
        """Seconds from ``since`` to the first answer after which none failed. Raises RuntimeError if none comes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            time.sleep(1.0)
            after = [probe for probe in self.probes if probe[0] >= since]
            failed = max((at for at, ready in after if not ready), default=since)
            good = [at for at, ready in after if ready and at >= failed]
            if len(good) >= 3:
                return good[0] - since if failed > since else 0.0
        raise RuntimeError(f"The site did not answer again within {PATIENCE:.0f} s.")

    def longest_gap(self, since: float) -> float:
        """The longest time without a good answer since then, in seconds."""
        good = [since, *(at for at, ready in list(self.probes) if ready and at >= since), time.monotonic()]
        return max(after - before for before, after in pairwise(good))


def kill(pid: int) -> None:
    """Kill -9, of a process that may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Wait until the site is ready, ask it four times a second, and end it with all that it started."""
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(0.25):
            at = time.monotonic()
            site.probes.append((at, site.probe()))

    try:
        end = time.monotonic() + PATIENCE
        while not site.probe():
            if site.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("serai up does not serve; its log says why.")
            time.sleep(0.2)
        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        yield site
    finally:
        stopped.set()
        everything = [*children(site.process.pid), *site.workers()]
        site.process.terminate()
        try:
            site.process.wait(40)
        except subprocess.TimeoutExpired:
            site.process.kill()
            site.process.wait()
            for pid in everything:
                kill(pid)


def start(settings: Mapping[str, str], port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start `serai up` in a session of its own."""
    command = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    with log.open("ab") as told:
        return subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, stdout=told, stderr=told, start_new_session=True
        )


def children(pid: int) -> list[int]:
    with suppress(OSError):
        parts = [path.read_text(encoding="ascii") for path in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(number) for part in parts for number in part.split()]
    return []
