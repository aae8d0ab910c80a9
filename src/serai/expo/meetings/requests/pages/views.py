"""My meetings, asking for one, answering requests and exchanges of times."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.submission import back_or, told_in, told_to
from serai.expo.base.text import in_language
from serai.expo.meetings.matchmaking.domain.matching import told_with
from serai.expo.meetings.matchmaking.domain.suggestions import suggested_to
from serai.expo.meetings.meeting.domain.life import COMING, MeetingRefusedError, meeting_of, showing
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.meeting.models import MeetingRequest
from serai.expo.meetings.requests.domain import exchanges as exchanging
from serai.expo.meetings.requests.domain import requests
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.requests.pages.contents import my_meetings
from serai.expo.meetings.requests.pages.forms import DeclineForm, TimeForm
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.pages.guards import (
    ParticipantRequest,
    acting_among,
    or_register,
    participant_required,
)


@or_register
@participant_required
def mine(request: ParticipantRequest) -> HttpResponse:
    """Requests, the agenda by day with clashes, and past meetings."""
    return render(
        request,
        "meetings/requests/mine.html",
        {
            "own": request.by.participation,
            "by": request.by,
            "desks": request.desks,
            "shown": my_meetings(request.by),
            "suggested": suggested_to(request.by.participation),
        },
    )


@participant_required("GET", "POST")
def ask(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Ask a firm for a meeting or for another time, among those free for both sides.

    A reader who may not ask now is told so before it fills in the form.
    """
    other = partner_or_404(request.by, identifier)
    own = request.by.participation
    try:
        requests.require_may_ask(own, other)
    except MeetingRefusedError as refusal:
        page = {"other": other, "refused": str(refusal)}
        return render(request, "meetings/requests/ask.html", page, status=400 if request.method == "POST" else 200)
    existing, may_read = meeting_of(own, other), showing(request.edition)
    slots = free_slots(own, other, but=existing)
    form = TimeForm(request.edition, slots, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, MeetingRefusedError):
            requests.ask(request.by, other, message=form.cleaned_data["message"], starts_at=form.time())
            messages.success(request, _("Your request has been sent to %s.") % in_language(other.firm.name).text)
            return redirect("my-meetings", request.edition.slug)
    return render(
        request,
        "meetings/requests/ask.html",
        {
            "other": other,
            "form": form,
            "own": own,
            **told_with(own, other),
            "known": may_read.to_a_side(existing) if existing is not None and existing.state in COMING else None,
            "hidden": may_read.sentence,
        },
    )


MOST_AT_ONCE = 20


@participant_required("POST")
def ask_several(request: ParticipantRequest) -> HttpResponse:
    """Ask the chosen firms for a meeting at any time, and return to the page on which they were chosen."""
    identifiers = list(dict.fromkeys(request.POST.getlist("firm")))[:MOST_AT_ONCE]
    others = [partner_or_404(request.by, identifier) for identifier in identifiers]
    count, refused = 0, []
    for other in others:
        try:
            requests.ask(request.by, other, message=request.POST.get("message", "")[:1000])
            count += 1
        except MeetingRefusedError as refusal:
            refused.append(f"{in_language(other.firm.name).text}: {refusal}")
    if count:
        messages.success(request, ngettext("%d firm is asked.", "%d firms are asked.", count) % count)
    for sentence in refused:
        messages.error(request, sentence)
    if not others:
        messages.error(request, _("Choose the firms that you want to ask."))
    return back_or(request, "my-meetings", request.edition.slug)


