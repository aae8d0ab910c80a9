"""Entries of a programme or an agenda as a calendar (iCalendar, RFC 5545) to subscribe to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from serai.expo.base.text import in_language, without_controls
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Session

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)
"""How often a subscriber should reload."""


@dataclass(frozen=True)
class Entry:
    """An entry of a calendar in the reader's language.

    ``address`` is the path of its page. A ``tentative`` entry may not take place, as a place in a waiting list;
    ``clashes`` says that another entry that is not tentative overlaps it; ``changed`` counts its changes since it was
    first public.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    address: str
    kind: str
    description: str = ""
    tentative: bool = False
    clashes: bool = False
    changed: int = 0
    cancelled: bool = False


def entry_of(edition: Edition, session: Session, changed: int = 0) -> Entry:
    """A session of the programme as an entry."""
    return Entry(
        uid=f"session-{session.pk}",
        title=in_language(session.title).text,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=in_language(session.place).text,
        address=reverse("session", args=[edition.slug, session.pk]),
        kind=str(session.forum.get_kind_display()),
        description=in_language(session.summary or session.forum.summary).text,
        changed=changed,
        cancelled=session.state == Session.State.CANCELLED,
    )


def calendar_of(edition: Edition, name: str, entries: Iterable[Entry], absolute: Callable[[str], str]) -> bytes:
    """The entries as a calendar in the fair's time zone; ``absolute`` makes an address of a path."""
    zone = ZoneInfo(edition.time_zone)
    calendar = icalendar.Calendar()
    facts = {
        "prodid": "-//Serai//Programme//EN",
        "version": "2.0",
        "name": without_controls(name),
        "x-wr-calname": without_controls(name),
        "x-wr-timezone": edition.time_zone,
    }
    for key, value in facts.items():
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    now = timezone.now()
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", f"{entry.uid}@{edition.slug}.serai")
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
        event.add("summary", without_controls(entry.title), parameters={"language": get_language() or "en"})
        event.add("location", without_controls(entry.place))
        event.add("description", without_controls(entry.description))
        event.add("categories", [entry.kind])
        event.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED")
        event.add("sequence", entry.changed + entry.cancelled)
        event.add("url", absolute(entry.address))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
