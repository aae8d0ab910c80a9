"""The programme as everyone sees it: days, sessions, speakers, what has changed, and the files for other programs."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.fairs.edition.pages.guards import EditionRequest, UserRequest
from serai.expo.programme.proposals.domain.proposals import why_closed
from serai.expo.programme.sessions.domain.calendar import entry_of
from serai.expo.programme.sessions.domain.filter import Choice, chosen, facets
from serai.expo.programme.sessions.domain.grid import days_of
from serai.expo.programme.sessions.domain.listing import listed, shown
from serai.expo.programme.sessions.domain.releases import (
    Changes,
    changes_of,
    known_session,
    latest_release,
    made_known,
    released_sessions,
)
from serai.expo.programme.sessions.domain.schedule import Address, schedule_json, schedule_xml
from serai.expo.programme.sessions.domain.sign_ups import (
    TAKEN,
    SignUpRefusedError,
    place_in_line,
    seats_taken,
    sign_up,
    withdraw,
)
from serai.expo.programme.sessions.domain.visibility import firm_shown_with
from serai.expo.programme.sessions.models import Appearance, Release, Session, SignUp, Speaker
from serai.expo.programme.sessions.pages.calendar import as_calendar

RELEASES_A_PAGE, CHANGES_SHOWN = 10, 60


def programme(request: EditionRequest) -> HttpResponse:
    """The days, as a table of rooms and times on a wide screen and on paper, as a list on a phone."""
    edition, choice = request.edition, Choice.of(request.GET)
    zone = ZoneInfo(edition.time_zone)
    release = latest_release(edition)
    known = listed(edition, release, with_texts=bool(choice.words))
    on_page = shown(
        chosen(known, choice, zone), request.GET.get("page"), zone, by_name=choice.means_events or bool(choice.day)
    )
    sessions = released_sessions(edition, release, Q(pk__in=on_page.numbers))
    return render(
        request,
        "programme/sessions/programme.html",
        {
            "days": days_of(sessions, zone, on_page.folded),
            "all_days": list(dict.fromkeys(one.starts_at.astimezone(zone).date() for one in known)),
            "page": on_page.events,
            "zone": zone,
            "choice": choice,
            "facets": facets(known),
            "release": release,
            "any": bool(known),
            "call": not why_closed(edition),
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
        "programme/sessions/session.html",
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
    known = {one.number for one in listed(request.edition, latest_release(request.edition))}
    spoken = Appearance.objects.filter(edition=request.edition).values_list("speaker_id", "session_id")
    there = {speaker for speaker, held in spoken if held in known}
    found = Speaker.objects.filter(edition=request.edition, pk__in=there)
    return render(request, "programme/sessions/speakers.html", {"speakers": found})


def speaker(request: EditionRequest, number: int) -> HttpResponse:
    """A speaker with the sessions that are made known."""
    spoken = Q(appearances__speaker=number)
    sessions = {session.pk: session for session in released_sessions(request.edition, among=spoken)}
    appearances = Appearance.objects.filter(session__in=sessions)
    found = (
        Speaker.objects.filter(edition=request.edition, pk=number)
        .select_related("participation__firm")
        .prefetch_related(Prefetch("appearances", appearances, to_attr="shown"))
        .first()
    )
    if found is None or not found.shown:
        raise Http404(_("There is no such speaker."))
    held = sorted(((sessions[each.session_id], each) for each in found.shown), key=lambda pair: pair[0].starts_at)
    zone = ZoneInfo(request.edition.time_zone)
    page = {"speaker": found, "firm": firm_shown_with(found), "held": held, "zone": zone}
    return render(request, "programme/sessions/speaker.html", page)


def changes(request: EditionRequest) -> HttpResponse:
    """Every release with what it changed, the newest first. The first says how much there was, not all of it anew."""
    releases = Release.objects.filter(edition=request.edition)
    page = Paginator(releases, RELEASES_A_PAGE).get_page(request.GET.get("page"))
    told = [(each, changes_of(each, CHANGES_SHOWN) if each.number > 1 else Changes(())) for each in page.object_list]
    zone = ZoneInfo(request.edition.time_zone)
    return render(request, "programme/sessions/changes.html", {"releases": told, "page": page, "zone": zone})


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
    found = known_session(request.edition, number)
    if found is None and request.user.has_perm("expo.organise_edition", request.edition):
        found = (
            Session.objects.filter(edition=request.edition, pk=number).select_related("forum__chain", "room").first()
        )
    if found is None:
        raise Http404(_("There is no such session."))
    return found


def _address(request: EditionRequest) -> Address:
    return lambda session: request.build_absolute_uri(reverse("session", args=[request.edition.slug, session.pk]))
