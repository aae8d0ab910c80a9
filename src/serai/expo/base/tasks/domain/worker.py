"""The worker: one process that watches, one for the lanes, and one for each task while it is done.

The watcher has no threads and does no work of its own, so that neither a task that computes for minutes nor one that
crashes keeps it from renewing leases, and it can end a task that was cancelled or hangs. What it forks shares its
memory. All processes end with it, even if it is killed.
"""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.core.cache import caches
from django.db import Error, connections
from django.utils import timezone
from django_scopes import scopes_disabled

from serai.expo.base.stop_signals import stop_signals
from serai.expo.base.tasks.domain import queue
from serai.expo.base.tasks.domain.queue import Lane, lanes

LOOK_SECONDS = 0.25
"""Between two looks for what is due."""
RENEW_SECONDS = 2
"""How often a lease is renewed, and how soon a task that was cancelled is ended."""
END_SECONDS = 20
"""What runs may be finished within this time when the worker is asked to stop; then it is given back."""
LONGEST_PAUSE = 3.0
"""Seconds between two tries while the database is away."""

NICENESS = 5
"""How far what computes stands back where there are few cores: somebody waits for a page."""
HERE = f"{os.uname().nodename} "
"""The beginning of the name of each worker of this machine; its number follows."""

log = logging.getLogger(__name__)


@dataclass
class Running:
    """A task and the process that does it."""

    task: queue.Row
    renewed: float


def work(slots: int) -> None:
    """Do what is due until SIGTERM or SIGINT arrives: all lanes, and ``slots`` tasks at once."""
    declared = lanes()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the processes that are forked
    with stop_signals(signal.SIGTERM, signal.SIGINT) as asked:
        with _database_trouble():
            queue.let_go_of(_has_ended)
        running: dict[int, Running] = {}
        lanes_process, trouble = 0, 0
        while not asked:
            with _database_trouble() as met:
                if lanes_process and not _is_alive(lanes_process):
                    lanes_process = 0
                    met.append(True)  # it ended by itself, and might do so again at once
                lanes_process = lanes_process or _fork(partial(_serve, declared, asked))
                _watch(running)
                _take_up(running, slots)
            trouble = trouble + 1 if met else 0
            time.sleep(_pause(trouble))
        _stop(running, lanes_process)


def _watch(running: dict[int, Running]) -> None:
    """Renew the leases of what runs, and end what has ended, was taken away or takes too long."""
    for pid, at in list(running.items()):
        if not _is_alive(pid):
            del running[pid]
            queue.let_go(at.task)
        elif time.monotonic() - at.renewed > RENEW_SECONDS:
            at.renewed = time.monotonic()
            too_long = timezone.now() - (at.task.started_at or timezone.now()) > queue.LONGEST
            if too_long:
                queue.stop_trying(at.task, f"It took longer than {queue.LONGEST} and was ended.")
            if too_long or not queue.renew(at.task):
                del running[pid]
                _kill(pid)


def _take_up(running: dict[int, Running], slots: int) -> None:
    while len(running) < slots and (task := queue.claim_task(f"{HERE}{os.getpid()}")):
        running[_fork(partial(_do, task))] = Running(task, time.monotonic())


def _do(task: queue.Row) -> None:
    os.nice(NICENESS)
    queue.run(task)


def _has_ended(worker: str) -> bool:
    """Whether a worker ran on this machine and has ended."""
    number = worker.removeprefix(HERE)
    if not (worker.startswith(HERE) and number.isdecimal()):
        return False
    try:
        os.kill(int(number), 0)  # which only asks
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _stop(running: dict[int, Running], lanes_process: int) -> None:
    """Let what runs end, and give back what does not end in time."""
    processes = [lanes_process] if lanes_process else []
    for pid in processes:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + END_SECONDS
    while (running or processes) and time.monotonic() < until:
        processes = [pid for pid in processes if _is_alive(pid)]
        with _database_trouble():
            _watch(running)
        time.sleep(LOOK_SECONDS)
    for pid in (*running, *processes):
        _kill(pid)
    with _database_trouble():
        for at in running.values():
            queue.give_back(at.task)


def _serve(declared: list[Lane], asked: Sequence[int]) -> None:
    """Serve all lanes, a thread for each slot, until it is asked to stop."""
    stopped = threading.Event()
    slots = [(lane, f"{lane.name}-{slot}") for lane in declared for slot in range(lane.slots)]
    threads = [threading.Thread(target=_serve_slot, args=(lane, stopped), name=name) for lane, name in slots]
    for thread in threads:
        thread.daemon = True
        thread.start()
    while not asked:
        time.sleep(LOOK_SECONDS)
    stopped.set()
    until = time.monotonic() + END_SECONDS - 1
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))


def _serve_slot(lane: Lane, stopped: threading.Event) -> None:
    trouble = 0
    while not stopped.is_set():
        did = False
        with _database_trouble() as met, _reported(lane, met), scopes_disabled():
            did = lane.step()
        trouble = trouble + 1 if met else 0
        if not did:
            stopped.wait(_pause(trouble))
    connections.close_all()


@contextmanager
def _reported(lane: Lane, met: list[bool]) -> Iterator[None]:
    """A defect in one piece of work does not end the lane."""
    try:
        yield
    except Error:
        raise
    except Exception:
        log.exception("The lane '%s' failed and goes on.", lane.name)
        met.append(True)


def _pause(trouble: int) -> float:
    """Seconds until the next look, after trouble so many times in a row."""
    return min(LOOK_SECONDS * 2.0 ** min(trouble, 10), LONGEST_PAUSE)


@contextmanager
def _database_trouble() -> Iterator[list[bool]]:
    """Go on without the database while it is away; the list is not empty then."""
    met: list[bool] = []
    try:
        yield met
    except Error as error:
        log.warning("The database does not answer as it should; it is tried again: %s", error)
        connections.close_all()
        met.append(True)


def _fork(act: Callable[[], None]) -> int:
    """Do ``act`` in a process of its own, which ends with this one. Returns its number."""
    connections.close_all()  # a connection can't be shared
    for cache in caches.all(initialized_only=True):
        getattr(cache, "shut", cache.close)()
    watcher = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        threading.Thread(target=_end_with, args=(watcher,), daemon=True).start()
        act()
        code = 0
    except BaseException:
        log.exception("A process of the worker failed.")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with(watcher: int) -> None:
    """End this process when the watcher is gone, since nobody would renew its leases."""
    while os.getppid() == watcher:
        time.sleep(1)
    os._exit(1)


def _is_alive(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
