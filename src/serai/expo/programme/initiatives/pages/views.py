"""Initiatives for the public: all of them, and one with who signed and what became of what was promised."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.programme.initiatives.domain.initiatives import published, visible_to
from serai.expo.programme.initiatives.domain.presentation import shown_initiatives
from serai.expo.programme.initiatives.pages.structured_data import initiative_data
from serai.expo.programme.sessions.domain.releases import known_session


def initiatives(request: EditionRequest) -> HttpResponse:
    """All that are published, in the order in which they were launched."""
    return render(
        request,
        "programme/initiatives/initiatives.html",
        {"initiatives": shown_initiatives(published(request.edition))},
    )


def initiative(request: EditionRequest, number: int) -> HttpResponse:
    """An initiative as the public reads it; an organiser reads a draft too."""
    shown = next(iter(shown_initiatives(visible_to(request.user, request.edition).filter(pk=number))), None)
    if shown is None:
        raise Http404(_("There is no such initiative."))
    session = shown.initiative.session
    page = {
        "shown": shown,
        "is_to_come": shown.initiative.launched_on is not None and shown.initiative.launched_on > timezone.localdate(),
        "initiative": shown.initiative,
        "session": known_session(request.edition, session.pk) if session else None,
        "address": request.build_absolute_uri(reverse("initiative", args=[request.edition.slug, number])),
        "structured": initiative_data(shown, request) if shown.initiative.published_at else None,
    }
    return render(request, "programme/initiatives/initiative.html", page)
