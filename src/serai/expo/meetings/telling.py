"""Letters about requests: to the people of the other side, in their own languages, and never across a veto."""

from django.utils.translation import override

from serai.expo.editions.models import Participation
from serai.expo.firms.naming import shown_name
from serai.expo.mailing.letters import send_letter
from serai.expo.meetings.models import MeetingRequest
from serai.expo.meetings.wishing import has_refused
from serai.expo.people.models import User


def tell_asked(request: MeetingRequest) -> None:
    """Tell the side whose answer is awaited. Who does not want to meet the other is not told."""
    awaiting = request.awaiting
    other = request.asker if awaiting.pk == request.asked_id else request.asked
    if has_refused(awaiting, other):
        return
    tell(awaiting, other, "meeting-asked")


def tell_answer(request: MeetingRequest, by: Participation) -> None:
    """Tell the other side what was answered."""
    told = request.asked if by.pk == request.asker_id else request.asker
    if has_refused(told, by):
        return
    accepted = request.state == MeetingRequest.State.ACCEPTED
    tell(told, by, "meeting-agreed" if accepted else "meeting-declined")


def tell(to: Participation, other: Participation, key: str) -> None:
    """Send the letter of this name to the people of a side about another, each in the language of the reader."""
    for person in User.objects.filter(roles__firm=to.firm_id, is_active=True).order_by("pk"):
        with override(person.language):
            name = shown_name(other.firm)
            send_letter(to.edition, person, key, {"other": name})
