"""Events that exhibitors hold at their booths: proposed by them within a limit, decided by the organiser."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import among, made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.packages.domain import PackageRefusedError, require_room
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Forum, Room, Session
from serai.expo.venue.halls.domain.relocation import Relocated
from serai.expo.venue.halls.models import Booth, Stand

FORUM = "booth-events"
COUNTED = (Session.State.PROPOSED, Session.State.CONFIRMED)
TITLE = {
    "en": "Events at booths",
    "zh-hans": "展位活动",
    "ar": "فعاليات الأجنحة",
    "fr": "Événements sur les stands",
    "es": "Actos en los estands",
    "ru": "Мероприятия на стендах",
}


class NotProposedError(ValueError):
    """Why an event cannot be proposed, in the reader's language."""


def events_of(participation: Participation) -> QuerySet[Session]:
    """All events that an exhibitor has proposed, in order of time."""
    return Session.objects.filter(host=participation).select_related("forum", "room").order_by("starts_at", "pk")


def proposed_events(edition: Edition) -> list[Session]:
    """Events that wait for the organiser's decision, in order of time."""
    waiting = Session.objects.filter(edition=edition, state=Session.State.PROPOSED, host__isnull=False)
    return list(waiting.select_related("forum", "room", "host__firm").order_by("starts_at", "pk"))


def most_events(participation: Participation) -> int:
    """Limit of events of an exhibitor: that of its package, else that of the fair."""
    bought = participation.package.booth_events if participation.package else None
    return participation.edition.booth_events_maximum if bought is None else bought


@made_once
def propose(
    participation: Participation,
    *,
    title: Mapping[str, str],
    summary: Mapping[str, str],
    starts_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    languages: Sequence[str],
    by: User,
) -> Session:
    """Propose an event at the exhibitor's booth.

    Raises NotProposedError without a booth, beyond the limit, outside of the days of the fair, and at a time at which
    the booth has another event.
    """
    edition = participation.edition
    booth = (
        Booth.objects.filter(stands__participation=participation).select_related("hall").order_by("stands__pk").first()
    )
    if booth is None:
        raise NotProposedError(_("You have no booth yet. Events are held at a booth."))
    Participation.objects.select_for_update().get(pk=participation.pk)
    counted = Session.objects.filter(host=participation, state__in=COUNTED)
    try:
        require_room(participation, "booth_events")
    except PackageRefusedError as refusal:
        raise NotProposedError(str(refusal)) from None
    most = most_events(participation)
    if counted.count() >= most:
        raise NotProposedError(
            ngettext(
                "An exhibitor holds at most %d event at its booth. Withdraw one to propose another.",
                "An exhibitor holds at most %d events at its booth. Withdraw one to propose another.",
                most,
            )
            % most
        )
    _check_time(edition, starts_at, ends_at)
    if Session.objects.filter(
        room__booth=booth, state__in=COUNTED, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).exists():
        raise NotProposedError(_("There is an event at your booth at this time already."))
    forum, _made = Forum.objects.get_or_create(
        edition=edition, slug=FORUM, defaults={"kind": Forum.Kind.BOOTH_EVENT, "title": TITLE, "order": 999}
    )
    room = _room_of(booth)
    made = Session.objects.create(
        edition=edition,
        forum=forum,
        title=dict(title),
        summary=dict(summary),
        state=Session.State.PROPOSED,
        starts_at=starts_at,
        ends_at=ends_at,
        room=room,
        capacity=capacity,
        languages=list(languages),
        host=participation,
    )
    record("session.proposed", made, after=state(made), user=by, edition=edition)
    return made


@transaction.atomic
def withdraw_proposal(session: Session, *, by: User) -> None:
    """Delete an event on which the organiser has not decided. Raises NotProposedError for any other."""
    if session.state != Session.State.PROPOSED:
        raise NotProposedError(_("The organiser has decided on this event. Ask it to cancel the event."))
    record("session.withdrawn", session, before=state(session), user=by, edition=session.edition)
    session.delete()


def _room_of(booth: Booth) -> Room:
    room, _made = Room.objects.get_or_create(
        edition=booth.edition, booth=booth, defaults={"title": {"en": booth.label}, "order": 999}
    )
    return room


def move_events(edition: Edition, participations: Collection[int], by: User | None) -> Relocated:
    """Move the coming events of these exhibitors to their present booths, or to no room without a booth.

    Events that overlap at a booth are conflicts of the programme.
    """
    coming = Session.objects.filter(
        among("host", participations),
        edition=edition,
        forum__kind=Forum.Kind.BOOTH_EVENT,
        state__in=COUNTED,
        ends_at__gt=timezone.now(),
    )
    held = list(coming.select_related("room").order_by("starts_at", "pk"))
    booths = _booths_of({session.host_id for session in held if session.host_id})
    for session in held:
        own = booths[session.host_id]
        at = session.room.booth_id if session.room else None
        # An event that the organiser has put into a room of the congress centre stays there.
        if (session.room and at is None) or at in {booth.pk for booth in own} or (at is None and not own):
            continue
        record_change("session.changed", session, user=by, room=_room_of(own[0]) if own else None)
    return Relocated()


def _booths_of(participations: Collection[int]) -> Mapping[int | None, list[Booth]]:
    """Participation -> its booths, in the order in which it got them."""
    booths: dict[int | None, list[Booth]] = defaultdict(list)
    if participations:
        stands = Stand.objects.filter(among("participation", participations)).select_related("booth__hall")
        for stand in stands.order_by("pk"):
            booths[stand.participation_id].append(stand.booth)
    return booths


def rename_rooms(
    _edition: Edition, former_labels: Mapping[Booth, str], _hosts: Collection[int], by: User | None
) -> Relocated:
    """Rename the rooms of relabelled booths, in each language in which they had the former label."""
    labels = {booth.pk: (before, booth.label) for booth, before in former_labels.items()}
    for room in Room.objects.filter(booth__in=labels):
        before, now = labels[room.booth_id or 0]
        title = {language: now if name == before else name for language, name in room.title.items()}
        if title != room.title:
            record_change("room.changed", room, user=by, title=title)
    return Relocated()


def _check_time(edition: Edition, starts_at: datetime, ends_at: datetime) -> None:
    zone = ZoneInfo(edition.time_zone)
    first, last = (at.astimezone(zone).date() for at in (starts_at, ends_at))
    if ends_at <= starts_at:
        raise NotProposedError(_("The event would end before it begins."))
    if not (edition.starts_on <= first <= edition.ends_on and last == first):
        raise NotProposedError(_("The event must be held within one day of the fair."))
