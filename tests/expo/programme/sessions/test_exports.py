"""The programme for other programs: calendars that subscribe to it, and the frab schedule in XML and JSON."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Forum, Room, Session

REQUIRED = {"room", "title", "type", "date", "start", "duration", "abstract", "slug", "subtitle", "track"}
ALLOWED = REQUIRED | {"persons", "language", "description", "recording", "links"}
"""What c3voc's schedule.xml.xsd asks of an event, and what it allows."""


@pytest.fixture
def programme(edition: Edition, other_edition: Edition) -> list[Session]:
    """Two parallel sessions on the first day, one that crosses midnight, and one of another fair. The zone is UTC+8."""
    with scope(edition=edition):
        forum = Forum.objects.create(
            edition=edition, slug="opening", kind="ceremony", title={"en": "Opening & welcome", "zh-hans": "开幕式"}
        )
        rooms = {name: Room.objects.create(edition=edition, title={"en": name}) for name in ("Hall A", "Room 2")}
        rows: list[tuple[str, str, int, int, int]] = [
            ("Opening", "Hall A", 1, 1, 3),
            ("Batteries <now>", "Room 2", 1, 2, 3),
            ("Night market", "Hall A", 14, 15, 17),
        ]
        sessions = [
            Session.objects.create(
                edition=edition,
                forum=forum,
                title={"en": title, "zh-hans": f"会议{number}"},
                room=rooms[room],
                capacity=100,
                languages=["en"],
                starts_at=datetime(2026, 11, 28, begin, tzinfo=UTC),
                ends_at=datetime(2026, 11, 28, end, tzinfo=UTC),
            )
            for number, (title, room, _day, begin, end) in enumerate(rows)
        ]
    with scope(edition=other_edition):
        other = Forum.objects.create(edition=other_edition, slug="other", kind="ceremony", title={"en": "Elsewhere"})
        Session.objects.create(
            edition=other_edition,
            forum=other,
            title={"en": "Elsewhere"},
            starts_at=datetime(2026, 11, 28, 1, tzinfo=UTC),
            ends_at=datetime(2026, 11, 28, 2, tzinfo=UTC),
        )
    return sessions


def get(client: Client, edition: Edition, file: str, language: str = "en") -> Any:
    answer = client.get(f"/{language}/{edition.slug}/programme/{file}")
    assert answer.status_code == 200
    return answer


def test_a_calendar_holds_every_session_at_its_local_time(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    answer = get(anonymous_client, edition, "programme.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == {"Opening", "Batteries <now>", "Night market"}
    opening = events["Opening"]
    assert opening["dtstart"].dt == datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert opening["dtstart"].dt.hour == 9
    assert opening["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert str(opening["url"]).endswith(f"/en/{edition.slug}/programme/{programme[0].pk}/")


def test_a_calendar_names_a_session_the_same_each_time(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    """A subscriber must see a changed session move, not appear twice."""
    answers = [get(anonymous_client, edition, "programme.ics").content for _ in range(2)]
    names = [[str(event["uid"]) for event in icalendar.Calendar.from_ical(answer).walk("VEVENT")] for answer in answers]
    assert names[0] == names[1]
    assert len(set(names[0])) == 3


def test_a_calendar_speaks_the_readers_language(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    calendar = icalendar.Calendar.from_ical(get(anonymous_client, edition, "programme.ics", "zh-hans").content)
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["会议0", "会议1", "会议2"]


def test_the_xml_is_what_the_frab_schema_asks_for(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    root = ET.fromstring(get(anonymous_client, edition, "schedule.xml").content)
    assert [child.tag for child in root] == ["generator", "version", "conference", "day"]
    conference = root.find("conference")
    assert conference is not None
    assert {child.tag for child in conference} <= {"title", "acronym", "start", "end", "days", "timeslot_duration"}
    events = root.findall("day/room/event")
    assert len(events) == 3
    for event in events:
        fields = [child.tag for child in event]
        assert REQUIRED <= set(fields) <= ALLOWED
        assert len(fields) == len(set(fields))
        assert int(event.attrib["id"]) > 0
        assert re.fullmatch(r"\d{1,2}:\d{2}", event.findtext("duration") or "")
        assert re.fullmatch(r"[0-2]\d:[0-5]\d", event.findtext("start") or "")
        assert datetime.fromisoformat(event.findtext("date") or "").tzinfo is not None
    for name in ("guid", "id"):
        assert len({event.attrib[name] for event in events}) == 3
    assert len({event.findtext("slug") for event in events}) == 3


def test_parallel_sessions_stand_in_their_rooms_and_a_late_one_on_its_own_day(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    root = ET.fromstring(get(anonymous_client, edition, "schedule.xml").content)
    [day] = root.findall("day")
    rooms = {room.attrib["name"]: [event.findtext("title") for event in room] for room in day}
    assert rooms == {"Hall A": ["Opening", "Night market"], "Room 2": ["Batteries <now>"]}
    assert day.attrib["date"] == "2026-11-28"
    assert day.attrib["end"] == "2026-11-29T01:00:00+08:00"


def test_the_json_holds_the_same_events_as_the_xml(
    programme: list[Session], edition: Edition, anonymous_client: Client
) -> None:
    root = ET.fromstring(get(anonymous_client, edition, "schedule.xml").content)
    schedule = get(anonymous_client, edition, "schedule.json").json()["schedule"]
    conference = schedule["conference"]
    assert conference["daysCount"] == 3
    assert {room["name"] for room in conference["rooms"]} == {"Hall A", "Room 2"}
    events = [event for day in conference["days"] for held in day["rooms"].values() for event in held]
    in_xml = {event.attrib["guid"]: event.findtext("title") for event in root.findall("day/room/event")}
    assert {event["guid"]: event["title"] for event in events} == in_xml


def test_the_exports_of_an_empty_programme_are_empty(edition: Edition, anonymous_client: Client) -> None:
    assert icalendar.Calendar.from_ical(get(anonymous_client, edition, "programme.ics").content).walk("VEVENT") == []
    assert get(anonymous_client, edition, "schedule.json").json()["schedule"]["conference"]["days"] == []
