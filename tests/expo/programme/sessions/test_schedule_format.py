"""schedule.xml and schedule.json against the frab format, as the programs that read it know it.

The two schemas below are a statement of our own of the format: elements, order and patterns as the schemas check them
that the Chaos Computer Club's video team publishes (voc/schedule, validator/xsd/schedule.xml.xsd and
validator/json/schema.json) and as pretalx writes them. Those are under the EUPL 1.2 and so do not stand here. Both
files of the programme below were held against them at commit 0a403ee5239e0f7883b539a0e05e08f42b737ecb, by xmlschema and
jsonschema: no fault in the XML; one in the JSON, the hyphen of an acronym, which is mended.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from jsonschema import Draft202012Validator, FormatChecker

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker

DATE = r"\d{4}-\d{2}-\d{2}"
MOMENT = DATE + r"T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}|Z)"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
DURATION = r"(\d+:)?\d{1,2}:[0-5]\d"
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NUMBER = r"[1-9]\d*"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
SLUG = r"[a-zA-Z0-9_]{4,}-\d+-[a-z0-9_-]{3,}|[a-z0-9-]{4,}"
ACRONYM = r"[a-z0-9_-][a-z0-9_]{3,}(-2\d{3}-[a-z]+)?"
ADDRESS = r"https?://\S+"
TEXT = r"[\s\S]*"
WORDS = r"[\s\S]*\S[\s\S]*"


@dataclass(frozen=True)
class Element:
    """What an element holds: attributes and text by pattern, children by how often; ``ordered`` as they are named."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    text: str = r"\s*"
    ordered: bool = False


ONCE, MAYBE, ANY, SOME = (1, 1), (0, 1), (0, 9_999), (1, 9_999)
XML: Mapping[str, Element] = {
    "schedule": Element(children={"generator": MAYBE, "version": ONCE, "conference": ONCE, "day": ANY}, ordered=True),
    "schedule/generator": Element({"name": WORDS, "version": WORDS}),
    "schedule/version": Element(text=WORDS),
    "schedule/conference": Element(
        children={
            "title": ONCE,
            "acronym": ONCE,
            "start": MAYBE,
            "end": MAYBE,
            "days": MAYBE,
            "timeslot_duration": MAYBE,
            "base_url": MAYBE,
            "time_zone_name": MAYBE,
        }
    ),
    "conference/title": Element(text=WORDS),
    "conference/acronym": Element(text=ACRONYM),
    "conference/start": Element(text=f"{DATE}|{MOMENT}"),
    "conference/end": Element(text=f"{DATE}|{MOMENT}"),
    "conference/days": Element(text=NUMBER),
    "conference/timeslot_duration": Element(text=DURATION),
    "schedule/day": Element({"date": DATE, "start": MOMENT, "end": MOMENT, "index": NUMBER}, {"room": ANY}),
    "day/room": Element({"name": WORDS}, {"event": ANY}),
    "room/event": Element(
        {"guid": GUID, "id": NUMBER},
        {
            **dict.fromkeys(
                ("date", "start", "duration", "room", "slug", "title", "subtitle", "track", "type", "abstract"), ONCE
            ),
            **dict.fromkeys(
                ("language", "description", "logo", "recording", "persons", "links", "attachments", "url"), MAYBE
            ),
        },
    ),
    "event/date": Element(text=MOMENT),
    "event/start": Element(text=CLOCK),
    "event/duration": Element(text=DURATION),
    "event/room": Element(text=WORDS),
    "event/slug": Element(text=SLUG),
    "event/title": Element(text=WORDS),
    "event/language": Element(text=LANGUAGE),
    "event/persons": Element(children={"person": ANY}),
    "persons/person": Element({"id": NUMBER}, text=WORDS),
    "event/links": Element(children={"link": ANY}),
    "links/link": Element({"href": ADDRESS}, text=WORDS),
    **{f"event/{name}": Element(text=TEXT) for name in ("subtitle", "track", "type", "abstract", "description")},
}


def faults(node: ET.Element, parent: str = "") -> Iterator[str]:
    """What of an element and all within it is not as the format says."""
    path = f"{parent}/{node.tag}" if parent else node.tag
    known = XML.get(path)
    if known is None:
        yield f"{path} is no element of the format"
        return
    for name in node.attrib.keys() ^ known.attributes.keys():
        yield f"{path}: attribute {name} is {'unknown' if name in node.attrib else 'missing'}"
    for name, pattern in known.attributes.items():
        if not re.fullmatch(pattern, node.attrib.get(name, "")):
            yield f"{path}: {name}={node.attrib.get(name)!r}"
    if not re.fullmatch(known.text, node.text or ""):
        yield f"{path}: {node.text!r}"
    names = [child.tag for child in node]
    for name, (least, most) in known.children.items():
        if not least <= names.count(name) <= most:
            yield f"{path}: {names.count(name)} of {name}"
    if known.ordered and names != sorted(names, key=list(known.children).index):
        yield f"{path}: {names} in another order"
    for child in node:
        yield from faults(child, node.tag)


