"""An exhibitor's events at its booth: what it has proposed, and a form for another."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

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
        try:
            propose(request.participation, by=request.user, **form.cleaned_data)
        except NotProposedError as refusal:
            form.add_error(None, str(refusal))
        else:
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
    found = next((each for each in events_of(request.participation) if each.pk == number), None)
    if found is None:
        raise Http404(_("There is no such event of yours."))
    try:
        withdraw_proposal(found, by=request.user)
    except NotProposedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The event is withdrawn."))
    return redirect("desk-events", request.edition.slug, request.participation.firm.identifier)
