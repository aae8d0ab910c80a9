"""Saying whom one must, would or does not want to meet. What a side says is shown to nobody of the other side."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.meetings.meeting.domain.life import COMING, K, happened, lock, meeting_of
from serai.expo.meetings.meeting.domain.permission import Permits, permits, require_rules
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, trace

R = MeetingRequest.State


class WishRefusedError(ValueError):
    """Why a wish cannot be said, in the reader's language."""


def may_know(by: Participation, other: Participation) -> bool:
    """Whether the one may know of the other: exhibitors are known to all, others to exhibitors only."""
    if other.state != Participation.State.CONFIRMED or other.firm_id == by.firm_id:
        return False
    return other.kind in EXHIBITING or by.kind in EXHIBITING


def may_be_wished(by: Participation, other: Participation, permitted: Permits) -> bool:
    """Whether the one may wish to meet the other, and ask it: it may know of it, and the rules of the fair let it ask.

    Who may not can still say 'no thanks'.
    """
    return may_know(by, other) and permitted.may_ask(by, other)


def partner_of(by: Participation, identifier: str) -> Participation | None:
    """The participant of this firm whom the one may know of: where there are several, one that it may wish to meet."""
    of_firm = Participation.objects.filter(edition=by.edition, firm__identifier=leading(identifier))
    others = [
        participation
        for participation in of_firm.select_related("firm", "edition").order_by("pk")
        if may_know(by, participation)
    ]
    if len(others) < 2:
        return others[0] if others else None
    permitted = permits(by.edition)
    return next((participation for participation in others if may_be_wished(by, participation, permitted)), others[0])


@transaction.atomic
def wish(by: Acting, other: Participation, strength: Wish.Strength) -> Wish:
    """Say how much the participant wants to meet another. Said again it replaces what was said.

    'No thanks' also ends the open requests between the two, and leaves no trace with the other side but that of an
    answer. Raises WishRefusedError while the two have a meeting with a time: it must be cancelled first.
    """
    own = by.participation
    if not may_know(own, other):
        raise WishRefusedError(_("This participant cannot be wished for by yours."))
    if strength != Wish.Strength.NO_THANKS:  # a veto is heard at any time, and whoever may ask whom
        require_open(by.edition, Phase.Kind.WISHES, refusal=WishRefusedError)
        require_rules(by.edition, own, other, refusal=WishRefusedError)
    lock(own, other)
    if strength == Wish.Strength.NO_THANKS:
        _refuse(by, other)
    existing = Wish.objects.filter(wisher=own, wished=other).first()
    before = state(existing) if existing else None
    kept = existing or Wish(edition=by.edition, wisher=own, wished=other)
    if existing and existing.strength == strength:
        return existing
    kept.strength, kept.said_at = strength, timezone.now()
    kept.save()
    trace("wish.said", kept, by, before=before)
    return kept


def _refuse(by: Acting, other: Participation) -> None:
    meeting = meeting_of(by.participation, other)
    if meeting is not None and (meeting.state in COMING or is_agreed(meeting)):
        raise WishRefusedError(_("You have agreed on a meeting with them. Cancel it first."))
    for request in open_requests(by.participation, other):
        before = state(request)
        sent = request.asker_id == by.participation.pk
        request.state = R.WITHDRAWN if sent else R.DECLINED
        request.answered_at = timezone.now()
        request.save()
        happened(K.WITHDRAWN if sent else K.DECLINED, by, request=request)
        trace(f"meeting_request.{request.state}", request, by, before=before)


@transaction.atomic
def take_back(by: Acting, other: Participation) -> None:
    """Say nothing any more about another."""
    existing = Wish.objects.filter(wisher=by.participation, wished=other).first()
    if existing is None:
        return
    trace("wish.taken_back", existing, by)
    existing.delete()


def wishes_of(participation: Participation) -> QuerySet[Wish]:
    """What a participant has said, the strongest first by name."""
    return Wish.objects.filter(wisher=participation).select_related("wished__firm").order_by("wished__firm__sort_name")


def has_refused(first: Participation, second: Participation) -> bool:
    """Whether the one said no thanks to the other."""
    return Wish.objects.filter(wisher=first, wished=second, strength=Wish.Strength.NO_THANKS).exists()


def open_requests(first: Participation, second: Participation) -> QuerySet[MeetingRequest]:
    """The open requests of a pair."""
    return MeetingRequest.objects.filter(Q(asker=first, asked=second) | Q(asker=second, asked=first), state=R.OPEN)


def is_agreed(meeting: Meeting) -> bool:
    """Whether both sides have agreed to a meeting that waits for its time."""
    waiting = meeting.state == Meeting.State.WISHED
    return waiting and MeetingRequest.objects.filter(meeting=meeting, state=R.ACCEPTED).exists()
