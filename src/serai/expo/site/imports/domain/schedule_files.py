"""Programmes of other software, read as a list of sessions: schedule.json of pretalx and frab, and iCalendar.

schedule.json is the format of c3voc (https://c3voc.de/schedule/schema.json); pretalx puts it below "schedule", frab and
older programs do so too or leave that out. iCalendar is RFC 5545.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
from django.utils.translation import gettext_lazy as _

from serai.expo.base.workbooks.domain.grid import MOST_CHARACTERS, FileRefusedError, Row, clean
from serai.expo.site.imports.domain.session_columns import MOST_SPEAKERS

SUFFIXES = (".json", ".ics", ".ical")

type Event = Mapping[str, str]
"""What a session says, by the name of the field of a list of sessions, as in ``title:de``."""


def is_schedule(start: bytes) -> bool:
    """Whether a file that begins so is JSON or iCalendar."""
    begins = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    return begins.startswith(b"{") or begins[:15].upper() == b"BEGIN:VCALENDAR"


def header_and_rows(path: Path) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The fields that the sessions of a file fill, as titles of columns, and a row each. Raises FileRefusedError."""
    content = path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n")
    events = list(_of_json(content) if content.startswith(b"{") else _of_calendar(content))
    if not events:
        raise FileRefusedError(_("The file holds no session. Export the programme anew and send it again."))
    names = tuple(dict.fromkeys(name for event in events for name, text in event.items() if text))
    rows = tuple(
        (number, tuple(clean(event.get(name, ""))[:MOST_CHARACTERS] for name in names))
        for number, event in enumerate(events, start=2)
    )
    return names, rows


def _of_json(content: bytes) -> Iterator[Event]:
    refusal = FileRefusedError(
        _("The file is no schedule.json: it has no days with rooms. Export the programme as schedule.json anew.")
    )
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        raise FileRefusedError(
            _("The file can't be read as JSON: it was cut off or changed. Export it anew.")
        ) from None
    schedule = whole.get("schedule", whole)
    conference = schedule.get("conference", schedule) if isinstance(schedule, dict) else {}
    days = conference.get("days", schedule.get("days")) if isinstance(conference, dict) else None
    if not isinstance(days, list):
        raise refusal
    for day in days:
        rooms = day.get("rooms") if isinstance(day, dict) else None
        if not isinstance(rooms, dict):
            raise refusal
        for room, held in rooms.items():
            for event in held if isinstance(held, list) else ():
                if isinstance(event, dict):
                    yield _event(event, str(room), str(day.get("date", "")))


def _event(event: Mapping[str, Any], room: str, day: str) -> Event:
    language = str(event.get("language") or "")[:16]
    begins = str(event.get("date") or "")
    exact = "T" in begins or " " in begins
    cells = {
        "identifier": str(event.get("guid") or event.get("id") or ""),
        **_texts("title", event.get("title")),
        "date": "" if exact else begins or day,
        "begins": begins if exact else str(event.get("start") or ""),
        "duration": str(event.get("duration") or ""),
        "room": str(event.get("room") or room),
        **_texts("forum", event.get("track")),
        **_texts("summary", event.get("abstract") or event.get("description")),
        "languages": language,
    }
    persons = event.get("persons")
    return cells | _persons(persons if isinstance(persons, list) else ())


def _texts(name: str, value: Any) -> dict[str, str]:
    """A text, or texts by language, as fields."""
    if isinstance(value, dict):
        return {f"{name}:{language}": str(text) for language, text in value.items() if text}
    return {name: str(value or "")}


def _persons(persons: Iterable[Any]) -> dict[str, str]:
    """The persons of an event, a field each as long as there are fields, the rest in the last."""
    told = [
        (name, str(person.get("biography") or person.get("abstract") or ""))
        for person in persons
        if isinstance(person, dict)
        and (name := str(person.get("public_name") or person.get("name") or person.get("full_public_name") or ""))
    ]
    cells: dict[str, str] = {}
    for number, (name, biography) in enumerate(told[:MOST_SPEAKERS], start=1):
        end = f"_{number}" if number > 1 else ""
        cells |= {f"speakers{end}": name, f"biographies{end}": biography}
    if rest := [name for name, _biography in told[MOST_SPEAKERS:]]:
        last = f"speakers_{MOST_SPEAKERS}"
        cells |= {last: "; ".join([cells[last], *rest]), f"biographies_{MOST_SPEAKERS}": ""}
    return cells


def _of_calendar(content: bytes) -> Iterator[Event]:
    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
        entries = [entry for calendar in calendars for entry in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError):
        raise FileRefusedError(
            _("The file can't be read as iCalendar: it was cut off or changed. Export it anew.")
        ) from None
    for entry in entries:
        yield _entry(entry)


def _entry(entry: Any) -> Event:
    summary = entry.get("SUMMARY", "")
    language = str(getattr(summary, "params", {}).get("LANGUAGE", "")).lower()
    recurrence = entry.get("RECURRENCE-ID")
    uid = str(entry.get("UID", ""))
    begins, ends = _moment(entry, "DTSTART"), _moment(entry, "DTEND")
    length = entry.get("DURATION")
    categories = entry.get("CATEGORIES")
    listed = categories if isinstance(categories, list) else [categories] if categories else []
    topics = [str(category) for group in listed for category in getattr(group, "cats", [group])]
    attendees = entry.get("ATTENDEE", [])
    names = [
        str(attendee.params["CN"])
        for attendee in (attendees if isinstance(attendees, list) else [attendees])
        if getattr(attendee, "params", {}).get("CN")
    ]
    return {
        "identifier": f"{uid}/{recurrence.to_ical().decode()}" if recurrence is not None else uid,
        "title": str(summary),
        "begins": begins,
        "ends": ends,
        "duration": _minutes(length.dt) if length is not None and not ends else "",
        "room": str(entry.get("LOCATION", "")),
        "forum": topics[0] if topics else "",
        "summary": str(entry.get("DESCRIPTION", "")),
        "languages": language,
        "state": "cancelled" if str(entry.get("STATUS", "")).upper() == "CANCELLED" else "",
        "speakers": "; ".join(names),
    }


def _moment(entry: Any, name: str) -> str:
    """A moment in ISO 8601; with its distance from UTC where the calendar says the zone."""
    value = entry.get(name)
    at: date | datetime | None = getattr(value, "dt", None)
    return "" if at is None else at.isoformat()


def _minutes(length: timedelta) -> str:
    return str(int(length.total_seconds() // 60))
