"""Rights of staff: opened with a reason for half an hour, and each request logged."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.audit.domain.requests import acting_with, request_id
from serai.expo.base.submission import told_in
from serai.expo.base.tasks.domain import queue
from serai.expo.people.account.pages.confirmation import require_confirmation
from serai.expo.people.staff.domain import (
    MINUTES,
    StaffSessionRefusedError,
    close_staff_session,
    current_staff_session,
    open_staff_session,
    try_tasks_again,
)
from serai.expo.people.staff.models import StaffRequest, StaffSession


class ReasonForm(forms.Form):
    """The reason, which is recorded."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It is kept, together with all that is done until the end.")
    )


STAFF = "staff_session"


class StaffSessionMiddleware:
    """A superuser has the rights of staff only in an open staff session, which records every request.

    There are none while the superuser acts for somebody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        acts_for_somebody = getattr(request, "impersonation", None) is not None
        if STAFF not in request.session or not request.user.is_authenticated or acts_for_somebody:
            return self.get_response(request)
        session = current_staff_session(request.session[STAFF], request.user)
        if session is None:
            del request.session[STAFF]
            return self.get_response(request)
        request.user.staff_session = request.staff_session = session
        with acting_with(staff_session=session.pk):
            response = self.get_response(request)
        StaffRequest.objects.create(
            session=session,
            method=str(request.method)[:8],
            path=request.get_full_path()[:500],
            status=response.status_code,
            request_id=request_id(),
        )
        return response


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
        messages.success(request, gettext("The rights of staff are closed."))
    return redirect("home")


outside_of_editions = [
    path("staff/", staff, name="staff"),
    path("staff/close/", close_staff, name="close-staff"),
]
