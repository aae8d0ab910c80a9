"""One failing daily job stops none of the others, and the jobs come again the next day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from serai.expo.base import daily


def test_a_job_that_fails_stops_none_of_the_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def fail() -> None:
        raise ZeroDivisionError

    daily.load_hooks()
    known = type(daily._jobs)("daily job")
    known.add("a bad one", fail)
    known.add("a good one", lambda: done.append("good"))
    monkeypatch.setattr(daily, "_jobs", known)
    assert daily.run_jobs() == ["a bad one"]
    assert done == ["good"]


def test_it_comes_again_tomorrow_and_is_started_once(db: None) -> None:
    daily.start()
    daily.start()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(status="RUNNING")
    daily.every_day.func()
    daily.every_day.func()  # again, after its worker was killed
    assert DBTaskResult.objects.count() == 2
    again = DBTaskResult.objects.order_by("-run_after").first()
    assert again is not None
    assert again.run_after > timezone.now() + timedelta(hours=23)
