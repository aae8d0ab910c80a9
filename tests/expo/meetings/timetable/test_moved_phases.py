"""Letters about a timetable that may not be read yet wait for the day on which it opens now, not for the one before."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.timetable.domain import announcement as announcing

TIMETABLE = Phase.Kind.TIMETABLE


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[datetime | None]:
    """For when the worker was asked to tell the timetable; None: at once."""
    asked: list[datetime | None] = []

    class Task:
        def using(self, *, run_after: datetime | None) -> Any:
            return type("At", (), {"enqueue": staticmethod(lambda _edition: asked.append(run_after))})

    monkeypatch.setattr(announcing, "announce_later", Task())
    return asked


def test_the_letters_go_out_when_the_timetable_opens_now(
    fair: Any, waits: list[datetime | None], django_capture_on_commit_callbacks: Any
) -> None:
    soon, later = (timezone.now() + timedelta(days=days) for days in (5, 3))

    def moved(kind: str, *span: datetime | None) -> list[datetime | None]:
        waits.clear()
        with django_capture_on_commit_callbacks(execute=True):
            set_phases(fair.edition, {kind: span})
        return waits

    assert moved(TIMETABLE, soon, None) == [soon]
    assert moved(TIMETABLE, later, None) == [later]
    assert moved(TIMETABLE, later, None) == []  # nothing has changed
    assert moved(Phase.Kind.WISHES, soon, None) == []
    assert moved(TIMETABLE, timezone.now() - timedelta(days=1), None) == [None]
    assert moved(TIMETABLE, None, timezone.now() - timedelta(hours=1)) == []  # over for good
    assert moved(TIMETABLE, None, None) == [None]
