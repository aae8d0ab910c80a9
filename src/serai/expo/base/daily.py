"""Daily jobs, which the task worker runs. A room declares its own in its ``hooks.py``:

    @daily("forget visits")
    def forget_visits() -> None: ...

A job that fails does not stop the others.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.tasks import task
from django.tasks.base import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base.rooms import load_hooks
from serai.registry import Registry

type Job = Callable[[], object]

log = logging.getLogger(__name__)
_jobs: Registry[Job] = Registry("daily job")


def daily[Declared: Job](name: str) -> Callable[[Declared], Declared]:
    """Declare the function below as one that is called once a day."""

    def declare(job: Declared) -> Declared:
        _jobs.add(name, job)
        return job

    return declare


def run_jobs() -> list[str]:
    """Run every daily job, also after one has failed. Returns the names of the jobs that failed."""
    load_hooks()
    failed = []
    for name, job in _jobs.items():
        try:
            job()
        except Exception:
            log.exception("The daily job '%s' failed; the others go on.", name)
            failed.append(name)
    return failed


@task
def every_day() -> None:
    """Run the daily jobs, and schedule the next run for tomorrow."""
    start(timezone.now() + timedelta(days=1))
    run_jobs()


def start(at: datetime | None = None) -> None:
    """Schedule the daily jobs for a time, else for now, unless they are scheduled already."""
    waiting = DBTaskResult.objects.filter(task_path=every_day.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        every_day.using(run_after=at).enqueue()
