"""Letters about single requests and meetings, to the people of a side in their own languages.

No letter about a request crosses a veto. The person who makes a change gets no letter about it. Nobody gets a letter
about a time that is still hidden: the timetable's own letter tells it later (``timetable.domain.announcement``).
"""

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import hours
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place
from serai.expo.fairs.mailing.domain.letters import agenda_of, send_letters
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import people_of_firm
from serai.expo.meetings.meeting.domain.wishes import has_refused
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import User

AGENDA: dict[str, Place] = {
    "agenda": (gettext_lazy("the address of the reader's agenda"), "https://fair.example/agenda/")
}
"""The place of a letter for the address of the agenda."""


def agenda_line() -> str:
    """The line of a letter with the address of the agenda."""
    return _("Your agenda: %s") % "{agenda}"


def tell_asked(request: MeetingRequest) -> None:
    """Notify the side that has to answer. Sends nothing to a side that vetoed the other."""
    awaiting = request.awaiting
    other = request.asker if awaiting.pk == request.asked_id else request.asked
    if has_refused(awaiting, other):
        return
    tell(awaiting, other, "meeting-asked")


def tell_answer(request: MeetingRequest, by: Participation) -> None:
    """Notify the other side of the answer."""
    told = request.asked if by.pk == request.asker_id else request.asker
    if has_refused(told, by):
        return
    accepted = request.state == MeetingRequest.State.ACCEPTED
    tell(told, by, "meeting-agreed" if accepted else "meeting-declined")


def tell_arranged(meeting: Meeting, words: str, *, by: User) -> None:
    """Notify both sides of a meeting that an adviser arranged, with the adviser's reason."""
    if meeting.written_starts_at is None:
        return
    for to, other in ((meeting.host, meeting.guest), (meeting.guest, meeting.host)):
        tell(to, other, "meeting-arranged", lambda: _of(meeting) | {"reason": words}, but=by)


def tell_changed(meeting: Meeting, *sides: Participation, but: User) -> None:
    """Notify these sides of the meeting of its new time or place, except the person who moved it."""
    if meeting.written_starts_at is None:
        return
    for to in sides:
        other = meeting.guest if to.pk == meeting.host_id else meeting.host
        tell(to, other, "meeting-changed", lambda: _of(meeting), but=but)


def tell_cancelled(meeting: Meeting, by: Acting, words: str) -> None:
    """Notify the other side and the colleague who was to go: the meeting is cancelled, why, and whom to ask.

    ``meeting`` is as its sides may read it.
    """
    hosts = by.participation.pk == meeting.host_id
    other = meeting.guest if hosts else meeting.host
    mine, theirs = (meeting.host_person, meeting.guest_person) if hosts else (meeting.guest_person, meeting.host_person)
    # A person is named only to those to whom the page of the meeting names it: once both have agreed.
    agreed = meeting.state == Meeting.State.CONFIRMED

    def values(person: User | None) -> dict[str, object]:
        named = f"{person.name} <{person.email}>" if person and agreed else ""
        organiser = in_language(meeting.edition.organisation.name).text
        return {"when": when(meeting), "reason": words, "contact": named or organiser}

    tell(other, by.participation, "meeting-cancelled", lambda: values(mine), but=by.user)
    if mine is not None:
        own = people_of_firm(by.participation.firm_id).filter(pk=mine.pk)
        _send(own, meeting.edition, other, "meeting-cancelled", lambda: values(theirs), but=by.user)


def tell(
    to: Participation,
    other: Participation,
    key: str,
    values: Callable[[], Mapping[str, object]] = dict,
    *,
    but: User | None = None,
) -> None:
    """Send the letter ``key`` about another participant to the people of a side, each in their language."""
    _send(people_of_firm(to.firm_id), to.edition, other, key, values, but=but)


def _send(
    readers: QuerySet[User],
    edition: Edition,
    other: Participation,
    key: str,
    values: Callable[[], Mapping[str, object]],
    *,
    but: User | None,
) -> None:
    recipients = readers.exclude(pk=but.pk) if but is not None else readers
    send_letters(edition, recipients, key, lambda _reader: {"other": shown_name(other.firm), **values()})


def _of(meeting: Meeting) -> dict[str, object]:
    return {"when": when(meeting), "agenda": agenda_of(meeting.edition)}


def when(meeting: Meeting) -> str:
    """Time and place of a meeting, in the fair's time zone and the current language; empty without a time."""
    if meeting.starts_at is None or meeting.ends_at is None:
        return ""
    span = hours(meeting.edition, meeting.starts_at, meeting.ends_at)
    return f"{span} · {meeting.place}" if meeting.place else span
