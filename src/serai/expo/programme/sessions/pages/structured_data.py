"""A session of the programme as JSON-LD in the words of schema.org."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import get_language

from serai.expo.base.structured_data import (
    CONTEXT,
    JSONObject,
    absolute_address,
    postal_address,
    text_of,
    without_empty,
)
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Appearance, Session


def session_data(
    session: Session, edition: Edition, appearances: Iterable[Appearance], request: HttpRequest
) -> JSONObject:
    """A session as an Event within the fair, with its speakers as performers."""
    zone = ZoneInfo(edition.time_zone)
    state = "EventCancelled" if session.state == Session.State.CANCELLED else "EventScheduled"
    return without_empty(
        CONTEXT
        | {
            "@type": "Event",
            "name": text_of(session.title),
            "description": text_of(session.summary) or text_of(session.forum.summary),
            "startDate": session.starts_at.astimezone(zone).isoformat(),
            "endDate": session.ends_at.astimezone(zone).isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": f"https://schema.org/{state}",
            "url": absolute_address(request, "session", edition.slug, str(session.pk)),
            "inLanguage": session.languages or [get_language()],
            "maximumPhysicalAttendeeCapacity": session.capacity or "",
            "location": {
                "@type": "Place",
                "name": text_of(session.place) or text_of(edition.venue),
                "address": postal_address(edition.city, edition.country),
            },
            "organizer": {"@type": "Organization", "name": text_of(edition.organisation.name)},
            "performer": [
                {
                    "@type": "Person",
                    "name": text_of(appearance.speaker.name),
                    "url": absolute_address(request, "speaker", edition.slug, str(appearance.speaker.pk)),
                }
                for appearance in appearances
            ],
            "superEvent": {
                "@type": "ExhibitionEvent",
                "name": text_of(edition.name),
                "url": absolute_address(request, "edition", edition.slug),
            },
        }
    )
