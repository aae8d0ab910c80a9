"""My meetings, the requests in and out, one meeting, and whom one wants to meet."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.day.domain import attendance as holding
from serai.expo.meetings.matchmaking.domain.matching import reasons_with
from serai.expo.meetings.matchmaking.domain.suggestions import suggested_to
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.domain.life import COMING, MeetingRefusedError, across, meeting_of, visible_to
from serai.expo.meetings.meeting.models import Meeting, MeetingNote, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.requests.domain import exchanges as exchanging
from serai.expo.meetings.requests.domain import requests as requesting
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.requests.pages.contents import my_meetings, outcomes_of
from serai.expo.meetings.requests.pages.forms import CodeForm, DeclineForm, ExchangeForm, NoteForm, PersonForm, TimeForm
from serai.expo.meetings.timetable.domain.interpreters import pair_of_each
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.pages.guards import (
    ParticipantRequest,
    acting_among,
    or_register,
    participant_required,
    partner_or_404,
)


@or_register
@participant_required
def mine(request: ParticipantRequest) -> HttpResponse:
    """Requests in and out, the agenda by day with conflicts, and what is over."""
    return render(
        request,
        "meetings/requests/mine.html",
        {
            "own": request.by.participation,
            "by": request.by,
            "desks": request.desks,
            "shown": my_meetings(request.by),
            "suggested": suggested_to(request.by.participation),
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


@participant_required
@require_http_methods(["GET", "POST"])
def ask(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Ask a firm for a meeting, or for another time; the times shown are free on both sides.

    Whom the reader's may not ask now it is told so, before it fills in anything.
    """
    other = partner_or_404(request.by, identifier)
    own = request.by.participation
    try:
        requesting.require_may_ask(own, other)
    except MeetingRefusedError as refusal:
        page = {"other": other, "refused": str(refusal)}
        return render(request, "meetings/requests/ask.html", page, status=400 if request.method == "POST" else 200)
    known, may_read = meeting_of(own, other), showing(request.edition)
    slots = free_slots(own, other, but=known)
    form = TimeForm(request.edition, slots, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            requesting.ask(request.by, other, message=form.cleaned_data["message"], starts_at=form.time())
        except MeetingRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your request has been sent to %s.") % in_language(other.firm.name).text)
            return redirect("my-meetings", request.edition.slug)
    return render(
        request,
        "meetings/requests/ask.html",
        {
            "other": other,
            "form": form,
            "own": own,
            "reasons": reasons_with(own, [other]).get(other.pk, ()),
            "known": may_read.to_a_side(known) if known is not None and known.state in COMING else None,
            "hidden": may_read.sentence,
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


@participant_required
@require_http_methods(["GET", "POST"])
def answer(request: ParticipantRequest, number: int) -> HttpResponse:
    """One request with its history; a POST accepts, declines, proposes another time or withdraws."""
    found = _request(request, number)
    by = acting_among(request, found.asker, found.asked)
    assert by is not None
    other = found.asked if found.asker_id == by.participation.pk else found.asker
    slots = free_slots(by.participation, other, but=found.meeting)
    act = request.POST.get("act", "")
    time_form = TimeForm(
        request.edition,
        slots,
        request.POST if act == "counter" else None,
        initial={"starts_at": found.starts_at.isoformat() if found.starts_at else ""},
    )
    decline_form = DeclineForm(request.POST if act == "decline" else None)
    if request.method == "POST":
        done = _answered(request, by, found, act, time_form, decline_form)
        if done:
            messages.success(request, done)
            return redirect("my-meetings", request.edition.slug)
    return render(
        request,
        "meetings/requests/request.html",
        {
            "found": found,
            "own": by.participation,
            "other": other,
            "to_answer": found.awaiting_id == by.participation.pk,
            "is_asker": found.asker_id == by.participation.pk,
            "is_open": found.state == MeetingRequest.State.OPEN,
            "time_form": time_form,
            "decline_form": decline_form,
            "reasons": reasons_with(by.participation, [other]).get(other.pk, ()),
            "events": found.events.select_related("side__firm"),
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


def _answered(
    request: ParticipantRequest,
    by: Acting,
    found: MeetingRequest,
    act: str,
    time_form: TimeForm,
    decline_form: DeclineForm,
) -> str:
    """What was done in a sentence; nothing where it was refused, with the reason on the page."""
    try:
        if act == "accept":
            meeting = requesting.accept(found, by)
            if meeting.is_told and meeting.written_starts_at:
                return _("You have agreed. The meeting has its time and place.")
            said = _("You have agreed. The timetable will give the meeting its time.")
            return f"{said} {showing(request.edition).sentence}".strip()
        if act == "decline" and decline_form.is_valid():
            why = decline_form.cleaned_data
            requesting.decline(found, by, reason=MeetingRequest.Reason(why["reason"]), words=why["words"])
            return _("You have declined.")
        if act == "counter" and time_form.is_valid():
            requesting.counter(found, by, starts_at=time_form.time(), message=time_form.cleaned_data["message"])
            return _("Your proposal has been sent; now the other side answers.")
        if act == "withdraw":
            requesting.withdraw(found, by)
            return _("Your request has been withdrawn.")
    except MeetingRefusedError as refusal:
        messages.error(request, str(refusal))
    return ""


@participant_required
@require_http_methods(["GET"])
def meeting(request: ParticipantRequest, number: int) -> HttpResponse:
    """One meeting as its side sees it: when and where, why, what to do now, and what happened."""
    found, by = _meeting(request, number)
    return _meeting_page(request, found, by)


def _meeting_page(
    request: ParticipantRequest, found: Meeting, by: Acting, note_form: NoteForm | None = None
) -> HttpResponse:
    own = by.participation
    other = across(found, own)
    may_read = showing(request.edition)
    people = holding.colleagues(own)
    note = MeetingNote.objects.filter(meeting=found, side=own).select_related("owner").first()
    initial = {
        "rating": note.rating if note else None,
        "note": note.note if note else "",
        "next_step": note.next_step if note else "",
        "next_step_on": note.next_step_on if note else None,
        "owner": note.owner if note else request.user if request.user in people else None,
        "done": bool(note and note.done_at),
    }
    code = holding.code_of(found, own)
    scan = request.build_absolute_uri(reverse("meeting", args=[request.edition.slug, found.pk]) + f"?code={code}")
    return render(
        request,
        "meetings/requests/mine_meeting.html",
        {
            "meeting": may_read.to_a_side(found),
            "hidden": may_read.sentence if may_read.hides(found) else "",
            "own": own,
            "other": other,
            "code": code,
            "qr": segno.make(scan, micro=False).svg_data_uri(scale=4, border=2),
            "can_confirm": holding.can_be_confirmed(found),
            "own_arrived": holding.arrived_at(found, own),
            "other_arrived": holding.arrived_at(found, other),
            "is_coming": found.state in COMING,
            "can_cancel": found.state in COMING or wishing.is_agreed(found),
            "code_form": CodeForm(initial={"code": request.GET.get("code", "")[:16]}),
            "person_form": PersonForm(
                people, initial={"person": found.host_person if found.host_id == own.pk else found.guest_person}
            ),
            "exchange_form": None if may_read.sentence else _exchange_form(request, found, own),
            "note_form": note_form or NoteForm(people, initial=initial),
            "their_person": found.guest_person if found.host_id == own.pk else found.host_person,
            "kinds": Outcome.Kind.choices,
            "outcomes": outcomes_of(found),
            "reasons": reasons_with(own, [other]).get(other.pk, ()) or tuple(found.reasons),
            "interpreters": pair_of_each(request.edition)(found),
            "events": found.events.select_related("side__firm"),
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


def _exchange_form(request: ParticipantRequest, found: Meeting, own: Participation) -> ExchangeForm | None:
    """With what its time can be exchanged; None where with nothing."""
    if found.state not in COMING or found.locked:
        return None
    others = list(exchanging.exchangeable(own, found))
    return ExchangeForm(request.edition, own, others) if others else None


@participant_required
@require_POST
def act_on_meeting(request: ParticipantRequest, number: int) -> HttpResponse:
    """Confirm it, enter the other's code, report that nobody came, keep a note, send a colleague, or cancel."""
    found, by = _meeting(request, number)
    done = ACTS.get(request.POST.get("act", ""))
    if done is None:
        raise Http404
    try:
        said = done(request, found, by)
    except MeetingRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        if said is None:
            return _meeting_page(request, found, by, NoteForm(holding.colleagues(by.participation), request.POST))
        messages.success(request, said)
    return redirect("meeting", request.edition.slug, found.pk)


def _confirm(_request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    holding.confirm(found, by)
    return _held(found)


def _scan(request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    form = CodeForm(request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Enter the code of the other side."))
    holding.scan(found, by, form.cleaned_data["code"])
    return _held(found)


def _held(found: Meeting) -> str:
    if found.state == Meeting.State.HELD:
        return _("Both sides have confirmed: the meeting is held.")
    return _("Noted. The meeting counts as held when the other side has confirmed too.")


def _missed(_request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    holding.report_missed(found, by)
    return _("It is reported that the other side has not come.")


def _note(request: ParticipantRequest, found: Meeting, by: Acting) -> str | None:
    form = NoteForm(holding.colleagues(by.participation), request.POST)
    if not form.is_valid():
        return None
    holding.keep_note(found, by, **form.cleaned_data)
    return _("Your note is kept. Only your side sees it.")


def _assign(request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    form = PersonForm(holding.colleagues(by.participation), request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Only people of your own firm can be sent."))
    clashes = holding.assign(found, by, form.cleaned_data["person"])
    if clashes:
        messages.warning(
            request,
            ngettext(
                "This person has %d other meeting at that time.",
                "This person has %d other meetings at that time.",
                len(clashes),
            )
            % len(clashes),
        )
    return _("Kept.")


def _cancel(request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    requesting.cancel(found, by, words=request.POST.get("words", "")[:1000])
    return _("The meeting is cancelled; its time is free again.")


def _exchange(request: ParticipantRequest, found: Meeting, by: Acting) -> str:
    others = exchanging.exchangeable(by.participation, found)
    form = ExchangeForm(request.edition, by.participation, others, request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Choose another of your meetings that has a time to come."))
    other = others.get(pk=form.cleaned_data["other"])
    exchanging.ask_exchange(by, found, other, message=form.cleaned_data["message"])
    return _("Both sides are asked. Until both agree the two meetings keep their times.")


ACTS: dict[str, Callable[[ParticipantRequest, Meeting, Acting], str | None]] = {
    "confirm": _confirm,
    "scan": _scan,
    "missed": _missed,
    "note": _note,
    "assign": _assign,
    "cancel": _cancel,
    "exchange": _exchange,
}


@participant_required
@require_POST
def exchange(request: ParticipantRequest, number: int) -> HttpResponse:
    """Agree that one's meeting exchanges its time with another, decline, or take back what one has asked for."""
    known = MeetingExchange.objects.filter(pk=number)
    found = known.select_related("asker", "first__host", "first__guest", "second__host", "second__guest").first()
    sides = {found.asker} if found else set()
    if found is not None:
        sides |= {side for one in (found.first, found.second) for side in (one.host, one.guest)}
    by = acting_among(request, *sides)
    if found is None or by is None or not exchanging.is_shown_to(found, by.participation):
        raise Http404(_("There is no such exchange."))
    act = request.POST.get("act")
    try:
        if act == "agree":
            done = exchanging.agree(found, by)
            messages.success(
                request,
                _("The times are exchanged.") if done else _("You have agreed. Now the other side is awaited."),
            )
        elif act == "decline":
            exchanging.decline(found, by)
            messages.success(request, _("You have declined. Your meeting keeps its time."))
        elif act == "withdraw":
            exchanging.withdraw(found, by)
            messages.success(request, _("Your request has been withdrawn."))
    except MeetingRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("my-meetings", request.edition.slug)


@participant_required
@require_http_methods(["GET"])
def wishes(request: ParticipantRequest) -> HttpResponse:
    """Whom the participant must, would and does not want to meet, on one page."""
    said = list(wishing.wishes_of(request.by.participation))
    return render(
        request,
        "meetings/requests/wishes.html",
        {
            "own": request.by.participation,
            "groups": [(strength, [wish for wish in said if wish.strength == strength]) for strength in Wish.Strength],
            "said": len(said),
        },
    )


@participant_required
@require_POST
def wish(request: ParticipantRequest, identifier: str) -> HttpResponse:
    """Say one wish, or take it back; leads back to the page on which it was said."""
    other = partner_or_404(request.by, identifier)
    strength = request.POST.get("strength", "")
    try:
        if strength in Wish.Strength:
            wishing.wish(request.by, other, Wish.Strength(strength))
            messages.success(request, _("Kept. The other side does not see it."))
        else:
            wishing.take_back(request.by, other)
            messages.success(request, _("Taken back."))
    except wishing.WishRefusedError as refusal:
        messages.error(request, str(refusal))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("my-wishes", request.edition.slug)


def _request(request: ParticipantRequest, number: int) -> MeetingRequest:
    found = (
        MeetingRequest.objects.filter(pk=number)
        .select_related("asker__firm", "asked__firm", "asker__edition", "asked__edition", "meeting")
        .first()
    )
    by = acting_among(request, found.asker, found.asked) if found else None
    if found is None or by is None or not requesting.is_shown_to(found, by.participation):
        raise Http404(_("There is no such request."))
    return found


def _meeting(request: ParticipantRequest, number: int) -> tuple[Meeting, Acting]:
    found = (
        visible_to(request.user, request.edition)
        .filter(pk=number)
        .select_related("host__firm", "guest__firm", "host__edition", "guest__edition", "host_person", "guest_person")
        .first()
    )
    if found is None:
        raise Http404(_("There is no such meeting."))
    by = acting_among(request, found.host, found.guest)
    if by is None:
        raise PermissionDenied
    return found, by
