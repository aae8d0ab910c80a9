"""The organiser has rooms and times of sessions planned."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.programme.sessions.domain import plan as planning
from serai.expo.programme.sessions.domain.conflicts import conflicts_of
from serai.expo.programme.sessions.models import Session

SALT = "serai.programme.plan"
HOURS = 12 * 3600
"""Seconds for which a plan that was seen may be accepted."""


class HoursForm(forms.Form):
    """Between which hours sessions are planned."""

    begins = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


@organiser_required
@require_http_methods(["GET", "POST"])
def plan_programme(request: OrganiserRequest) -> HttpResponse:
    """Choose which sessions may move, see the plan with its proof or what stands against it, and accept it."""
    edition = request.edition
    if "plan" in request.POST:
        return _accept(request)
    sessions = planning.plannable(edition)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=_hours(request, sessions))
    clashing = {session.pk for conflict in conflicts_of(edition) for session in conflict.sessions}
    free = {one.pk for one in sessions if one.room_id is None or one.pk in clashing}
    found = None
    if request.method == "POST":
        free = {one.pk for one in sessions if str(one.pk) in request.POST.getlist("free")}
        if form.is_valid():
            try:
                found = planning.plan(edition, free, **form.cleaned_data)
            except planning.PlanError as refusal:
                messages.error(request, str(refusal))
    context: dict[str, Any] = {
        "form": form,
        "sessions": [(one, one.pk in free) for one in sessions],
        "found": found,
        "words": planning.WORDS[found.status] if found else "",
        "moving": [one for one in found.placed if one.moves] if found else [],
        "plan": signing.dumps({"edition": edition.pk} | planning.kept(found), salt=SALT, compress=True)
        if found
        else "",
        "zone": ZoneInfo(edition.time_zone),
    }
    return render(request, "programme/sessions/plan.html", context, status=400 if form.errors else 200)


def _hours(request: OrganiserRequest, sessions: list[Session]) -> dict[str, time]:
    """From the first session of any day to the end of the last, at least from nine to six."""
    zone = ZoneInfo(request.edition.time_zone)
    begins = [one.starts_at.astimezone(zone).time() for one in sessions]
    ends = [one.ends_at.astimezone(zone).time() for one in sessions]
    return {"begins": min([time(9), *begins]), "ends": max([time(18), *ends])}


def _accept(request: OrganiserRequest) -> HttpResponse:
    edition = request.edition
    try:
        said = signing.loads(request.POST["plan"], salt=SALT, max_age=HOURS)
        if said["edition"] != edition.pk:
            raise signing.BadSignature
        moved = planning.accept(edition, said, by=request.user)
    except signing.BadSignature:
        messages.error(request, _("This plan is too old; plan again."))
    except planning.PlanError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, ngettext("%d session has moved.", "%d sessions have moved.", moved) % moved)
        return redirect("organiser-programme", edition.slug)
    return redirect("plan-programme", edition.slug)
