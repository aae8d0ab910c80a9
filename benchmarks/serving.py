"""A server as a process: what its answers cost the processor, how soon the first comes, what memory its tree takes."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from scripts.test import ROOT

BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip", "User-Agent": "Mozilla/5.0", "Accept-Language": "en"}
PATIENCE = 120.0
IDLE = 0.02
"""Share of a core below which a server that has just started has done what it does for itself."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A server that answers, and in how many seconds after its start it did so first."""

    pid: int
    port: int
    first_answer: float

    def ask(self, path: str, cookie: str = "", times: int = 1) -> None:
        """Ask for a page over one connection. Raises RuntimeError for any other answer than 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        for _ in range(times):
            connection.request("GET", path, headers=BROWSER | ({"Cookie": cookie} if cookie else {}))
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} is answered with {answer.status}.")
        connection.close()

    def processor(self, path: str, times: int, cookie: str = "") -> float:
        """Milliseconds of the processor that an answer takes, in all processes of the server."""
        self.ask(path, cookie, times)  # each process and thread has been asked once
        began, at = self._seconds(), time.monotonic()
        self.ask(path, cookie, times)
        asked, until = self._seconds(), time.monotonic()
        time.sleep(1)  # what it does while nobody asks does not count
        idle = _spent(asked, self._seconds()) / (time.monotonic() - until)
        return 1000 * (_spent(began, asked) - idle * (until - at)) / times

    def memory(self) -> float:
        """Megabytes of the tree of processes; what several share counts once (PSS)."""
        parts = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in self._tree()]
        return sum(int(part.partition("\nPss:")[2].split()[0]) for part in parts) / 1024

    def settle(self) -> None:
        """Wait until the server has done what it does for itself after its start."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            began = self._seconds()
            time.sleep(1)
            if _spent(began, self._seconds()) < IDLE:
                return

    def _seconds(self) -> dict[str, float]:
        """Of the processor, spent so far by each thread."""
        threads = [str(thread) for pid in self._tree() for thread in Path(f"/proc/{pid}/task").iterdir()]
        return {
            thread: int(Path(thread, "schedstat").read_text(encoding="ascii").split()[0]) / 1e9 for thread in threads
        }

    def _tree(self) -> list[int]:
        pids = [self.pid]
        for pid in pids:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                pids += map(int, children.read_text(encoding="ascii").split())
        return pids


def _spent(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """Seconds between two looks; those of a thread that has ended meanwhile are not known."""
    return sum(seconds - before.get(thread, 0.0) for thread, seconds in after.items())


@contextmanager
def served(command: Sequence[str], port: int, page: str, settings: Mapping[str, str], folder: Path) -> Iterator[Served]:
    """Start a server, wait for its first answer with a page, and end it with its children."""
    with (folder / "server.log").open("w") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log, start_new_session=True
        )
        try:
            while not _answers(port, page):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    raise RuntimeError(f"{command[0]} does not serve; see {log.name}.")
                time.sleep(0.02)
            yield Served(process.pid, port, time.monotonic() - began)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # its worker would end what it computes first, and nothing is kept
            process.wait()


def _answers(port: int, page: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", page, headers=BROWSER)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
