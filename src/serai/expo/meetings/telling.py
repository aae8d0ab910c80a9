"""Letters about requests: to the people of the other side, in their own languages, and never across a veto."""

from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from serai.expo.buyers.acting import Acting
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.naming import shown_name
from serai.expo.mailing.letters import send_letter
from serai.expo.meetings.models import Meeting, MeetingRequest
from serai.expo.meetings.wishing import has_refused
from serai.expo.people.models import Role, User


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


def tell_cancelled(meeting: Meeting, by: Acting, words: str) -> None:
    """Tell the other side that a meeting is cancelled, and why where that was said."""
    told = meeting.guest if by.participation.pk == meeting.host_id else meeting.host
    for person in User.objects.filter(roles__firm=told.firm_id, is_active=True).order_by("pk"):
        with override(person.language):
            values = {"other": shown_name(by.participation.firm), "reason": words}
            send_letter(told.edition, person, "meeting-cancelled", values)


def tell(to: Participation, other: Participation, key: str) -> None:
    """Send the letter of this name to the people of a side about another, each in the language of the reader."""
    for person in User.objects.filter(roles__firm=to.firm_id, is_active=True).order_by("pk"):
        with override(person.language):
            name = shown_name(other.firm)
            send_letter(to.edition, person, key, {"other": name})


def tell_places(edition: Edition, changed: Iterable[tuple[Meeting, str]]) -> None:
    """Write to the people of both sides of meetings that are held elsewhere, each with the place before.

    One letter a reader, however many of its meetings have moved. Call inside of the edition's scope.
    """
    of_firm: dict[int, list[tuple[Meeting, Participation, str]]] = defaultdict(list)
    for meeting, before in changed:
        of_firm[meeting.host.firm_id].append((meeting, meeting.guest, before))
        of_firm[meeting.guest.firm_id].append((meeting, meeting.host, before))
    if not of_firm:
        return
    readers: dict[User, set[int]] = defaultdict(set)
    roles = Role.objects.filter(firm__in=of_firm, user__is_active=True).select_related("user")
    for role in roles.order_by("user", "pk"):
        readers[role.user].add(role.firm_id or 0)
    zone = ZoneInfo(edition.time_zone)
    for person, firms in readers.items():
        with override(person.language):
            told = [one for firm in sorted(firms) for one in of_firm[firm]]
            told.sort(key=lambda one: (str(one[0].starts_at), one[0].pk))
            lines = [_line(meeting, other, before, zone) for meeting, other, before in told]
            send_letter(edition, person, "meeting-places", {"meetings": "\n".join(lines)})


def _line(meeting: Meeting, other: Participation, before: str, zone: ZoneInfo) -> str:
    assert meeting.starts_at is not None
    begins = meeting.starts_at.astimezone(zone)
    return _("%(day)s, %(time)s, %(other)s: %(place)s (before: %(before)s)") % {
        "day": date_format(begins, "MONTH_DAY_FORMAT"),
        "time": f"{begins:%H:%M}",
        "other": shown_name(other.firm),
        "place": meeting.place or _("not known yet"),
        "before": before or "–",
    }
