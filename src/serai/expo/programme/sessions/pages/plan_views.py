"""The organiser's page to plan rooms and times of sessions."""

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

from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.programme.sessions.domain import plan as domain
from serai.expo.programme.sessions.domain.conflicts import conflicts_of
from serai.expo.programme.sessions.models import Session

SALT = "serai.programme.plan"
HOURS = 12 * 3600
"""Seconds for which a plan can be accepted."""


class HoursForm(forms.Form):
    """The hours between which sessions are planned."""

    begins = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


@organiser_required("GET", "POST")
def plan_programme(request: OrganiserRequest) -> HttpResponse:
    """Choose the sessions that may move, see the plan with its proof or the reasons against it, and accept it."""
    edition = request.edition
    if "plan" in request.POST:
        return _accept(request)
    sessions = domain.plannable(edition)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=_hours(request, sessions))
    clashing = {session.pk for conflict in conflicts_of(edition) for session in conflict.sessions}
    free = {row.pk for row in sessions if row.room_id is None or row.pk in clashing}
    plan = None
    if request.method == "POST":
        free = {row.pk for row in sessions if str(row.pk) in request.POST.getlist("free")}
        if form.is_valid():
            with told_to(request, domain.PlanError):
                plan = domain.plan(edition, free, **form.cleaned_data)
    context: dict[str, Any] = {
        "form": form,
        "sessions": [(row, row.pk in free) for row in sessions],
        "result": plan,
        "words": domain.WORDS[plan.status] if plan else "",
        "moving": [placed for placed in plan.placed if placed.moves] if plan else [],
        "plan": signing.dumps({"edition": edition.pk} | domain.kept(plan), salt=SALT, compress=True) if plan else "",
        "zone": ZoneInfo(edition.time_zone),
    }
    return render(request, "programme/sessions/plan.html", context, status=400 if form.errors else 200)


def _hours(request: OrganiserRequest, sessions: list[Session]) -> dict[str, time]:
    """The earliest begin and the latest end of all sessions, at least from nine to six."""
    zone = ZoneInfo(request.edition.time_zone)
    begins = [session.starts_at.astimezone(zone).time() for session in sessions]
    ends = [session.ends_at.astimezone(zone).time() for session in sessions]
    return {"begins": min([time(9), *begins]), "ends": max([time(18), *ends])}


def _accept(request: OrganiserRequest) -> HttpResponse:
    edition = request.edition
    try:
        with told_to(request, domain.PlanError):
            plan = signing.loads(request.POST["plan"], salt=SALT, max_age=HOURS)
            if plan["edition"] != edition.pk:
                raise signing.BadSignature
            moved = domain.accept(edition, plan, by=request.user)
            messages.success(request, ngettext("%d session has moved.", "%d sessions have moved.", moved) % moved)
            return redirect("organiser-programme", edition.slug)
    except signing.BadSignature:
        messages.error(request, _("This plan is too old; plan again."))
    return redirect("plan-programme", edition.slug)
