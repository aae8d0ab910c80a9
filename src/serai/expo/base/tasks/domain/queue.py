"""The queue of tasks: lanes, and rows that are leased to a worker for a while."""

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from traceback import format_exception
from typing import Any

from django.core.cache import cache
from django.db import connections, transaction
from django.db.models import Model, Q, QuerySet
from django.tasks.base import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from serai.expo.base.rooms import load_hooks
from serai.registry import Registry


def claim[Row: Model](due: QuerySet[Row], taken: Callable[[Row], Mapping[str, Any]]) -> Row | None:
    """The first row of ``due``, claimed for the caller; None if nothing is due.

    ``taken`` gives the fields that a claim changes, after which the row is not ``due`` any more: usually the time until
    which it is leased. So a row whose worker was killed is due again once its lease has run out. PostgreSQL passes over
    rows that others are just claiming; everywhere the row is written only if it is still due.
    """
    database = connections[due.db]
    locks = database.features.has_select_for_update_skip_locked
    while True:
        with transaction.atomic(using=due.db) if locks else nullcontext():
            row = (due.select_for_update(skip_locked=True, of=("self",)) if locks else due).first()
            if row is None:
                return None
            changes = taken(row)
            if due.filter(pk=row.pk).order_by().update(**changes):
                for name, value in changes.items():
                    setattr(row, name, value)
                return row


LEASE = timedelta(seconds=60)
LONGEST = timedelta(hours=1)
"""A task that takes longer is ended, as one that hangs."""
MOST_TRIES = 3
WAITS = (timedelta(seconds=10), timedelta(minutes=2))
"""How long a task waits after its first and its second failure."""

READY, RUNNING, FAILED = TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED
DONE = TaskResultStatus.SUCCESSFUL

type Row = DBTaskResult[..., Any]
"""A task as it stands in the database."""

log = logging.getLogger(__name__)


class SetAsideError(Exception):
    """A task is not tried any more; the message says why."""


class CancelledError(Exception):
    """A person cancelled the task."""


def due() -> QuerySet[Row]:
    """Tasks to be taken up: those that wait, and those whose worker has let its lease run out."""
    now_or_before = Q(run_after=get_date_max()) | Q(run_after__lte=timezone.now())
    return DBTaskResult.objects.filter(now_or_before, status__in=(READY, RUNNING))


def claim_task(worker: str) -> Row | None:
    """The next task that is due, leased to ``worker``. Tasks that ended their workers too often are set aside."""
    while task := claim(due(), lambda task: _leased(task, worker)):
        if len(task.worker_ids) <= MOST_TRIES:
            return task
        error = SetAsideError(f"Its worker ended while it ran, {MOST_TRIES} times.")
        _end(task, FAILED, worker_ids=task.worker_ids[:-1], **_error(error))
        log.error("The task %s is set aside: %s", task.task_path, error)
    return None


def _leased(task: Row, worker: str) -> dict[str, Any]:
    now = timezone.now()
    ids = [*task.worker_ids, worker]
    return {"status": RUNNING, "started_at": now, "run_after": now + LEASE, "worker_ids": ids}


def run(task: Row) -> None:
    """Run a claimed task, and keep what it returned. One that fails is tried again after a while, or set aside."""
    try:
        given = task.args_kwargs
        answer = task.task.call(*given["args"], **given["kwargs"])
        _end(task, DONE, return_value=answer, exception_class_path="", traceback="")
    except Exception as error:
        tries = len(task.worker_ids)
        log.exception("The task %s failed in try %d of %d.", task.task_path, tries, MOST_TRIES)
        if tries >= MOST_TRIES:
            _end(task, FAILED, **_error(error))
        else:
            again = timezone.now() + WAITS[min(tries, len(WAITS)) - 1]
            _held(task).update(status=READY, run_after=again, **_error(error))


def renew(task: Row) -> bool:
    """Lengthen the lease in time. Returns False if the task is not its worker's any more: cancelled, or taken away."""
    if cache.get(_flag(task)) or not _held(task).exists():
        return False
    if task.run_after < timezone.now() + LEASE / 2:
        task.run_after = timezone.now() + LEASE
        _held(task).update(run_after=task.run_after)
    return True


def let_go(task: Row) -> None:
    """The process of the task has ended: unless the task ended with it, it is tried again soon."""
    _held(task).update(run_after=timezone.now() + WAITS[0])


def let_go_of(worker_has_ended: Callable[[str], bool]) -> None:
    """Let go of the tasks of workers that have ended, without waiting for their leases."""
    for task in DBTaskResult.objects.filter(status=RUNNING, run_after__gt=timezone.now() + WAITS[0]):
        if task.worker_ids and worker_has_ended(task.worker_ids[-1]):
            let_go(task)


def give_back(task: Row) -> None:
    """Let another worker take the task at once; this try does not count."""
    _held(task).update(status=READY, run_after=get_date_max(), worker_ids=task.worker_ids[:-1])


def stop_trying(task: Row, why: str) -> None:
    """Set a running task aside."""
    _end(task, FAILED, **_error(SetAsideError(why)))


def cancel(task: Row) -> bool:
    """End a task that has not ended, for a person who asked for it. Returns whether it had not.

    Its worker sees that the task is taken away, and ends the process that runs it. The flag reaches the worker even
    while that process keeps others from writing.
    """
    open_ = DBTaskResult.objects.filter(pk=task.pk, status__in=(READY, RUNNING))
    if not open_.exists():
        return False
    cache.set(_flag(task), True, LONGEST.total_seconds())
    return open_.update(status=FAILED, finished_at=timezone.now(), **_error(CancelledError())) > 0


def _flag(task: Row) -> str:
    return f"cancel-{task.pk}"


def set_aside() -> QuerySet[Row]:
    """Tasks that failed and are not tried again by themselves, the latest first."""
    failed = DBTaskResult.objects.filter(status=FAILED).exclude(exception_class_path=_path(CancelledError))
    return failed.order_by("-finished_at")


def try_again(numbers: Collection[Any]) -> int:
    """Queue tasks that were set aside, for MOST_TRIES more tries. Returns how many."""
    again = {"status": READY, "run_after": get_date_max(), "worker_ids": [], "finished_at": None}
    return set_aside().filter(pk__in=numbers).order_by().update(**again)


def _held(task: Row) -> QuerySet[Row]:
    """The task as long as this try of it lasts: nothing is written by a worker that has lost it."""
    return DBTaskResult.objects.filter(pk=task.pk, status=RUNNING, worker_ids=task.worker_ids)


def _end(task: Row, status: TaskResultStatus, **fields: Any) -> None:
    _held(task).update(status=status, finished_at=timezone.now(), **fields)


def _error(error: BaseException) -> dict[str, str]:
    return {"exception_class_path": _path(type(error)), "traceback": "".join(format_exception(error))}


def _path(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


type Step = Callable[[], bool]


@dataclass(frozen=True)
class Lane:
    """A kind of work, how many pieces of it are done at once, and what does the next piece."""

    name: str
    slots: int
    step: Step


_lanes: Registry[Lane] = Registry("lane")


def lane(name: str, *, slots: int) -> Callable[[Step], Step]:
    """Declare the function below as the one that does the next piece of work of a lane."""

    def declare(step: Step) -> Step:
        _lanes.add(name, Lane(name, slots, step))
        return step

    return declare


def lanes() -> list[Lane]:
    """All lanes that the rooms have declared."""
    load_hooks()
    return list(_lanes.values())
