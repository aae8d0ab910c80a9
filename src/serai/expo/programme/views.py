"""The programme of an edition, its sessions, and a person's own agenda."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.editions.access import EditionRequest, UserRequest
from serai.expo.programme import agenda as agendas
from serai.expo.programme.calendar import MEDIA_TYPE, Entry, calendar_of, entry_of
from serai.expo.programme.models import CalendarFeed, Session, SignUp
from serai.expo.programme.schedule import Address, schedule_json, schedule_xml
from serai.expo.programme.signing_up import TAKEN, SignUpRefusedError, place_in_line, seats_taken, sign_up, withdraw
from serai.expo.text import in_language


def programme(request: EditionRequest) -> HttpResponse:
    zone = ZoneInfo(request.edition.time_zone)
    days: Iterable[tuple[date, Iterable[Session]]] = groupby(
        _sessions(request), key=lambda session: session.starts_at.astimezone(zone).date()
    )
    return render(
        request, "programme/programme.html", {"days": [(day, list(held)) for day, held in days], "zone": zone}
    )


def session(request: EditionRequest, number: int) -> HttpResponse:
    """A session with its seats, and the reader's own where signed in."""
    found = _session(request, number)
    own = None
    if request.user.is_authenticated:
        own = SignUp.objects.filter(session=found, user_id=request.user.pk, state__in=TAKEN).first()
    taken = seats_taken(found)
    return render(
        request,
        "programme/session.html",
        {
            "session": found,
            "zone": ZoneInfo(request.edition.time_zone),
            "taken": taken,
            "free": None if found.capacity is None else max(found.capacity - taken, 0),
            "own": own,
            "place": place_in_line(own) if own is not None and own.state == SignUp.State.WAITING else None,
        },
    )


@login_required
@require_POST
def take_seat(request: UserRequest, number: int) -> HttpResponse:
    try:
        made = sign_up(request.user, _session(request, number))
    except SignUpRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        has_seat = made.state == SignUp.State.CONFIRMED
        messages.success(request, _("You have a seat.") if has_seat else _("All seats are taken; you are in the line."))
    return redirect("session", request.edition.slug, number)


@login_required
@require_POST
def give_seat_up(request: UserRequest, number: int) -> HttpResponse:
    withdraw(request.user, _session(request, number))
    messages.success(request, _("You are not signed up any more."))
    return redirect("session", request.edition.slug, number)


@login_required
def agenda(request: UserRequest) -> HttpResponse:
    """The reader's sessions and meetings, and the address at which a calendar subscribes to them."""
    zone = ZoneInfo(request.edition.time_zone)
    entries = agendas.agenda(request.user, request.edition)
    days: Iterable[tuple[date, Iterable[Entry]]] = groupby(
        entries, key=lambda entry: entry.starts_at.astimezone(zone).date()
    )
    feed = agendas.feed_of(request.user)
    address = reverse("agenda-feed", args=[request.edition.slug, feed.token]) if feed else ""
    return render(
        request,
        "programme/agenda.html",
        {
            "days": [(day, list(held)) for day, held in days],
            "zone": zone,
            "feed_address": request.build_absolute_uri(address) if feed else "",
        },
    )


@login_required
@require_POST
def change_feed(request: UserRequest) -> HttpResponse:
    """A new secret address, or none any more."""
    if "end" in request.POST:
        agendas.end_feed(request.user)
        messages.success(request, _("The calendar address answers no more."))
    else:
        agendas.new_feed(request.user)
        messages.success(request, _("This is your calendar address. Whoever has it can read your agenda."))
    return redirect("agenda", request.edition.slug)


def agenda_feed(request: EditionRequest, token: str) -> HttpResponse:
    """The agenda of whoever the secret address belongs to; a calendar program does not sign in."""
    feed = CalendarFeed.objects.select_related("user").filter(token=token, user__is_active=True).first()
    if feed is None:
        raise Http404(_("There is no calendar at this address."))
    return _calendar(request, agendas.agenda(feed.user, request.edition), "agenda")


def calendar(request: EditionRequest) -> HttpResponse:
    """The public programme to subscribe to."""
    return _calendar(request, [entry_of(request.edition, each) for each in _sessions(request)], "programme")


def schedule_as_xml(request: EditionRequest) -> HttpResponse:
    made = schedule_xml(request.edition, _sessions(request), _address(request))
    return HttpResponse(made, "application/xml; charset=utf-8")


def schedule_as_json(request: EditionRequest) -> HttpResponse:
    made = schedule_json(request.edition, _sessions(request), _address(request))
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False})


def _calendar(request: EditionRequest, entries: Iterable[Entry], what: str) -> HttpResponse:
    name = in_language(request.edition.name).text
    made = calendar_of(request.edition, name, entries, request.build_absolute_uri)
    file_name = f"{request.edition.slug}-{what}.ics"
    return HttpResponse(made, MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{file_name}"'})


def _sessions(request: EditionRequest) -> QuerySet[Session]:
    return Session.objects.filter(edition=request.edition).select_related("forum__chain", "room")


def _session(request: EditionRequest, number: int) -> Session:
    found = _sessions(request).filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no such session."))
    return found


def _address(request: EditionRequest) -> Address:
    return lambda session: request.build_absolute_uri(reverse("session", args=[request.edition.slug, session.pk]))
