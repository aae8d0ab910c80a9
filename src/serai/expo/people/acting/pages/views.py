"""Acting for a person of a firm, and opening the rights of staff."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.people.account.models import User
from serai.expo.people.acting.domain.closed_accounts import (
    BlockingRefusedError,
    block,
    blocked,
    may_block,
    people,
    unblock,
)
from serai.expo.people.acting.domain.impersonation import (
    A_PAGE,
    MINUTES,
    ActingRefusedError,
    act_as,
    close_staff_session,
    found_persons,
    open_staff_session,
    stop_acting,
)
from serai.expo.people.acting.models import Impersonation, StaffSession
from serai.expo.people.acting.pages.forms import ActAsForm, ReasonForm
from serai.expo.people.acting.pages.middleware import ACTING, STAFF


@organiser_required
@require_http_methods(["GET", "POST"])
def act_for(request: OrganiserRequest) -> HttpResponse:
    """Whom an organiser may act for, and a POST that begins it."""
    edition = request.edition
    words = request.GET.get("q", "")[:100]
    form = ActAsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = get_object_or_404(User, pk=form.cleaned_data["person"])
        try:
            acting = act_as(person, request.user, edition, form.cleaned_data["reason"])
        except ActingRefusedError as refusal:
            form.add_error("reason", str(refusal))
        else:
            request.session[ACTING] = acting.pk
            return redirect("edition", edition.slug)
    found, more = found_persons(edition, words)
    past = Impersonation.objects.filter(edition=edition).select_related("organiser", "person")[:A_PAGE]
    return render(
        request,
        "people/acting/act_for.html",
        {
            "form": form,
            "found": found,
            "more": more,
            "words": words,
            "past": past,
            "minutes": MINUTES,
            "blocked": blocked(edition),
        },
    )


@organiser_required
@require_http_methods(["GET", "POST"])
def person(request: OrganiserRequest, number: int) -> HttpResponse:
    """A person of a firm of the fair: its account, closed and opened again by who may."""
    edition = request.edition
    one = get_object_or_404(people(edition).prefetch_related("roles__firm"), pk=number)
    if request.method == "POST":
        try:
            if "open" in request.POST:
                unblock(one, by=request.user, edition=edition)
                messages.success(request, _("%s can sign in again.") % one)
            else:
                block(one, by=request.user, edition=edition, reason=request.POST.get("reason", ""))
                messages.success(request, _("%s is signed out and signs in no more.") % one)
        except BlockingRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("organiser-person", edition.slug, one.pk)
    return render(
        request, "people/acting/person.html", {"person": one, "may_block": may_block(request.user, one, edition)}
    )


@require_POST
def stop(request: Any) -> HttpResponse:
    """End acting for somebody."""
    acting = getattr(request, "impersonation", None)
    request.session.pop(ACTING, None)
    if acting is None:
        return redirect("home")
    stop_acting(acting)
    messages.success(request, _("You are yourself again."))
    return redirect("act-for", acting.edition.slug)


@login_required
@require_http_methods(["GET", "POST"])
def staff(request: Any) -> HttpResponse:
    """For superusers: what has been done in staff sessions, and opening and closing one's own."""
    if not request.user.is_superuser:
        raise PermissionDenied
    answer: HttpResponse = reauthentication_required(_staff)(request)
    return answer


def _staff(request: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request.session[STAFF] = open_staff_session(request.user, form.cleaned_data["reason"]).pk
        except ActingRefusedError as refusal:
            form.add_error("reason", str(refusal))
        else:
            return redirect("staff")
    past = StaffSession.objects.select_related("user").prefetch_related("requests")[:20]
    return render(request, "people/acting/staff.html", {"form": form, "past": past, "minutes": MINUTES})


@require_POST
def close_staff(request: HttpRequest) -> HttpResponse:
    """End the own staff session."""
    opened = getattr(request, "staff_session", None)
    request.session.pop(STAFF, None)
    if opened is not None:
        close_staff_session(opened)
        messages.success(request, _("The rights of staff are closed."))
    return redirect("home")
