"""Acting for a person of a firm, and closing its account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.participants.impersonation.domain.closed_accounts import (
    BlockingRefusedError,
    block,
    blocked,
    may_block,
    people,
    unblock,
)
from serai.expo.participants.impersonation.domain.impersonation import (
    A_PAGE,
    MINUTES,
    ActingRefusedError,
    act_as,
    found_persons,
    stop_acting,
)
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.participants.impersonation.pages.forms import ActAsForm
from serai.expo.participants.impersonation.pages.middleware import ACTING
from serai.expo.people.account.models import User


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
