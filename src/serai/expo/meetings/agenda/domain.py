"""The agenda of a person: sessions with a seat and meetings of the person's firms, with clashes."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language, isolated
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import TOLD, Showing, of_either, showing
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.calendar import Entry, entry_of
from serai.expo.programme.sessions.domain.releases import public_programme
from serai.expo.programme.sessions.domain.sign_ups import TAKEN
from serai.expo.programme.sessions.models import CalendarFeed, SignUp

TO_COME = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)


def agenda(user: User, edition: Edition) -> list[Entry]:
    """The user's entries, in order of time."""
    return with_clashes(
        sorted([*_sessions(user, edition), *_meetings(user, edition)], key=lambda entry: entry.starts_at)
    )


def with_clashes(entries: Iterable[Entry]) -> list[Entry]:
    """Mark the entries that overlap with another. Tentative and cancelled entries clash with nothing."""
    listed = list(entries)
    firm = [entry for entry in listed if not (entry.tentative or entry.cancelled)]
    clashing = {
        entry.uid
        for entry in firm
        for other in firm
        if other is not entry and other.starts_at < entry.ends_at and entry.starts_at < other.ends_at
    }
    return [replace(entry, clashes=entry.uid in clashing) for entry in listed]


def feed_of(user: User) -> CalendarFeed | None:
    """The user's feed, if any."""
    return CalendarFeed.objects.filter(user=user).first()


@made_once
def new_feed(user: User) -> CalendarFeed:
    """Make a feed at a secret address; the former address ends."""
    end_feed(user)
    feed = CalendarFeed.objects.create(user=user, token=secrets.token_urlsafe(32))
    record("calendar_feed.made", feed, user=user)
    return feed


@transaction.atomic
def end_feed(user: User) -> None:
    """End the user's feed."""
    feed = feed_of(user)
    if feed is not None:
        record("calendar_feed.ended", feed, user=user)
        feed.delete()


def _sessions(user: User, edition: Edition) -> Iterator[Entry]:
    signed_up = dict(
        SignUp.objects.filter(edition=edition, user=user, state__in=TAKEN).values_list("session_id", "state")
    )
    if not signed_up:
        return
    public = public_programme(edition, Q(pk__in=signed_up))
    for session in [*public.sessions, *public.cancelled]:
        waiting = signed_up[session.pk] == SignUp.State.WAITING
        yield replace(entry_of(edition, session, public.changed.get(session.pk, 0)), tentative=waiting)


def _meetings(user: User, edition: Edition) -> Iterator[Entry]:
    firms = user.roles.filter(firm__isnull=False).values_list("firm_id", flat=True)
    # Two queries: with one OR over a join, the database would read all meetings.
    own = set(Participation.objects.filter(edition=edition, firm__in=set(firms)).values_list("pk", flat=True))
    met = Meeting.objects.filter(edition=edition, state__in=TO_COME, starts_at__isnull=False, ends_at__isnull=False)
    met = met.filter(showing(edition).known) if own else met
    of_own = met.filter(Q(host__in=own) | Q(guest__in=own)).select_related("host__firm", "guest__firm")
    # Each step of an announced meeting adds an event and none is deleted, so their number is a version.
    of_own = of_own.annotate(versions=Count("events"))
    for meeting in of_own if own else ():
        other = meeting.guest.firm if meeting.host_id in own else meeting.host.firm
        assert meeting.starts_at is not None
        assert meeting.ends_at is not None
        yield Entry(
            uid=f"meeting-{meeting.pk}",
            title=_("Meeting: %s") % isolated(in_language(other.name).text),
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            address=reverse("meeting", args=[edition.slug, meeting.pk]),
            kind=str(_("Meeting")),
            changed=meeting.versions,
        )


def agenda_by_day(
    participations: Iterable[Participation], edition: Edition, may_read: Showing
) -> list[tuple[date, list[Meeting]]]:
    """The meetings of several participants whose times may be read, by day of the fair's own time."""
    zone = ZoneInfo(edition.time_zone)
    meetings = (
        Meeting.objects.filter(of_either(*participations), may_read.known, state__in=TOLD, starts_at__isnull=False)
        .select_related("host__firm", "guest__firm")
        .order_by("starts_at", "pk")
    )
    days = groupby(
        meetings, key=lambda meeting: meeting.starts_at.astimezone(zone).date() if meeting.starts_at else date.max
    )
    return [(day, list(held)) for day, held in days]
