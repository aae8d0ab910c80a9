"""Programmes of pretalx and frab and calendars are read as sessions, and read again they are the same sessions."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.schedule import schedule_json
from serai.expo.programme.sessions.models import Forum, Room, Session, Speaker
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.domain.schedule_files import header_and_rows
from serai.expo.site.imports.models import Import

TALK = {
    "guid": "5a3e-1", "id": 1, "date": "2026-11-28T10:00:00+01:00", "start": "10:00", "duration": "00:45",
    "room": "Saal 1", "title": "Zellen recyceln", "track": "Batterien", "language": "de", "abstract": "Wie es geht.",
    "persons": [
        {"public_name": "Anna Muster", "biography": "Baut Zellen; seit 2001."},
        {"public_name": "Li Wei", "biography": None},
    ],
}  # fmt: skip
FRAB_TALK = {"id": 7, "start": "14:00", "duration": "1:30", "title": "Rundgang", "persons": []}


def pretalx(*talks: dict[str, Any]) -> dict[str, Any]:
    days = [{"index": 1, "date": "2026-11-28", "rooms": {"Saal 1": list(talks)}}]
    return {"$schema": "…", "schedule": {"version": "0.1", "conference": {"acronym": "x", "days": days}}}


def frab(*talks: dict[str, Any]) -> dict[str, Any]:
    return {"conference": {"title": "x", "days": [{"date": "2026-11-29", "rooms": {"Saal 2": list(talks)}}]}}


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//
BEGIN:VEVENT
UID:a1@x
DTSTART;TZID=Europe/Berlin:20261128T100000
DTEND;TZID=Europe/Berlin:20261128T110000
SUMMARY;LANGUAGE=de:Zellen recyceln
LOCATION:Saal 1
CATEGORIES:Batterien
DESCRIPTION:Wie es geht\\, und warum.
ATTENDEE;CN=Anna Muster:mailto:anna@example.org
END:VEVENT
BEGIN:VEVENT
UID:a2@x
DTSTART:20261129T060000Z
DURATION:PT30M
SUMMARY:Rundgang
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    with scope(edition=edition):
        yield


@pytest.fixture
def read(edition: Edition, tmp_path: Path) -> Callable[..., Import]:
    """Import a file of this content and name."""

    def apply(content: Any, name: str = "schedule.json") -> Import:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        made = domain.preview(edition, path, name)
        domain.apply(made)
        return made

    return apply


def states(made: Import) -> list[str]:
    return list(made.rows.order_by("number").values_list("state", flat=True))


def at(zone: str, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


def test_a_schedule_of_pretalx_is_read(read: Callable[..., Import]) -> None:
    assert states(read(pretalx(TALK))) == ["new"]
    session = Session.objects.get()
    assert (session.identifier, session.title) == ("5a3e-1", {"de": "Zellen recyceln"})
    assert session.starts_at == at("Europe/Berlin", 28, 10)
    assert session.ends_at == at("Europe/Berlin", 28, 10, 45)
    assert (session.languages, session.summary) == (["de"], {"de": "Wie es geht."})
    assert (Room.objects.get().title, Forum.objects.get().title) == ({"de": "Saal 1"}, {"de": "Batterien"})
    assert [(one.name, one.biography) for one in Speaker.objects.order_by("pk")] == [
        ({"de": "Anna Muster"}, {"de": "Baut Zellen; seit 2001."}), ({"de": "Li Wei"}, {}),
    ]  # fmt: skip


def test_a_schedule_of_frab_is_read_in_the_time_of_the_fair(read: Callable[..., Import]) -> None:
    read(frab(FRAB_TALK))
    session = Session.objects.get()
    assert (session.starts_at, session.ends_at) == (at("Asia/Shanghai", 29, 14), at("Asia/Shanghai", 29, 15, 30))
    assert (session.identifier, session.room.title["en"] if session.room else "") == ("7", "Saal 2")


def test_read_again_after_a_change_it_updates_and_never_doubles(read: Callable[..., Import]) -> None:
    read(pretalx(TALK))
    assert states(read(pretalx(TALK))) == ["unchanged"]
    other = TALK | {"guid": "5a3e-2", "date": "2026-11-28T12:00:00+01:00"}
    moved = TALK | {"title": "Zellen besser recyceln", "date": "2026-11-28T11:00:00+01:00"}
    assert states(read(pretalx(moved, other))) == ["matched", "new"]
    assert [(one.identifier, one.title["de"], one.starts_at) for one in Session.objects.order_by("pk")] == [
        ("5a3e-1", "Zellen besser recyceln", at("Europe/Berlin", 28, 11)),
        ("5a3e-2", "Zellen recyceln", at("Europe/Berlin", 28, 12)),
    ]
    assert Speaker.objects.count() == 2


def test_a_session_that_the_file_lacks_is_proposed_as_cancelled_and_read_again_it_is_held(
    read: Callable[..., Import], edition: Edition, tmp_path: Path
) -> None:
    other = TALK | {"guid": "5a3e-2", "title": "Netze", "date": "2026-11-28T12:00:00+01:00"}
    read(pretalx(TALK, other))
    path = tmp_path / "again.json"
    path.write_text(json.dumps(pretalx(TALK)), encoding="utf-8")
    made = domain.preview(edition, path, "again.json")
    assert states(made) == ["unchanged", "matched"]
    assert Session.objects.filter(state="cancelled").count() == 0, "A preview changes nothing."
    assert [note["reason"] for note in made.rows.order_by("number")[1].reason_details["notes"]] == [
        "would_be_cancelled"
    ]
    domain.apply(made)
    lacking = Session.objects.get(identifier="5a3e-2")
    assert (lacking.state, lacking.title) == ("cancelled", {"de": "Netze"})
    assert lacking.starts_at == at("Europe/Berlin", 28, 12)
    assert states(read(pretalx(TALK))) == ["unchanged"]


def test_a_file_of_another_programme_cancels_nothing(read: Callable[..., Import]) -> None:
    read(pretalx(TALK))
    assert states(read(pretalx(TALK | {"guid": "b7-1", "title": "Netze"}))) == ["new"]
    assert Session.objects.filter(state="cancelled").count() == 0


def test_a_calendar_is_read_by_its_zones_and_again_by_its_identifiers(read: Callable[..., Import]) -> None:
    assert states(read(CALENDAR, "programme.ics")) == ["new", "new"]
    first, second = Session.objects.order_by("starts_at")
    assert (first.identifier, first.title) == ("a1@x", {"de": "Zellen recyceln"})
    assert (first.starts_at, first.ends_at) == (at("Europe/Berlin", 28, 10), at("Europe/Berlin", 28, 11))
    assert first.summary == {"de": "Wie es geht, und warum."}
    assert (second.starts_at, second.state) == (at("UTC", 29, 6), "cancelled")
    assert [one.name for one in Speaker.objects.all()] == [{"de": "Anna Muster"}]
    assert states(read(CALENDAR, "programme.ics")) == ["unchanged", "unchanged"]
    moved = CALENDAR.replace("20261129T060000Z", "20261129T070000Z")
    assert states(read(moved, "programme.ics")) == ["unchanged", "matched"]
    assert Session.objects.count() == 2


def test_what_serai_exports_it_reads(read: Callable[..., Import], edition: Edition, tmp_path: Path) -> None:
    read(pretalx(TALK))
    path = tmp_path / "own.json"
    path.write_text(json.dumps(schedule_json(edition, Session.objects.all(), lambda _session: "/", "1"), default=str))
    header, rows = header_and_rows(path)
    told = dict(zip(header, rows[0][1], strict=True))
    assert (told["title"], told["room"], told["duration"]) == ("Zellen recyceln", "Saal 1", "00:45")


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        ('{"schedule": ', "a.json", "can't be read as JSON"),
        ('{"name": "x"}', "a.json", "no schedule.json"),
        ('{"schedule": {"conference": {"days": [{"rooms": {}}]}}}', "a.json", "holds no session"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "a.ics", "iCalendar|no session"),
    ],
)
def test_other_files_are_refused_with_a_sentence(
    content: str, name: str, why: str, read: Callable[..., Import]
) -> None:
    with pytest.raises(FileRefusedError, match=why):
        read(content, name)
