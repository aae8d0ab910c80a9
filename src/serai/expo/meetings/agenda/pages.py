"""A person's own agenda, the calendar that follows it, and their addresses."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import EditionRequest, UserRequest, user_required
from serai.expo.meetings.agenda import domain as agendas
from serai.expo.meetings.meeting.domain.life import showing
from serai.expo.programme.sessions.domain.calendar import Entry
from serai.expo.programme.sessions.models import CalendarFeed
from serai.expo.programme.sessions.pages.views import as_calendar


@user_required
def agenda(request: UserRequest) -> HttpResponse:
    """The reader's sessions and meetings, and the address at which a calendar subscribes to them."""
    zone = ZoneInfo(request.edition.time_zone)
    entries = agendas.agenda(request.user, request.edition)
    days: Iterable[tuple[date, Iterable[Entry]]] = groupby(
        entries, key=lambda entry: entry.starts_at.astimezone(zone).date()
    )
    acting = getattr(request, "impersonation", None) is not None
    # The address is a lasting secret of the person: an organiser who acts for the person does not see it.
    feed = None if acting else agendas.feed_of(request.user)
    address = reverse("agenda-feed", args=[request.edition.slug, feed.token]) if feed else ""
    return render(
        request,
        "meetings/agenda/agenda.html",
        {
            "days": [(day, list(held)) for day, held in days],
            "zone": zone,
            "hidden": showing(request.edition).sentence,
            "acting": acting,
            "feed_address": request.build_absolute_uri(address) if feed else "",
        },
    )


@user_required("POST")
def change_feed(request: UserRequest) -> HttpResponse:
    """Make a new secret address, or end it."""
    if "end" in request.POST:
        agendas.end_feed(request.user)
        messages.success(request, _("The calendar address answers no more."))
    else:
        agendas.new_feed(request.user)
        messages.success(request, _("This is your calendar address. Whoever has it can read your agenda."))
    return redirect("agenda", request.edition.slug)


def agenda_feed(request: EditionRequest, token: str) -> HttpResponse:
    """The agenda of the owner of the secret address; a calendar program does not sign in."""
    feed = CalendarFeed.objects.select_related("user").filter(token=token, user__is_active=True).first()
    if feed is None:
        raise Http404(_("There is no calendar at this address."))
    return as_calendar(request, agendas.agenda(feed.user, request.edition), "agenda")


urlpatterns = [
    path("agenda/", agenda, name="agenda"),
    path("agenda/feed/", change_feed, name="change-feed"),
    path("agenda/<str:token>.ics", agenda_feed, name="agenda-feed"),
]
