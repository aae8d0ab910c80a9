"""Acting for a person of a firm, the middleware that puts this person into a request, and closing its account."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.base.audit.domain.requests import acting_with
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.participants.impersonation.domain import (
    A_PAGE,
    MINUTES,
    ActingRefusedError,
    BlockingRefusedError,
    act_as,
    block,
    blocked,
    found_persons,
    is_open,
    may_block,
    open_impersonation,
    people,
    stop_acting,
    unblock,
)
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.people.account.models import User
from serai.expo.people.staff.pages import ReasonForm

ACTING = "impersonation"


class ImpersonationMiddleware:
    """While acting for a person, an organiser sees the pages that ``domain.py`` opens as that person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if ACTING not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        impersonation = open_impersonation(request.session[ACTING], request.user)
        if impersonation is None:
            del request.session[ACTING]
            return self.get_response(request)
        request.impersonation = impersonation
        with acting_with(impersonator=request.user.pk):
            request.user = impersonation.person
            request.user.helping_organisation = impersonation.edition.organisation_id
            return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Refuse pages that are closed meanwhile, and those of another fair. Raises PermissionDenied."""
        impersonation = getattr(request, "impersonation", None)
        if impersonation is None:
            return
        address = request.resolver_match
        if address.namespaces or not is_open(view.__module__, address.url_name or ""):
            raise PermissionDenied(_("While you act for somebody, this page is closed to you."))
        if kwargs.get("edition", impersonation.edition.slug) != impersonation.edition.slug:
            raise PermissionDenied(_("You act for somebody at another fair. End that first."))


class ActAsForm(ReasonForm):
    person = forms.IntegerField(widget=forms.HiddenInput)


@organiser_required
@require_http_methods(["GET", "POST"])
def act_for(request: OrganiserRequest) -> HttpResponse:
    """The people for whom an organiser may act; a POST begins it."""
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
        "participants/impersonation/act_for.html",
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
    """A person of a firm of the fair; a POST closes its account or opens it again."""
    edition = request.edition
    user = get_object_or_404(people(edition).prefetch_related("roles__firm"), pk=number)
    if request.method == "POST":
        try:
            if "open" in request.POST:
                unblock(user, by=request.user, edition=edition)
                messages.success(request, _("%s can sign in again.") % user)
            else:
                block(user, by=request.user, edition=edition, reason=request.POST.get("reason", ""))
                messages.success(request, _("%s is signed out and signs in no more.") % user)
        except BlockingRefusedError as refusal:
            messages.error(request, str(refusal))
        return redirect("organiser-person", edition.slug, user.pk)
    return render(
        request,
        "participants/impersonation/person.html",
        {"person": user, "may_block": may_block(request.user, user, edition)},
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


urlpatterns = [
    path("organiser/act-for/", act_for, name="act-for"),
    path("organiser/people/<int:number>/", person, name="organiser-person"),
]

outside_of_editions = [path("acting/end/", stop, name="stop-acting")]
