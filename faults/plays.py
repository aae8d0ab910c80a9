"""The faults, each a function that does it while the load goes on, and yields what was measured."""

import io
import mmap
import os
import random
import signal
import sqlite3
import struct
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from faults.clients import dripping, send_body
from faults.fair import FIRM, LETTERS, READERS, reader
from faults.load import Load, upload
from faults.site import PATIENCE, Site, children, kill
from scripts.test import Cluster

type Figures = Iterator[tuple[str, str]]
"""What was measured, and its value with its unit."""

GIGABYTE = 10**9
HOUR = 3_600
SECONDS_BETWEEN_KILLS = 3.0
SECONDS_A_LETTER = 1.0
"""Of a slow mail server."""
UNDER_LOAD = 3.0
"""Seconds of plain load after a fault."""
READING = ("visitor's page", "person's page")
"""Of whom the load has, those who only read."""


@dataclass(frozen=True)
class Sizes:
    """How much of each fault is played."""

    kills: int
    drip_seconds: float
    away: tuple[float, ...]
    frozen_seconds: float
    full_seconds: float
    silent_seconds: float


type Play = Callable[[Site, Load, Sizes], Figures]


def kills(site: Site, load: Load, sizes: Sizes) -> Figures:
    """Kill -9 of a web process, the worker or PostgreSQL, in turn."""
    chance, since, killed = random.Random(2026), time.monotonic(), Counter[str]()
    load.imports_wanted.set()
    victims = ["web process", "worker", *(["PostgreSQL"] if site.database else [])]
    for number in range(sizes.kills):
        victim = victims[number % len(victims)]
        if victim == "PostgreSQL" and site.database:
            _kill_postgresql(site, whole=number % 2 == 0)
        elif pids := site.web_processes() if victim == "web process" else site.workers():
            kill(chance.choice(pids))
        killed[victim] += 1
        time.sleep(SECONDS_BETWEEN_KILLS * chance.uniform(0.5, 1.5))
    told = ", ".join(f"{count} {victim}" for victim, count in killed.items())
    yield "killed", told
    yield "longest without an answer", f"{site.longest_gap(since):.1f} s"
    yield from _after(site, load, time.monotonic(), since)


def _kill_postgresql(site: Site, *, whole: bool) -> None:
    """Kill a process of the server, after which it restarts by itself; or its first one, which we start again."""
    assert site.database is not None
    kill(site.database.pid if whole else site.database.backend())
    if whole:
        _start_database(site)


def _start_database(site: Site) -> None:
    assert site.database is not None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(1.0)
        with suppress(SystemExit):  # what was killed has still processes that end
            return site.database.start()
    raise RuntimeError("PostgreSQL does not start again.")


def slow_clients(site: Site, load: Load, sizes: Sizes) -> Figures:
    """24 and 200 connections that send a byte every two seconds."""
    for connections in (24, 200):
        since = time.monotonic()
        with dripping(site.port, connections, load.fair["sign-in"]):
            time.sleep(sizes.drip_seconds)
            yield f"slowest page beside {connections}", _slowest(load, since + 3)
    yield from _after(site, load, time.monotonic(), since)


def database_away(site: Site, load: Load, sizes: Sizes) -> Figures:
    """PostgreSQL is stopped; of SQLite another program holds the lock of writing."""
    for seconds in sizes.away:
        since = time.monotonic()
        with _stopped(site) if site.database else _locked(site):
            time.sleep(seconds)
            yield from _during(load, since, seconds)
        for what, value in _after(site, load, time.monotonic(), since):
            yield f"after {seconds:.0f} s, {what}", value


def database_frozen(site: Site, load: Load, sizes: Sizes) -> Figures:
    """PostgreSQL stops where it is, and closes no connection."""
    if site.database is None:
        yield "skipped", "SQLite has no server"
        return
    since = time.monotonic()
    with _frozen(site.database):
        time.sleep(sizes.frozen_seconds)
        yield from _during(load, since, sizes.frozen_seconds)
    yield from _after(site, load, time.monotonic(), since)


