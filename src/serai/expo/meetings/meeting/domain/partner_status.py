"""How far a participant is with its partners, for its eyes: asked, to answer, agreed, met."""

from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.domain.life import COMING, agreed, of_either
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish


class PartnerStatus(StrEnum):
    """How far a participant is with another; with most it has not begun."""

    ASKED = "asked"
    TO_ANSWER = "to-answer"
    AGREED = "agreed"
    MET = "met"


def partner_statuses(participation: Participation, now: datetime | None = None) -> dict[int, PartnerStatus]:
    """Other participants, by primary key, with whom a request waits, a meeting is agreed, or a meeting was held.

    A request of somebody whom the participant has refused stays unseen, and so does a time that is not told yet.
    """
    statuses: dict[int, PartnerStatus] = {}
    own, at = participation.pk, now or timezone.now()
    requests = MeetingRequest.objects.filter(
        Q(asker=own) | Q(asked=own), state=MeetingRequest.State.OPEN, expires_at__gt=at
    )
    refused = Wish.objects.filter(wisher=own, strength=Wish.Strength.NO_THANKS).values("wished")
    for asker, asked, awaiting in requests.exclude(asker__in=refused).values_list("asker", "asked", "awaiting"):
        other = asked if asker == own else asker
        statuses[other] = PartnerStatus.TO_ANSWER if awaiting == own else PartnerStatus.ASKED
    told = Q(state__in=COMING) & showing(participation.edition, at).known
    meetings = Meeting.objects.filter(of_either(participation)).filter(told | Q(state=Meeting.State.HELD) | agreed())
    for host, guest, state in meetings.values_list("host", "guest", "state"):
        is_held = state == Meeting.State.HELD
        statuses[guest if host == own else host] = PartnerStatus.MET if is_held else PartnerStatus.AGREED
    return statuses
