"""Opening the rights of staff."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.submission import told_in
from serai.expo.base.tasks.domain import queue
from serai.expo.people.account.pages.confirmation import require_confirmation
from serai.expo.people.staff.domain import (
    MINUTES,
    StaffSessionRefusedError,
    close_staff_session,
    open_staff_session,
    try_tasks_again,
)
from serai.expo.people.staff.models import StaffSession
from serai.expo.people.staff.pages.forms import ReasonForm
from serai.expo.people.staff.pages.middleware import STAFF


@login_required
@require_http_methods(["GET", "POST"])
def staff(request: Any) -> HttpResponse:
    """For superusers: past staff sessions with their requests, opening an own one, and tasks that were set aside."""
    if not request.user.is_superuser:
        raise PermissionDenied
    require_confirmation(request)
    return _staff(request)


def _staff(request: Any) -> HttpResponse:
    opened = getattr(request, "staff_session", None)
    if opened is not None and "again" in request.POST:
        count = try_tasks_again(opened)
        messages.success(request, ngettext("%d task is tried again.", "%d tasks are tried again.", count) % count)
        return redirect("staff")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, StaffSessionRefusedError, field="reason"):
            request.session[STAFF] = open_staff_session(request.user, form.cleaned_data["reason"]).pk
            return redirect("staff")
    past = StaffSession.objects.select_related("user").prefetch_related("requests")[:20]
    aside = queue.set_aside()[:50] if opened is not None else []
    context = {"form": form, "past": past, "minutes": MINUTES, "aside": aside}
    return render(request, "people/staff/staff.html", context)


@require_POST
def close_staff(request: HttpRequest) -> HttpResponse:
    """End the own staff session."""
    opened = getattr(request, "staff_session", None)
    request.session.pop(STAFF, None)
    if opened is not None:
        close_staff_session(opened)
        messages.success(request, _("The rights of staff are closed."))
    return redirect("home")