def whole(pattern: str) -> dict[str, str]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def record(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": [*required], "properties": {**required, **(optional or {})}}


TEXTUAL = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}
PERSON = record({"public_name": whole(WORDS)}, {"guid": whole(GUID), "id": COUNT, "biography": TEXTUAL})
EVENT = record(
    {
        "guid": whole(GUID),
        "id": COUNT,
        "date": whole(MOMENT),
        "start": whole(CLOCK),
        "duration": whole(DURATION),
        "room": whole(WORDS),
        "slug": whole(SLUG),
        "title": whole(WORDS),
        "subtitle": {"type": ["string", "null"]},
        "track": {"type": ["string", "null"]},
        "type": TEXTUAL,
        "language": whole(LANGUAGE),
        "abstract": {"type": ["string", "null"]},
        "description": {"type": ["string", "null"]},
        "persons": {"type": "array", "items": PERSON},
        "links": {"type": "array", "items": record({"title": TEXTUAL, "url": whole(ADDRESS)})},
    },
    {"url": whole(ADDRESS), "attachments": {"type": "array"}},
)
DAY = record(
    {
        "index": COUNT,
        "date": whole(DATE),
        "day_start": whole(MOMENT),
        "day_end": whole(MOMENT),
        "rooms": {"type": "object", "additionalProperties": {"type": "array", "items": EVENT}},
    }
)
ROOM = record({"name": whole(WORDS)}, {"guid": whole(GUID), "capacity": {"type": ["integer", "null"]}})
CONFERENCE = record(
    {
        "acronym": whole(ACRONYM),
        "title": whole(WORDS),
        "start": whole(f"{DATE}|{MOMENT}"),
        "end": whole(f"{DATE}|{MOMENT}"),
        "daysCount": COUNT,
        "timeslot_duration": whole(DURATION),
        "time_zone_name": whole(r"[A-Za-z_]+(/[A-Za-z_+-]+)*"),
        "rooms": {"type": "array", "items": ROOM},
        "days": {"type": "array", "items": DAY},
    },
    {"tracks": {"type": "array", "items": record({"name": whole(WORDS)})}},
)
JSON = record({"schedule": record({"version": whole(WORDS), "conference": CONFERENCE})})


@pytest.fixture
def full(edition: Edition) -> Edition:
    """A programme with what is hard to write: no room, no word, two days, past midnight, markup, a speaker, Han."""
    with scope(edition=edition):
        forum = Forum.objects.create(
            edition=edition, slug="main", kind="main_forum", title={"en": "Main <forum> & more"}
        )
        room = Room.objects.create(edition=edition, title={"en": "Hall A", "zh-hans": "A厅"}, seats=100)
        begins = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)  # half past eleven at night in Beijing
        rows: list[tuple[dict[str, str], Room | None, timedelta, list[str]]] = [
            ({"en": "Night market"}, room, timedelta(0), ["zh-hans", "en"]),
            ({"zh-hans": "开幕式"}, None, timedelta(hours=12), []),
            ({"en": "]]> \u2028 <b>"}, room, timedelta(hours=14), ["ar"]),
        ]
        for title, where, later, languages in rows:
            session = Session.objects.create(
                edition=edition,
                forum=forum,
                title=title,
                room=where,
                languages=languages,
                starts_at=begins + later,
                ends_at=begins + later + timedelta(hours=2),
            )
        speaker = Speaker.objects.create(edition=edition, name={"en": "Ada Lindqvist"}, sort_name="ada lindqvist")
        Appearance.objects.create(edition=edition, session=session, speaker=speaker)
    return edition


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_both_files_are_in_the_format(full: Edition, language: str, anonymous_client: Client) -> None:
    page = f"/{language}/{full.slug}/programme/schedule"
    root = ET.fromstring(anonymous_client.get(f"{page}.xml").content)
    assert [*faults(root)] == []
    assert len(root.findall("day/room/event")) == 3
    said = anonymous_client.get(f"{page}.json").json()
    checker = Draft202012Validator(JSON, format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(said)] == []
    days = said["schedule"]["conference"]["days"]
    assert [(day["date"], sum(map(len, day["rooms"].values()))) for day in days] == [
        ("2026-11-28", 1),
        ("2026-11-29", 2),
    ]


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('index="1"', 'index="first"'),
        ("<start>23:30</start>", "<start>24:30</start>"),
        ("<duration>02:00</duration>", "<duration>two hours</duration>"),
        ("<slug>", "<slug> "),
        ("<persons>", "<speakers /><persons>"),
        ("<type>", "<kind>"),
    ],
)
def test_the_check_finds_what_is_wrong(full: Edition, was: str, wrong: str, anonymous_client: Client) -> None:
    written = anonymous_client.get(f"/en/{full.slug}/programme/schedule.xml").content.decode()
    assert was in written
    spoilt = written.replace(was, wrong, 1).replace("</type>", "</kind>" if wrong == "<kind>" else "</type>", 1)
    assert [*faults(ET.fromstring(spoilt))] != []