@contextmanager
def _frozen(server: Cluster) -> Iterator[None]:
    processes = [server.pid, *children(server.pid)]
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in processes:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def _stopped(site: Site) -> Iterator[None]:
    assert site.database is not None
    site.database.stop("fast")
    try:
        yield
    finally:
        _start_database(site)


@contextmanager
def _locked(site: Site) -> Iterator[None]:
    with closing(sqlite3.connect(site.home / "serai.sqlite3", timeout=60, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def disk_full(site: Site, load: Load, sizes: Sizes) -> Figures:
    """No byte is left on the disk of the instance and of the database."""
    if not site.folder.is_mount():
        yield "skipped", "only root can mount a small file system"
        return
    since, ballast = time.monotonic(), site.folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        end = since + sizes.full_seconds
        while time.monotonic() < end:
            _fill(file.write)
            time.sleep(0.1)
    yield f"answers during {sizes.full_seconds:.0f} s", _statuses(load, since)
    ballast.unlink()
    freed = time.monotonic()
    if site.database and not site.database.pid:
        yield "PostgreSQL", "had stopped by itself, as it does when it cannot write its log, and was started again"
        _start_database(site)
    yield from _after(site, load, freed, since)


def _fill(write: Callable[[bytes], int]) -> None:
    for size in (1024**2, 4096, 1):
        with suppress(OSError):
            while write(b"\0" * size):
                pass


def clock_moved(site: Site, load: Load, sizes: Sizes) -> Figures:
    """The clock of all processes is an hour ahead, then right, then an hour behind, then right."""
    if site.clock is None:
        yield "skipped", "no C compiler is here to build what moves the clock"
        return
    load.codes_wanted.clear()  # a code is void after minutes, as it should be
    time.sleep(UNDER_LOAD)
    since = time.monotonic()
    for hours in (1, 0, -1, 0):
        _set_clock(site.clock, hours * HOUR)
        moved = time.monotonic()
        yield f"first write after the clock is at {hours:+d} h", _until_written(load, moved)
        time.sleep(UNDER_LOAD)
    load.codes_wanted.set()
    yield from _after(site, load, time.monotonic(), since)


def _set_clock(file: Path, seconds: int) -> None:
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 8) as offset:
        offset[:] = struct.pack("q", seconds)


def mail_silent(site: Site, load: Load, sizes: Sizes) -> Figures:
    """The mail server takes connections and says nothing."""
    since = time.monotonic()
    site.mail.silent.set()
    time.sleep(sizes.silent_seconds)
    yield "slowest answer to who asks for a code", _slowest(load, since, ("code",))
    yield "slowest page", _slowest(load, since)
    site.mail.silent.clear()
    speaks = time.monotonic()
    asked = {write.mark for write in list(load.writes) if write.kind == "code" and write.acknowledged}
    while asked - set(site.mail.arrived) and time.monotonic() - speaks < PATIENCE:
        time.sleep(0.5)
    missing = len(asked - set(site.mail.arrived))
    yield "codes asked for, of which have not come", f"{len(asked)}, {missing}"
    yield "until the last of them came", f"{_seconds(speaks):.1f} s"
    yield from _after(site, load, time.monotonic(), since)


def letters(site: Site, load: Load, sizes: Sizes) -> Figures:
    """The worker and all that it has forked are killed while sixty letters wait for a slow mail server."""
    load.codes_wanted.clear()
    since, site.mail.seconds_a_letter = time.monotonic(), SECONDS_A_LETTER
    people = [reader(READERS + number) for number in range(LETTERS)]
    for person in people:
        load.ask_for_code(person)
    waiting = [person for person in people if not site.mail.arrived[person]]
    for pid in site.workers():
        kill(pid)
    killed, site.mail.seconds_a_letter = time.monotonic(), 0.0
    while (missing := sum(not site.mail.arrived[person] for person in waiting)) and _seconds(killed) < PATIENCE:
        time.sleep(0.5)
    yield "letters asked for, that waited when the worker was killed", f"{LETTERS}, {len(waiting)}"
    yield "of these have not come", f"{missing}"
    yield "until the last of them came", f"{_seconds(killed):.1f} s"
    yield "came twice", f"{sum(site.mail.arrived[person] > 1 for person in people)}"
    load.codes_wanted.set()
    yield from _after(site, load, killed, since)


def gigabyte(site: Site, load: Load, sizes: Sizes) -> Figures:
    """Anybody posts a gigabyte to the page of signing in, with and without saying so before."""
    since, before = time.monotonic(), site.memory()
    for chunked in (False, True):
        sent = send_body(site.port, load.fair["sign-in"], GIGABYTE, chunked=chunked, seconds=60)
        how = "in chunks" if chunked else "of a length that is told"
        yield (
            f"a body {how}",
            f"answered with {sent.status} in {sent.seconds:.1f} s, {sent.taken / 1e6:.1f} MB were sent",
        )
    yield "memory of the tree, before and after", f"{before:.0f} and {site.memory():.0f} MB"
    yield from _after(site, load, time.monotonic(), since)


def control_character(site: Site, load: Load, sizes: Sizes) -> Figures:
    """A name with a character that no workbook can hold, of a lead and of a firm that is imported."""
    since, side = time.monotonic(), load.fair["exhibitors"][0]
    form = {"person": "bad\x01name", "key": "control", "rating": "3"}
    answer = load.ask("control", side["lead"], side["cookie"], form)
    yield "a lead with a control character", f"answered with {answer.status}"
    page = load.followed(load.fair["import"], *upload(f"Legal name,Country\n{FIRM}bad\x01name,DE\n"))
    yield "a list of firms with one", "imported" if page and load.applied(page) else "refused"
    workbook = load.ask("control", load.fair["workbook"])
    yield "the public workbook", f"answered with {workbook.status}, {_sheets(workbook.body)} sheets can be read"
    yield from _after(site, load, time.monotonic(), since)


PLAYS: Mapping[str, Play] = {
    "kills": kills,
    "slow-clients": slow_clients,
    "database-away": database_away,
    "database-frozen": database_frozen,
    "disk-full": disk_full,
    "clock-moved": clock_moved,
    "mail-silent": mail_silent,
    "letters": letters,
    "gigabyte": gigabyte,
    "control-character": control_character,
}


def _sheets(workbook: bytes) -> int:
    """How many sheets of a workbook are XML that can be read."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(bool(ElementTree.fromstring(archive.read(name)).tag) for name in names)


def _after(site: Site, load: Load, over: float, since: float) -> Figures:
    """How soon all is well again, and whether an answer was a defect."""
    written = _until_written(load, over)
    yield "ready again after", f"{site.seconds_until_ready(over):.1f} s"
    yield "first write after", written
    wrong = Counter(path for at, _who, path, status, _seconds in list(load.answers) if at >= since and status == 500)
    if wrong:
        yield "answers of 500", ", ".join(f"{count} of {path}" for path, count in wrong.most_common(5))
    time.sleep(UNDER_LOAD)


def _seconds(since: float) -> float:
    return time.monotonic() - since


def _until_written(load: Load, since: float) -> str:
    before = load.acknowledged()
    while load.acknowledged() == before:
        if time.monotonic() - since > PATIENCE:
            return f"none in {PATIENCE:.0f} s"
        time.sleep(0.05)
    return f"{time.monotonic() - since:.1f} s"


def _during(load: Load, since: float, seconds: float) -> Figures:
    yield f"answers during {seconds:.0f} s", _statuses(load, since)
    yield f"pages to read during {seconds:.0f} s", _statuses(load, since, READING)
    yield f"slowest page during {seconds:.0f} s", _slowest(load, since)


def _slowest(load: Load, since: float, of: Collection[str] = READING) -> str:
    answers = [(took, path) for at, who, path, _status, took in list(load.answers) if at >= since and who in of]
    took, path = max(answers, default=(0.0, "none was asked for"))
    return f"{took:.2f} s of {len(answers)} ({path})"


def _statuses(load: Load, since: float, of: Collection[str] = ()) -> str:
    """How often each status was answered, to everybody or to these."""
    found = Counter(
        status for at, who, _path, status, _seconds in list(load.answers) if at >= since and (not of or who in of)
    )
    return ", ".join(f"{count} of {status or 'no answer'}" for status, count in sorted(found.items())) or "none"
