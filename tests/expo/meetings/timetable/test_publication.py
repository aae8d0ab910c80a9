"""A draft is published as a whole or not at all, once, and in as many queries for many meetings as for few."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.letters import letters_to
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.meetings.timetable.domain import announcement, publication
from serai.expo.meetings.timetable.domain.announcement import announce_later
from serai.expo.meetings.timetable.domain.publication import NothingToPublishError, publish_timetable
from serai.expo.meetings.timetable.models import TimetableRun
from tests.expo.meetings.timetable.drafted import draft

NO_TABLE = "T999"
"""A table that the fair has not."""


def standing(fair: Any) -> list[object]:
    """What publishing changes."""
    with scope(edition=fair.edition):
        return [
            list(Meeting.objects.order_by("pk").values()),
            list(TimetableRun.objects.order_by("pk").values_list("pk", "state")),
            MeetingEvent.objects.count(),
            AuditEntry.objects.count(),
            Mail.objects.count(),
        ]


def test_one_and_four_meetings_without_a_table_are_published_by_the_same_number_of_queries(
    fair: Any, take_part: Callable[..., Participation]
) -> None:
    counts = []
    for at, number in ((0, 1), (2, 4)):
        meetings = draft(fair, *(take_part(fair.edition, kind="buyer") for _ in range(number)), at=at, place=NO_TABLE)
        with CaptureQueriesContext(connection) as queries:
            publish_timetable(fair.edition)
        counts.append(len(queries))
        with scope(edition=fair.edition):
            told = Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings])
            assert set(told.values_list("state", "place")) == {("scheduled", "T1")}
    assert counts[0] == counts[1]


def test_one_and_three_told_meetings_are_moved_by_the_same_number_of_queries(
    fair: Any, take_part: Callable[..., Participation]
) -> None:
    told = draft(fair, *(take_part(fair.edition, kind="buyer") for _ in range(4)))
    publish_timetable(fair.edition)
    grid, counts = slots(fair.edition), []
    for first, moved in ((8, told[:1]), (12, told[1:])):
        times = {meeting.pk: grid[first + number] for number, meeting in enumerate(moved)}
        changes = {
            str(pk): [slot.starts_at.isoformat(), slot.ends_at.isoformat(), "T1", ""] for pk, slot in times.items()
        }
        draft(fair, changes=changes)
        with CaptureQueriesContext(connection) as queries:
            publish_timetable(fair.edition)
        counts.append(len(queries))
        with scope(edition=fair.edition):
            assert {meeting.pk: meeting.starts_at for meeting in Meeting.objects.filter(pk__in=times)} == {
                pk: slot.starts_at for pk, slot in times.items()
            }
    assert counts[0] == counts[1]


def test_what_fails_in_the_middle_leaves_nothing_half_published(fair: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    [moved] = draft(fair, fair.buyer.participation, place=NO_TABLE)
    publish_timetable(fair.edition)
    begins, ends = (getattr(slots(fair.edition)[5], name).isoformat() for name in ("starts_at", "ends_at"))
    draft(fair, fair.rival.participation, at=1, changes={str(moved.pk): [begins, ends, "T2", ""]}, place=NO_TABLE)
    before = standing(fair)

    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(publication, "record", fails)  # the last step
        with pytest.raises(RuntimeError):
            publish_timetable(fair.edition)
    assert standing(fair) == before
    publish_timetable(fair.edition)
    with scope(edition=fair.edition):
        assert set(Meeting.objects.values_list("state", "place")) == {("scheduled", "T1"), ("scheduled", "T2")}


def test_the_second_who_publishes_the_same_draft_is_refused_and_nobody_is_written_to_twice(fair: Any) -> None:
    draft(fair, fair.buyer.participation, place=NO_TABLE)
    publish_timetable(fair.edition)
    with pytest.raises(NothingToPublishError):
        publish_timetable(fair.edition)
    assert [announce_later.call(fair.edition.pk) for _ in range(2)] == [2, 0]


def test_a_meeting_that_moves_while_its_letters_are_worded_is_told_where_it_is(
    fair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    [meeting] = draft(fair, fair.buyer.participation, place=NO_TABLE)
    publish_timetable(fair.edition)

    def worded_slowly(edition: Any, readers: Iterable[Any], *given: Any) -> list[Mail]:
        mails = letters_to(edition, readers, *given)
        Meeting.objects.filter(pk=meeting.pk).update(place="T2")
        return mails

    monkeypatch.setattr(announcement, "letters_to", worded_slowly)
    assert announce_later.call(fair.edition.pk) == 2
    with scope(edition=fair.edition):
        assert all("· T2 ·" in mail.body for mail in Mail.objects.all())
        assert Meeting.objects.get().written_place == "T2"
