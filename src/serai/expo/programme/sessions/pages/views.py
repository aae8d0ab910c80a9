"""The public programme: days, sessions, speakers, changes, and files for other programs; and an exhibitor's events
at its booth.
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base.rows import row_of
from serai.expo.base.structured_data import (
    CONTEXT,
    JSONObject,
    absolute_address,
    postal_address,
    text_of,
    without_empty,
)
from serai.expo.base.submission import tell_with_undo, told_in, told_to
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest, UserRequest, user_required
from serai.expo.participants.exhibitors.pages import DeskRequest, desk_required
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.sessions.domain import releases, sign_ups
from serai.expo.programme.sessions.domain.booth_events import (
    NotProposedError,
    events_of,
    most_events,
    propose,
    withdraw_proposal,
)
from serai.expo.programme.sessions.domain.calendar import MEDIA_TYPE, Entry, calendar_of, entry_of
from serai.expo.programme.sessions.domain.grid import days_of
from serai.expo.programme.sessions.domain.schedule import Address, schedule_json, schedule_xml
from serai.expo.programme.sessions.domain.session_list import ProgrammeFilter, facets, list_sessions, matching, page_of
from serai.expo.programme.sessions.domain.visibility import firm_shown_with, why_closed
from serai.expo.programme.sessions.models import Appearance, Release, Session, SignUp, Speaker
from serai.expo.programme.sessions.pages.forms import BoothEventForm


def session_data(
    session: Session, edition: Edition, appearances: Iterable[Appearance], request: HttpRequest
) -> JSONObject:
    """A session as an Event within the fair, with its speakers as performers."""
    zone = ZoneInfo(edition.time_zone)
    state = "EventCancelled" if session.state == Session.State.CANCELLED else "EventScheduled"
    return without_empty(
        CONTEXT
        | {
            "@type": "Event",
            "name": text_of(session.title),
            "description": text_of(session.summary) or text_of(session.forum.summary),
            "startDate": session.starts_at.astimezone(zone).isoformat(),
            "endDate": session.ends_at.astimezone(zone).isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": f"https://schema.org/{state}",
            "url": absolute_address(request, "session", edition.slug, str(session.pk)),
            "inLanguage": session.languages or [get_language()],
            "maximumPhysicalAttendeeCapacity": session.capacity or "",
            "location": {
                "@type": "Place",
                "name": text_of(session.place) or text_of(edition.venue),
                "address": postal_address(edition.city, edition.country),
            },
            "organizer": {"@type": "Organization", "name": text_of(edition.organisation.name)},
            "performer": [
                {
                    "@type": "Person",
                    "name": text_of(appearance.speaker.name),
                    "url": absolute_address(request, "speaker", edition.slug, str(appearance.speaker.pk)),
                }
                for appearance in appearances
            ],
            "superEvent": {
                "@type": "ExhibitionEvent",
                "name": text_of(edition.name),
                "url": absolute_address(request, "edition", edition.slug),
            },
        }
    )


RELEASES_A_PAGE, CHANGES_SHOWN = 10, 60


def programme(request: EditionRequest) -> HttpResponse:
    """The days, as a table of rooms and times on a wide screen and on paper, as a list on a phone."""
    edition, choice = request.edition, ProgrammeFilter.of(request.GET)
    zone = ZoneInfo(edition.time_zone)
    release = releases.latest_release(edition)
    entries = list_sessions(edition, release, with_texts=bool(choice.words))
    by_name = choice.means_events or bool(choice.day)
    chosen = matching(entries, choice, zone)
    on_page = page_of(chosen, request.GET.get("page"), zone, by_name=by_name)
    sessions = releases.released_sessions(edition, release, Q(pk__in=on_page.numbers))
    page = {
        "days": days_of(sessions, zone, on_page.folded),
        "all_days": list(dict.fromkeys(entry.starts_at.astimezone(zone).date() for entry in entries)),
        "page": on_page.events,
        "zone": zone,
        "choice": choice,
        "facets": facets(entries),
        "release": release,
        "any": bool(entries),
        "total": len(chosen),
        "call": not why_closed(edition),
        "has_initiatives": published(edition).exists(),
    }
    return render(request, "programme/sessions/programme.html", page)


def session(request: EditionRequest, number: int) -> HttpResponse:
    """A session with its seats, and the reader's own seat."""
    row = _session(request, number)
    seat = sign_ups.seat_of(request.user, row)
    taken = sign_ups.seats_taken(row)
    appearances = row.appearances.select_related("speaker")
    page = {
        "session": row,
        "appearances": appearances,
        "structured": None
        if row.state == Session.State.PROPOSED
        else session_data(row, request.edition, appearances, request),
        "zone": ZoneInfo(request.edition.time_zone),
        "taken": taken,
        "free": None if row.capacity is None else max(row.capacity - taken, 0),
        "own": seat,
        "place": sign_ups.place_in_line(seat),
        "initiatives": published(request.edition).filter(session=row),
    }
    return render(request, "programme/sessions/session.html", page)


@user_required("POST")
def take_seat(request: UserRequest, number: int) -> HttpResponse:
    with told_to(request, sign_ups.SignUpRefusedError):
        seat = sign_ups.sign_up(request.user, _session(request, number))
        has_seat = seat.state == SignUp.State.CONFIRMED
        sentence = _("You have a seat.") if has_seat else _("All seats are taken; you are in the line.")
        tell_with_undo(request, sentence, reverse("withdraw", args=[request.edition.slug, number]))
    return redirect("session", request.edition.slug, number)


