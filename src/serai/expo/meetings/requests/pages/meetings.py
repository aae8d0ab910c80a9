"""The page of one meeting, as its sides see it, and what they do there."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.day.domain import attendance as holding
from serai.expo.meetings.matchmaking.domain.matching import reasons_with
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.domain.life import COMING, MeetingRefusedError, across, visible_to
from serai.expo.meetings.meeting.models import Meeting, MeetingNote
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.requests.domain import exchanges as exchanging
from serai.expo.meetings.requests.domain import requests as requesting
from serai.expo.meetings.requests.pages.contents import outcomes_of
from serai.expo.meetings.requests.pages.forms import CodeForm, ExchangeForm, NoteForm, PersonForm
from serai.expo.meetings.timetable.domain.interpreters import pair_of_each
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.pages.guards import (
    ParticipantRequest,
    acting_among,
    participant_required,
)


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
