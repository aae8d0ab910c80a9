"""The watcher of the worker: what it ends, lets go and gives back, and that trouble in one lane is that lane's alone.

The processes are played here; tests/test_cli.py starts real ones.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base.tasks.domain import queue, worker
from serai.expo.base.tasks.domain.queue import Lane

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


@task
def work() -> None:
    raise AssertionError("The processes are played.")


class Processes:
    """Processes that are played: which live, and which were killed."""

    def __init__(self) -> None:
        self.alive: set[int] = set()
        self.killed: list[int] = []

    def fork(self, _act: Callable[[], None]) -> int:
        pid = 100 + len(self.alive) + len(self.killed)
        self.alive.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        self.alive.discard(pid)
        self.killed.append(pid)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    played = Processes()
    monkeypatch.setattr(worker, "_fork", played.fork)
    monkeypatch.setattr(worker, "_kill", played.kill)
    monkeypatch.setattr(worker, "_is_alive", lambda pid: pid in played.alive)
    monkeypatch.setattr(worker, "RENEW_SECONDS", -1)
    monkeypatch.setattr(worker, "END_SECONDS", 0)
    return played


def taken_up(number: int, slots: int = 2) -> dict[int, worker.Running]:
    running: dict[int, worker.Running] = {}
    for _task in range(number):
        work.enqueue()
    worker._take_up(running, slots)
    return running


def test_as_many_tasks_run_as_there_are_slots(processes: Processes) -> None:
    running = taken_up(3)
    assert len(running) == len(processes.alive) == 2
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_a_lease_is_renewed_while_its_process_lives(processes: Processes) -> None:
    running = taken_up(1)
    [at] = running.values()
    at.task.run_after = timezone.now() + timedelta(seconds=5)
    worker._watch(running)
    assert DBTaskResult.objects.get().run_after > timezone.now() + timedelta(seconds=50)
    assert processes.killed == []


def test_a_task_that_was_cancelled_loses_its_process(processes: Processes) -> None:
    running = taken_up(1)
    [pid] = running
    queue.cancel(DBTaskResult.objects.get())
    worker._watch(running)
    assert processes.killed == [pid]
    assert running == {}


def test_a_task_that_hangs_is_ended_and_set_aside(processes: Processes) -> None:
    running = taken_up(1)
    [pid] = running
    running[pid].task.started_at = timezone.now() - queue.LONGEST - timedelta(seconds=1)
    worker._watch(running)
    assert processes.killed == [pid]
    assert "It took longer than 1:00:00" in queue.set_aside().get().traceback


def test_a_task_whose_process_crashed_is_let_go(processes: Processes) -> None:
    running = taken_up(1)
    processes.alive.clear()
    worker._watch(running)
    assert running == {}
    assert DBTaskResult.objects.get().run_after <= timezone.now() + queue.WAITS[0]


def test_what_does_not_end_in_time_is_given_back(processes: Processes) -> None:
    running = taken_up(2)
    worker._stop(running, 0)
    assert len(processes.killed) == 2
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"READY"}
    assert [len(row.worker_ids) for row in DBTaskResult.objects.all()] == [0, 0]


@pytest.mark.parametrize("trouble", [OperationalError("the database is away"), ZeroDivisionError("a defect")])
def test_a_lane_goes_on_after_trouble(trouble: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    stopped, turns = threading.Event(), []

    def step() -> bool:
        turns.append(1)
        if len(turns) == 1:
            raise trouble
        stopped.set()
        return True

    worker._serve_slot(Lane("trial", 1, step), stopped)
    assert len(turns) == 2