@user_required("POST")
def give_seat_up(request: UserRequest, number: int) -> HttpResponse:
    sign_ups.withdraw(request.user, _session(request, number))
    again = reverse("sign-up", args=[request.edition.slug, number])
    tell_with_undo(request, _("You are not signed up any more."), again)
    return redirect("session", request.edition.slug, number)


def speakers(request: EditionRequest) -> HttpResponse:
    """Speakers of the released sessions."""
    public = {entry.number for entry in list_sessions(request.edition, releases.latest_release(request.edition))}
    pairs = Appearance.objects.filter(edition=request.edition).values_list("speaker_id", "session_id")
    numbers = {speaker for speaker, session in pairs if session in public}
    rows = Speaker.objects.filter(edition=request.edition, pk__in=numbers)
    return render(request, "programme/sessions/speakers.html", {"speakers": rows})


def speaker(request: EditionRequest, number: int) -> HttpResponse:
    """A speaker with the released sessions."""
    missing = _("There is no such speaker.")
    sessions = {
        row.pk: row for row in releases.released_sessions(request.edition, among=Q(appearances__speaker=number))
    }
    appearances = Appearance.objects.filter(session__in=sessions)
    rows = Speaker.objects.filter(edition=request.edition).select_related("participation__firm")
    row = row_of(rows.prefetch_related(Prefetch("appearances", appearances, to_attr="shown")), number, missing)
    if not row.shown:  # type: ignore[attr-defined]  # by the prefetch
        raise Http404(missing)
    held = [(sessions[appearance.session_id], appearance) for appearance in row.shown]  # type: ignore[attr-defined]
    held.sort(key=lambda pair: pair[0].starts_at)
    zone = ZoneInfo(request.edition.time_zone)
    page = {"speaker": row, "firm": firm_shown_with(row), "held": held, "zone": zone}
    return render(request, "programme/sessions/speaker.html", page)


def changes(request: EditionRequest) -> HttpResponse:
    """All releases with their changes, the newest first. The first release lists no changes."""
    rows = Release.objects.filter(edition=request.edition)
    page = Paginator(rows, RELEASES_A_PAGE).get_page(request.GET.get("page"))
    listed_changes = [
        (release, releases.changes_of(release, CHANGES_SHOWN) if release.number > 1 else releases.Changes(()))
        for release in page.object_list
    ]
    zone = ZoneInfo(request.edition.time_zone)
    return render(request, "programme/sessions/changes.html", {"releases": listed_changes, "page": page, "zone": zone})


def calendar(request: EditionRequest) -> HttpResponse:
    """The public programme to subscribe to; released sessions that were cancelled since are marked as cancelled."""
    public = releases.public_programme(request.edition)
    sessions = [*public.sessions, *public.cancelled]
    entries = [entry_of(request.edition, session, public.changed.get(session.pk, 0)) for session in sessions]
    return as_calendar(request, entries, "programme")


def schedule_as_xml(request: EditionRequest) -> HttpResponse:
    return HttpResponse(schedule_xml(*_schedule(request)), "application/xml; charset=utf-8")


def schedule_as_json(request: EditionRequest) -> HttpResponse:
    return JsonResponse(schedule_json(*_schedule(request)), json_dumps_params={"ensure_ascii": False})


def _schedule(request: EditionRequest) -> tuple[Edition, list[Session], Address, str]:
    """The fair, its public sessions, the address of a session, and the number of the release ("0" before the first)."""

    def address(session: Session) -> str:
        return request.build_absolute_uri(reverse("session", args=[request.edition.slug, session.pk]))

    release = releases.latest_release(request.edition)
    rows = releases.released_sessions(request.edition, release)
    sessions = [session for session in rows if session.state == Session.State.CONFIRMED]
    return request.edition, sessions, address, str(release.number) if release else "0"


def _session(request: EditionRequest, number: int) -> Session:
    """A released session, also one that was cancelled since; any session for an organiser. Raises Http404."""
    if public := releases.known_session(request.edition, number):
        return public
    organises = request.user.has_perm("expo.read_programme", request.edition)
    rows = Session.objects.filter(edition=request.edition) if organises else Session.objects.none()
    return row_of(rows.select_related("forum__chain", "room"), number, _("There is no such session."))


def as_calendar(request: EditionRequest, entries: Iterable[Entry], what: str) -> HttpResponse:
    """The entries as a file that a calendar program subscribes to."""
    name = in_language(request.edition.name).text
    made = calendar_of(request.edition, name, entries, request.build_absolute_uri)
    file_name = f"{request.edition.slug}-{what}.ics"
    return HttpResponse(made, MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{file_name}"'})


@desk_required("expo.edit_desk")
def booth_events(request: DeskRequest) -> HttpResponse:
    form = BoothEventForm(request.edition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, NotProposedError):
            propose(request.participation, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your event is proposed. The organiser decides."))
            return redirect("desk-events", request.edition.slug, request.participation.firm.identifier)
    page = {
        "form": form,
        "events": events_of(request.participation),
        "most": most_events(request.participation),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/sessions/booth_events.html", page, status=400 if form.errors else 200)


@require_POST
@desk_required("expo.edit_desk")
def withdraw_event(request: DeskRequest, number: int) -> HttpResponse:
    event = row_of(events_of(request.participation), number, _("There is no such event of yours."))
    with told_to(request, NotProposedError):
        withdraw_proposal(event, by=request.user)
        messages.success(request, _("The event is withdrawn."))
    return redirect("desk-events", request.edition.slug, request.participation.firm.identifier)
