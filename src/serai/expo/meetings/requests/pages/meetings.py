"""The page of one meeting for its sides, and what they do on it."""

from collections.abc import Callable

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.day.domain import attendance as holding
from serai.expo.meetings.matchmaking.domain.matching import told_with
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.life import COMING, MeetingRefusedError, across, showing, visible_to
from serai.expo.meetings.meeting.models import Meeting, MeetingNote
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.requests.domain import exchanges as exchanging
from serai.expo.meetings.requests.domain import requests
from serai.expo.meetings.requests.pages.contents import outcomes_of
from serai.expo.meetings.requests.pages.forms import CodeForm, ExchangeForm, NoteForm, PersonForm
from serai.expo.meetings.timetable.domain.pools import pair_of_each
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.pages.guards import (
    ParticipantRequest,
    acting_among,
    participant_required,
)


@participant_required("GET")
def meeting(request: ParticipantRequest, number: int) -> HttpResponse:
    """One meeting as its side sees it: time, place, reasons, what to do now, and its history."""
    row, by = _meeting(request, number)
    return _meeting_page(request, row, by)


def _meeting_page(
    request: ParticipantRequest, row: Meeting, by: Acting, note_form: NoteForm | None = None
) -> HttpResponse:
    own = by.participation
    other = across(row, own)
    may_read = showing(request.edition)
    people = holding.colleagues(own)
    note = MeetingNote.objects.filter(meeting=row, side=own).select_related("owner").first()
    initial = {
        "rating": note.rating if note else None,
        "note": note.note if note else "",
        "next_step": note.next_step if note else "",
        "next_step_on": note.next_step_on if note else None,
        "owner": note.owner if note else request.user if request.user in people else None,
        "done": bool(note and note.done_at),
    }
    code = holding.code_of(row, own)
    scan = request.build_absolute_uri(reverse("meeting", args=[request.edition.slug, row.pk]) + f"?code={code}")
    told = told_with(own, other)
    return render(
        request,
        "meetings/requests/mine_meeting.html",
        {
            "meeting": may_read.to_a_side(row),
            "hidden": may_read.sentence if may_read.hides(row) else "",
            "own": own,
            "other": other,
            "code": code,
            "qr": segno.make(scan, micro=False).svg_data_uri(scale=4, border=2),
            "can_confirm": holding.can_be_confirmed(row),
            "own_arrived": holding.arrived_at(row, own),
            "other_arrived": holding.arrived_at(row, other),
            "is_coming": row.state in COMING,
            "can_cancel": row.state in COMING or wishing.is_agreed(row),
            "code_form": CodeForm(initial={"code": request.GET.get("code", "")[:16]}),
            "person_form": PersonForm(
                people, initial={"person": row.host_person if row.host_id == own.pk else row.guest_person}
            ),
            "exchange_form": None if may_read.sentence else _exchange_form(request, row, own),
            "note_form": note_form or NoteForm(people, initial=initial),
            "their_person": row.guest_person if row.host_id == own.pk else row.host_person,
            "kinds": Outcome.Kind.choices,
            "outcomes": outcomes_of(row),
            **told,
            "reasons": told["reasons"] or tuple(row.reasons),
            "interpreters": pair_of_each(request.edition)(row),
            "events": row.events.select_related("side__firm"),
        },
    )


def _exchange_form(request: ParticipantRequest, row: Meeting, own: Participation) -> ExchangeForm | None:
    """The form of an exchange; None if no other meeting can exchange its time."""
    if row.state not in COMING or row.locked:
        return None
    others = list(exchanging.exchangeable(own, row))
    return ExchangeForm(request.edition, own, others) if others else None


@participant_required("POST")
def act_on_meeting(request: ParticipantRequest, number: int) -> HttpResponse:
    """Confirm, scan a code, report a no-show, save a note, send a colleague, cancel, or ask for an exchange."""
    row, by = _meeting(request, number)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    with told_to(request, MeetingRefusedError):
        sentence = act(request, row, by)
        if sentence is None:
            return _meeting_page(request, row, by, NoteForm(holding.colleagues(by.participation), request.POST))
        messages.success(request, sentence)
    return redirect("meeting", request.edition.slug, row.pk)


def _confirm(_request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    holding.confirm(row, by)
    return _held(row)


def _scan(request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    form = CodeForm(request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Enter the code of the other side."))
    holding.scan(row, by, form.cleaned_data["code"])
    return _held(row)


def _held(row: Meeting) -> str:
    if row.state == Meeting.State.HELD:
        return _("Both sides have confirmed: the meeting is held.")
    return _("Noted. The meeting counts as held when the other side has confirmed too.")


def _missed(_request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    holding.report_missed(row, by)
    return _("It is reported that the other side has not come.")


def _note(request: ParticipantRequest, row: Meeting, by: Acting) -> str | None:
    form = NoteForm(holding.colleagues(by.participation), request.POST)
    if not form.is_valid():
        return None
    holding.keep_note(row, by, **form.cleaned_data)
    return _("Your note is kept. Only your side sees it.")


def _assign(request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    form = PersonForm(holding.colleagues(by.participation), request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Only people of your own firm can be sent."))
    clashes = holding.assign(row, by, form.cleaned_data["person"])
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
    return _("Saved.")


def _cancel(request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    requests.cancel(row, by, words=request.POST.get("words", "")[:1000])
    return _("The meeting is cancelled; its time is free again.")


def _exchange(request: ParticipantRequest, row: Meeting, by: Acting) -> str:
    others = exchanging.exchangeable(by.participation, row)
    form = ExchangeForm(request.edition, by.participation, others, request.POST)
    if not form.is_valid():
        raise MeetingRefusedError(_("Choose another of your meetings that has a time to come."))
    other = others.get(pk=form.cleaned_data["other"])
    exchanging.ask_exchange(by, row, other, message=form.cleaned_data["message"])
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


def _meeting(request: ParticipantRequest, number: int) -> tuple[Meeting, Acting]:
    row = (
        visible_to(request.user, request.edition)
        .filter(pk=number)
        .select_related("host__firm", "guest__firm", "host__edition", "guest__edition", "host_person", "guest_person")
        .first()
    )
    if row is None:
        raise Http404(_("There is no such meeting."))
    by = acting_among(request, row.host, row.guest)
    if by is None:
        raise PermissionDenied
    return row, by
