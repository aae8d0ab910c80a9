"""The programme as a calendar (iCalendar, RFC 5545) that phones and office programs subscribe to."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.utils import timezone
from django.utils.translation import get_language

from serai.expo.editions.models import Edition
from serai.expo.programme.models import Session
from serai.expo.text import in_language

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)
"""How often a subscriber should look again."""


def calendar_of(edition: Edition, sessions: Iterable[Session], address: Callable[[Session], str]) -> bytes:
    """The sessions as a calendar in the fair's own time zone and the reader's language; ``address`` of each's page."""
    zone = ZoneInfo(edition.time_zone)
    calendar = icalendar.Calendar()
    name = in_language(edition.name).text
    facts = {
        "prodid": "-//Serai//Programme//EN",
        "version": "2.0",
        "name": name,
        "x-wr-calname": name,
        "x-wr-timezone": edition.time_zone,
    }
    for key, value in facts.items():
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    now = timezone.now()
    for session in sessions:
        event = icalendar.Event()
        event.add("uid", f"session-{session.pk}@{edition.slug}.serai")
        event.add("dtstamp", now)
        event.add("dtstart", session.starts_at.astimezone(zone))
        event.add("dtend", session.ends_at.astimezone(zone))
        event.add("summary", in_language(session.title).text, parameters={"language": get_language() or "en"})
        event.add("location", in_language(session.room).text)
        event.add("description", in_language(session.forum.summary).text)
        event.add("categories", [str(session.forum.get_kind_display())])
        event.add("url", address(session))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
