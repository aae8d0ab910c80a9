"""Figures for Prometheus: requests of all web processes together, and what the database says of tasks and mail.

Each process counts in a file of its own below SERAI_HOME; whichever process is asked adds them up.
"""

import os
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from serai.expo.site.operation.domain.processes import METRICS_FOLDER

_of_this_process = CollectorRegistry()
REQUESTS = Counter("serai_requests", "Requests answered.", ["page", "actor", "status"], registry=_of_this_process)
SECONDS = Histogram(
    "serai_request_seconds",
    "Seconds from a whole request to its answer.",
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_of_this_process,
)


def count_request(*, page: str, actor: str, status: int, seconds: float) -> None:
    REQUESTS.labels(page, actor, status).inc()
    SECONDS.observe(seconds)


def exposition() -> bytes:
    """All figures in the text format of Prometheus."""
    registry = CollectorRegistry()
    if METRICS_FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_of_this_process)
    registry.register(_OfTheDatabase())
    return generate_latest(registry)


class _OfTheDatabase:
    """What the database says at this moment. Where it is away, only that."""

    def collect(self) -> Iterator[Metric]:
        try:
            metrics = list(_asked())
        except Error:
            metrics = []
        yield GaugeMetricFamily("serai_database_up", "Whether the database answers.", value=bool(metrics))
        yield from metrics


def _asked() -> Iterator[Metric]:
    from django_tasks_db.models import DBTaskResult

    from serai.expo.base.tasks.domain import queue
    from serai.expo.fairs.mailing.domain.outbox import mail_state

    tasks = GaugeMetricFamily("serai_tasks", "Tasks by their state.", labels=["state"])
    for state, count in DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")):
        tasks.add_metric([state.lower()], count)
    yield tasks
    due = queue.due().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    yield GaugeMetricFamily("serai_task_wait_seconds", "How long the oldest task has been due.", value=_since(due))
    mail = mail_state()
    letters = GaugeMetricFamily("serai_mails", "Letters that are not sent yet, or will not be.", labels=["state"])
    letters.add_metric(["waiting"], mail.waiting)
    letters.add_metric(["failed"], mail.failed)
    yield letters
    yield GaugeMetricFamily("serai_mail_wait_seconds", "How long the oldest letter waits.", value=_since(mail.untried))
    yield GaugeMetricFamily("serai_database_bytes", "Size of the database.", value=_database_bytes())


def _since(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0.0


def _database_bytes() -> int:
    if connection.vendor == "sqlite":
        return sum(file.stat().st_size for file in settings.HOME.glob("serai.sqlite3*"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
