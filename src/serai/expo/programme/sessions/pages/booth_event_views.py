"""An exhibitor's events at its booth, with the form to propose one."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.participants.exhibitors.pages.guards import DeskRequest, desk_required
from serai.expo.programme.sessions.domain.booth_events import (
    NotProposedError,
    events_of,
    most_events,
    propose,
    withdraw_proposal,
)
from serai.expo.programme.sessions.pages.forms import BoothEventForm


@desk_required("expo.edit_desk")
def booth_events(request: DeskRequest) -> HttpResponse:
    form = BoothEventForm(request.edition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, NotProposedError):
            propose(request.participation, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your event is proposed. The organiser decides."))
            return redirect("desk-events", request.edition.slug, request.participation.firm.identifier)
    page = {
        "form": form,
        "events": events_of(request.participation),
        "most": most_events(request.participation),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/sessions/booth_events.html", page, status=400 if form.errors else 200)


@require_POST
@desk_required("expo.edit_desk")
def withdraw_event(request: DeskRequest, number: int) -> HttpResponse:
    event = row_of(events_of(request.participation), number, _("There is no such event of yours."))
    with told_to(request, NotProposedError):
        withdraw_proposal(event, by=request.user)
        messages.success(request, _("The event is withdrawn."))
    return redirect("desk-events", request.edition.slug, request.participation.firm.identifier)
