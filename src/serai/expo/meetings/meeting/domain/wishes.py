"""Wishes: whom a participant must, would or does not want to meet. The other side never sees them."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.meetings.meeting.domain.life import COMING, K, happened, lock, meeting_of
from serai.expo.meetings.meeting.domain.permission import Permits, permits, require_rules
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting, trace

R = MeetingRequest.State


class WishRefusedError(ValueError):
    """The reason why a wish is refused, in the reader's language."""


def may_know(by: Participation, other: Participation) -> bool:
    """Whether ``by`` may know of ``other``: everyone knows exhibitors, and exhibitors know everyone."""
    if other.state != Participation.State.CONFIRMED or other.firm_id == by.firm_id:
        return False
    return other.kind in EXHIBITING or by.kind in EXHIBITING


def may_be_wished(by: Participation, other: Participation, permitted: Permits) -> bool:
    """Whether ``by`` may wish to meet ``other`` and ask it: it may know of it, and the rules let it ask.

    A 'no thanks' is always possible.
    """
    return may_know(by, other) and permitted.may_ask(by, other)


def partner_of(by: Participation, identifier: str) -> Participation | None:
    """The participant of the firm with this identifier that ``by`` may know of. Of several, the first that it may wish
    to meet.
    """
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


@made_once
def wish(by: Acting, other: Participation, strength: Wish.Strength) -> Wish:
    """Set how much the participant wants to meet another; it replaces the former wish.

    'No thanks' also ends the open requests of the pair; the other side sees only an answer. Raises WishRefusedError if
    the two have a meeting with a time, which has to be cancelled first.
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


def strength_of(by: Acting, other: Participation) -> str:
    """How much the participant wants to meet another; empty without a wish."""
    return Wish.objects.filter(wisher=by.participation, wished=other).values_list("strength", flat=True).first() or ""


@transaction.atomic
def take_back(by: Acting, other: Participation) -> None:
    """Delete the wish about another participant."""
    existing = Wish.objects.filter(wisher=by.participation, wished=other).first()
    if existing is None:
        return
    trace("wish.taken_back", existing, by)
    existing.delete()


def wishes_of(participation: Participation) -> QuerySet[Wish]:
    """The participant's wishes, by the name of the other firm."""
    return Wish.objects.filter(wisher=participation).select_related("wished__firm").order_by("wished__firm__sort_name")


def has_refused(first: Participation, second: Participation) -> bool:
    """Whether ``first`` said no thanks to ``second``."""
    return Wish.objects.filter(wisher=first, wished=second, strength=Wish.Strength.NO_THANKS).exists()


def open_requests(first: Participation, second: Participation) -> QuerySet[MeetingRequest]:
    """The open requests of a pair."""
    return MeetingRequest.objects.filter(Q(asker=first, asked=second) | Q(asker=second, asked=first), state=R.OPEN)


def is_agreed(meeting: Meeting) -> bool:
    """Whether both sides have agreed to a meeting that waits for its time."""
    waiting = meeting.state == Meeting.State.WISHED
    return waiting and MeetingRequest.objects.filter(meeting=meeting, state=R.ACCEPTED).exists()


def partner_or_404(by: Acting, identifier: str) -> Participation:
    """The participant of this firm of which the one acted for may know. Raises Http404."""
    other = partner_of(by.participation, identifier)
    if other is None:
        raise Http404(_("There is nobody of this name whom you could meet."))
    return other
