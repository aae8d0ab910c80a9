"""The programme as everyone sees it: days, sessions, speakers, what has changed, and the files for other programs."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.editions.access import EditionRequest, UserRequest
from serai.expo.programme.calendar import entry_of
from serai.expo.programme.choosing import Choice, chosen, facets
from serai.expo.programme.grid import days_of
from serai.expo.programme.models import Appearance, Release, Session, SignUp, Speaker
from serai.expo.programme.releasing import (
    changes_of,
    latest_release,
    made_known,
    released_sessions,
)
from serai.expo.programme.schedule import Address, schedule_json, schedule_xml
from serai.expo.programme.signing_up import TAKEN, SignUpRefusedError, place_in_line, seats_taken, sign_up, withdraw
from serai.expo.programme.views.agenda import as_calendar


def programme(request: EditionRequest) -> HttpResponse:
    """The days, as a table of rooms and times on a wide screen and on paper, as a list on a phone."""
    known = made_known(request.edition)
    choice = Choice.of(request.GET)
    zone = ZoneInfo(request.edition.time_zone)
    return render(
        request,
        "programme/programme.html",
        {
            "days": days_of(chosen(known.sessions, choice), zone),
            "zone": zone,
            "choice": choice,
            "facets": facets(known.sessions),
            "release": known.release,
            "any": bool(known.sessions),
        },
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
            "appearances": found.appearances.select_related("speaker"),
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


def speakers(request: EditionRequest) -> HttpResponse:
    """Who speaks in a session that is made known."""
    shown = [session.pk for session in released_sessions(request.edition)]
    listed = Speaker.objects.filter(edition=request.edition, appearances__session__in=shown).distinct()
    return render(request, "programme/speakers.html", {"speakers": listed})


def speaker(request: EditionRequest, number: int) -> HttpResponse:
    """A speaker with the sessions that are made known."""
    sessions = {session.pk: session for session in released_sessions(request.edition)}
    shown = Appearance.objects.filter(session__in=sessions)
    found = (
        Speaker.objects.filter(edition=request.edition, pk=number)
        .select_related("participation__firm")
        .prefetch_related(Prefetch("appearances", shown, to_attr="shown"))
        .first()
    )
    if found is None or not found.shown:
        raise Http404(_("There is no such speaker."))
    held = sorted(((sessions[each.session_id], each) for each in found.shown), key=lambda pair: pair[0].starts_at)
    zone = ZoneInfo(request.edition.time_zone)
    return render(request, "programme/speaker.html", {"speaker": found, "held": held, "zone": zone})


def changes(request: EditionRequest) -> HttpResponse:
    """Every release with what it changed, the newest first. The first says how much there was, not all of it anew."""
    releases = list(Release.objects.filter(edition=request.edition))
    listed = [(release, changes_of(release) if release.number > 1 else []) for release in releases]
    zone = ZoneInfo(request.edition.time_zone)
    return render(request, "programme/changes.html", {"releases": listed, "zone": zone})


def calendar(request: EditionRequest) -> HttpResponse:
    """The public programme to subscribe to. What was made known and is cancelled is told as cancelled."""
    known = made_known(request.edition)
    held = [*known.sessions, *known.cancelled]
    entries = [entry_of(request.edition, each, known.changed.get(each.pk, 0)) for each in held]
    return as_calendar(request, entries, "programme")


def schedule_as_xml(request: EditionRequest) -> HttpResponse:
    made = schedule_xml(request.edition, _held(request), _address(request), _version(request))
    return HttpResponse(made, "application/xml; charset=utf-8")


def schedule_as_json(request: EditionRequest) -> HttpResponse:
    made = schedule_json(request.edition, _held(request), _address(request), _version(request))
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False})


def _held(request: EditionRequest) -> Iterable[Session]:
    return [each for each in released_sessions(request.edition) if each.state == Session.State.CONFIRMED]


def _version(request: EditionRequest) -> str:
    """The number of the release, "0" before the first."""
    release = latest_release(request.edition)
    return str(release.number) if release else "0"


def _session(request: EditionRequest, number: int) -> Session:
    """A session that is made known, or was and is cancelled; the organiser sees any."""
    known = made_known(request.edition)
    found = next((each for each in [*known.sessions, *known.cancelled] if each.pk == number), None)
    if found is None and request.user.has_perm("expo.organise_edition", request.edition):
        found = (
            Session.objects.filter(edition=request.edition, pk=number).select_related("forum__chain", "room").first()
        )
    if found is None:
        raise Http404(_("There is no such session."))
    return found


def _address(request: EditionRequest) -> Address:
    return lambda session: request.build_absolute_uri(reverse("session", args=[request.edition.slug, session.pk]))
