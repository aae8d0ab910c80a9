"""What is done once a day, by the task worker.

A room declares its own in ``<room>/daily.py``, which is found by its name:

    @daily("forget visits")
    def forget_visits() -> None: ...
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.tasks import task
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
    """Do everything that is due daily, and return the names of what failed: one failure stops none of the others."""
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
    """Do what is due, and come again tomorrow."""
    every_day.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    run_jobs()


def start() -> None:
    """Have the worker come every day, unless it does so already."""
    if not DBTaskResult.objects.filter(task_path=every_day.module_path, finished_at__isnull=True).exists():
        every_day.enqueue()