@participant_required("GET", "POST")
def answer(request: ParticipantRequest, number: int) -> HttpResponse:
    """One request with its history; a POST accepts, declines, proposes another time or withdraws."""
    row = _request(request, number)
    by = acting_among(request, row.asker, row.asked)
    assert by is not None
    other = row.asked if row.asker_id == by.participation.pk else row.asker
    slots = free_slots(by.participation, other, but=row.meeting)
    act = request.POST.get("act", "")
    time_form = TimeForm(
        request.edition,
        slots,
        request.POST if act == "counter" else None,
        initial={"starts_at": row.starts_at.isoformat() if row.starts_at else ""},
    )
    decline_form = DeclineForm(request.POST if act == "decline" else None)
    if request.method == "POST":
        done = _answered(request, by, row, act, time_form, decline_form)
        if done:
            messages.success(request, done)
            return back_or(request, "my-meetings", request.edition.slug)
    return render(
        request,
        "meetings/requests/request.html",
        {
            "found": row,
            "own": by.participation,
            "other": other,
            "to_answer": row.awaiting_id == by.participation.pk,
            "is_asker": row.asker_id == by.participation.pk,
            "is_open": row.state == MeetingRequest.State.OPEN,
            "time_form": time_form,
            "decline_form": decline_form,
            **told_with(by.participation, other),
            "events": row.events.select_related("side__firm"),
        },
    )


def _answered(
    request: ParticipantRequest,
    by: Acting,
    row: MeetingRequest,
    act: str,
    time_form: TimeForm,
    decline_form: DeclineForm,
) -> str:
    """What was done, as a sentence; empty if it was refused, with the reason as a message."""
    with told_to(request, MeetingRefusedError):
        if act == "accept":
            meeting = requests.accept(row, by)
            if meeting.is_told and meeting.written_starts_at:
                return _("You have agreed. The meeting has its time and place.")
            agreed = _("You have agreed. The timetable will give the meeting its time.")
            return f"{agreed} {showing(request.edition).sentence}".strip()
        if act == "decline" and decline_form.is_valid():
            why = decline_form.cleaned_data
            requests.decline(row, by, reason=MeetingRequest.Reason(why["reason"]), words=why["words"])
            return _("You have declined.")
        if act == "counter" and time_form.is_valid():
            requests.counter(row, by, starts_at=time_form.time(), message=time_form.cleaned_data["message"])
            return _("Your proposal has been sent; now the other side answers.")
        if act == "withdraw":
            requests.withdraw(row, by)
            return _("Your request has been withdrawn.")
    return ""


@participant_required("POST")
def exchange(request: ParticipantRequest, number: int) -> HttpResponse:
    """Agree to an exchange, decline it, or withdraw one's own."""
    exchanges = MeetingExchange.objects.filter(pk=number)
    row = exchanges.select_related("asker", "first__host", "first__guest", "second__host", "second__guest").first()
    sides = {row.asker} if row else set()
    if row is not None:
        sides |= {side for meeting in (row.first, row.second) for side in (meeting.host, meeting.guest)}
    by = acting_among(request, *sides)
    if row is None or by is None or not exchanging.is_shown_to(row, by.participation):
        raise Http404(_("There is no such exchange."))
    act = request.POST.get("act")
    with told_to(request, MeetingRefusedError):
        if act == "agree":
            done = exchanging.agree(row, by)
            messages.success(
                request,
                _("The times are exchanged.") if done else _("You have agreed. Now the other side is awaited."),
            )
        elif act == "decline":
            exchanging.decline(row, by)
            messages.success(request, _("You have declined. Your meeting keeps its time."))
        elif act == "withdraw":
            exchanging.withdraw(row, by)
            messages.success(request, _("Your request has been withdrawn."))
    return back_or(request, "my-meetings", request.edition.slug)


def _request(request: ParticipantRequest, number: int) -> MeetingRequest:
    row = (
        MeetingRequest.objects.filter(pk=number)
        .select_related("asker__firm", "asked__firm", "asker__edition", "asked__edition", "meeting")
        .first()
    )
    by = acting_among(request, row.asker, row.asked) if row else None
    if row is None or by is None or not requests.is_shown_to(row, by.participation):
        raise Http404(_("There is no such request."))
    return row
