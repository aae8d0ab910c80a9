"""The programme as a frab schedule, in XML and JSON: the format that pretalx, c3voc and conference apps exchange.

Elements and patterns are those of c3voc's schedule.xml.xsd; the JSON is the one that pretalx writes.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from serai import __version__
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Session, Speaker

type Address = Callable[[Session], str]

SLOT = timedelta(minutes=5)
"""The grid of the times of sessions."""
UNNAMED_ROOM = "-"


@dataclass(frozen=True)
class Day:
    """A day of the programme: its sessions by room, in the order of first use."""

    index: int
    on: date
    start: datetime
    end: datetime
    rooms: Mapping[str, Sequence[Session]]


def schedule_xml(edition: Edition, sessions: Iterable[Session], address: Address, version: str) -> bytes:
    """The schedule in XML, in the reader's language. ``version`` is the number of the release."""
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", {"name": "serai", "version": __version__})
    _texts(root, {"version": version})
    conference = _conference(edition)
    _texts(
        ET.SubElement(root, "conference"),
        {key: str(conference[key]) for key in ("title", "acronym", "start", "end")}
        | {"days": str(conference["daysCount"]), "timeslot_duration": conference["timeslot_duration"]},
    )
    for day in days(edition, sessions):
        attributes = {"index": str(day.index), "date": day.on.isoformat()}
        span = {"start": day.start.isoformat(), "end": day.end.isoformat()}
        element = ET.SubElement(root, "day", attributes | span)
        for name, held in day.rooms.items():
            room = ET.SubElement(element, "room", {"name": name})
            for session in held:
                event = _event(edition, session, name, address)
                links = event.pop("links")
                identity = {"id": str(event.pop("id")), "guid": event.pop("guid")}
                node = ET.SubElement(room, "event", identity)
                _texts(node, {key: event[key] for key in XML_FIELDS})
                persons = ET.SubElement(node, "persons")
                for person in event["persons"]:
                    ET.SubElement(persons, "person", {"id": str(person["id"])}).text = person["public_name"]
                container = ET.SubElement(node, "links")
                for link in links:
                    ET.SubElement(container, "link", {"href": link["url"]}).text = link["title"]
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def schedule_json(edition: Edition, sessions: Iterable[Session], address: Address, version: str) -> dict[str, Any]:
    """The schedule as pretalx writes it in JSON, in the reader's language. ``version`` is the number of the release."""
    held = list(sessions)
    by_day = days(edition, held)
    rooms = dict.fromkeys(name for day in by_day for name in day.rooms)
    capacity = {in_language(session.place).text: session.room.seats for session in held if session.room}
    return {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "serai", "version": __version__},
        "schedule": {
            "version": version,
            "conference": _conference(edition)
            | {
                "rooms": [
                    {"name": name, "guid": _guid(edition, f"room/{name}"), "capacity": capacity.get(name)}
                    for name in rooms
                ],
                "tracks": [
                    {"name": title}
                    for title in dict.fromkeys(in_language(session.forum.title).text for session in held)
                ],
                "days": [
                    {
                        "index": day.index,
                        "date": day.on.isoformat(),
                        "day_start": day.start.isoformat(),
                        "day_end": day.end.isoformat(),
                        "rooms": {
                            name: [_event(edition, session, name, address) for session in in_room]
                            for name, in_room in day.rooms.items()
                        },
                    }
                    for day in by_day
                ],
            },
        },
    }


def days(edition: Edition, sessions: Iterable[Session]) -> list[Day]:
    """The sessions by room and by the local day on which they begin."""
    zone = ZoneInfo(edition.time_zone)
    ordered = sorted(sessions, key=lambda session: (session.starts_at, session.pk))
    schedule = []
    by_day = groupby(ordered, key=lambda session: session.starts_at.astimezone(zone).date())
    for index, (day, group) in enumerate(by_day, start=1):
        held = list(group)
        rooms: dict[str, list[Session]] = {}
        for session in held:
            rooms.setdefault(in_language(session.place).text or UNNAMED_ROOM, []).append(session)
        first = held[0].starts_at.astimezone(zone)
        last = max(session.ends_at for session in held).astimezone(zone)
        schedule.append(Day(index, day, first, last, rooms))
    return schedule


XML_FIELDS = (
    "date",
    "start",
    "duration",
    "room",
    "slug",
    "title",
    "subtitle",
    "track",
    "type",
    "language",
    "abstract",
    "description",
)


def _conference(edition: Edition) -> dict[str, Any]:
    return {
        "acronym": edition.slug.replace("-", "_"),  # the published schema takes no hyphen here
        "title": in_language(edition.name).text,
        "start": edition.starts_on.isoformat(),
        "end": edition.ends_on.isoformat(),
        "daysCount": (edition.ends_on - edition.starts_on).days + 1,
        "timeslot_duration": _duration(SLOT),
        "time_zone_name": edition.time_zone,
    }


def _event(edition: Edition, session: Session, room: str, address: Address) -> dict[str, Any]:
    starts_at = session.starts_at.astimezone(ZoneInfo(edition.time_zone))
    title = in_language(session.title)
    page = address(session)
    return {
        "guid": _guid(edition, f"session/{session.pk}"),
        "id": session.pk,
        "date": starts_at.isoformat(),
        "start": f"{starts_at:%H:%M}",
        "duration": _duration(session.ends_at - session.starts_at),
        "room": room,
        "slug": f"{edition.slug}-{session.pk}-{slugify(title.text) or 'session'}",
        "url": page,
        "title": title.text,
        "subtitle": "",
        "track": in_language(session.forum.title).text,
        "type": str(session.forum.get_kind_display()),
        "language": session.languages[0] if session.languages else title.language,
        "abstract": in_language(session.summary or session.forum.summary).text,
        "description": "",
        "persons": [_person(edition, appearance.speaker) for appearance in session.appearances.all()],
        "links": [{"title": title.text, "url": page, "type": "related"}],
        "attachments": [],
    }


def _person(edition: Edition, speaker: Speaker) -> dict[str, Any]:
    return {
        "guid": _guid(edition, f"speaker/{speaker.pk}"),
        "id": speaker.pk,
        "public_name": in_language(speaker.name).text,
        "avatar": None,
        "biography": in_language(speaker.biography).text,
        "answers": [],
    }


def _guid(edition: Edition, what: str) -> str:
    """An identifier that is the same in every export of the fair, and differs between fairs."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"serai:{edition.pk}:{edition.slug}/{what}"))


def _duration(span: timedelta) -> str:
    hours, seconds = divmod(int(span.total_seconds()), 3600)
    return f"{hours:02d}:{seconds // 60:02d}"


def _texts(parent: ET.Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, name).text = value
