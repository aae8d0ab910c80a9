"""What stands between a participant and others, for its eyes: asked, to answer, agreed, met; and whether it may ask."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.domain.slots import slots
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.domain.life import COMING, agreed, of_either
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish


class Standing(StrEnum):
    """What stands between a participant and another, where something does."""

    ASKED = "asked"
    TO_ANSWER = "to-answer"
    AGREED = "agreed"
    MET = "met"


def standings_of(participation: Participation, now: datetime | None = None) -> dict[int, Standing]:
    """Other participants, by primary key, with whom a request waits, a meeting is agreed, or a meeting was held.

    A request of somebody whom the participant has refused stays unseen, and so does a time that is not told yet.
    """
    standings: dict[int, Standing] = {}
    own, at = participation.pk, now or timezone.now()
    requests = MeetingRequest.objects.filter(
        Q(asker=own) | Q(asked=own), state=MeetingRequest.State.OPEN, expires_at__gt=at
    )
    refused = Wish.objects.filter(wisher=own, strength=Wish.Strength.NO_THANKS).values("wished")
    for asker, asked, awaiting in requests.exclude(asker__in=refused).values_list("asker", "asked", "awaiting"):
        other = asked if asker == own else asker
        standings[other] = Standing.TO_ANSWER if awaiting == own else Standing.ASKED
    told = Q(state__in=COMING) & showing(participation.edition, at).known
    meetings = Meeting.objects.filter(of_either(participation)).filter(told | Q(state=Meeting.State.HELD) | agreed())
    for host, guest, state in meetings.values_list("host", "guest", "state"):
        is_held = state == Meeting.State.HELD
        standings[guest if host == own else host] = Standing.MET if is_held else Standing.AGREED
    return standings


def closed_to_requests(edition: Edition, now: datetime | None = None) -> str:
    """Why nobody can ask for a meeting now, as a sentence: the phase is closed, or the hours are over; else empty."""
    at = now or timezone.now()
    if closed := closed_sentence(edition, Phase.Kind.REQUESTS, at):
        return closed
    return "" if any(slot.starts_at > at for slot in slots(edition)) else _("The hours for meetings are over.")
