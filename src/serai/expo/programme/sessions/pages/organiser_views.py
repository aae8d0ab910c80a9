"""The organiser's desk of the programme: conflicts, proposals, releases, the parts to edit, and the plan of rooms
and times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.programme.sessions.domain import changes, releases
from serai.expo.programme.sessions.domain import plan as domain
from serai.expo.programme.sessions.domain.booth_events import proposed_events
from serai.expo.programme.sessions.domain.conflicts import all_conflicts_of, conflicts_of
from serai.expo.programme.sessions.models import Forum, Room, Session, SignUp, Speaker
from serai.expo.programme.sessions.pages.forms import (
    ForumForm,
    ReasonForm,
    ReleaseForm,
    RoomForm,
    SessionForm,
    SpeakerForm,
)

MOST = 60
"""Limit of conflicts, proposals and changes on the page; it says how many more there are."""
SESSIONS_A_PAGE = 100


@dataclass(frozen=True)
class Kind:
    """A kind of part that an organiser edits: its model, its form, and headings of its pages and of its list."""

    model: type[Forum | Room | Session | Speaker]
    form: type[ForumForm | RoomForm | SessionForm | SpeakerForm]
    new: Promise
    edit: Promise
    many: Promise


KINDS: Mapping[str, Kind] = {
    "session": Kind(
        Session, SessionForm, gettext_lazy("New session"), gettext_lazy("Edit the session"), gettext_lazy("Sessions")
    ),
    "forum": Kind(Forum, ForumForm, gettext_lazy("New forum"), gettext_lazy("Edit the forum"), gettext_lazy("Forums")),
    "room": Kind(Room, RoomForm, gettext_lazy("New room"), gettext_lazy("Edit the room"), gettext_lazy("Rooms")),
    "speaker": Kind(
        Speaker, SpeakerForm, gettext_lazy("New speaker"), gettext_lazy("Edit the speaker"), gettext_lazy("Speakers")
    ),
}
"""The kinds of parts, by the word in the address."""


@organiser_required("GET", "POST")
@renames({kind.model: lambda row, user: changes.keep(row, by=user) for kind in KINDS.values()})
def overview(request: OrganiserRequest) -> HttpResponse:
    return render(request, "programme/sessions/organiser.html", _overview(request))


def _overview(request: OrganiserRequest, form: ReleaseForm | None = None) -> dict[str, Any]:
    edition = request.edition
    taken = Count("sign_ups", filter=Q(sign_ups__state=SignUp.State.CONFIRMED))
    sessions = Session.objects.filter(edition=edition).select_related("forum", "room")
    page = Paginator(sessions, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    numbers = [session.pk for session in page.object_list]
    counted = dict(Session.objects.filter(pk__in=numbers).order_by().annotate(taken=taken).values_list("pk", "taken"))
    conflicts, proposed = all_conflicts_of(edition), proposed_events(edition)
    named = [
        ("forum", [(row, row.title) for row in Forum.objects.filter(edition=edition)]),
        ("room", [(row, row.title) for row in Room.objects.filter(edition=edition, booth__isnull=True)]),
        ("speaker", [(row, row.name) for row in Speaker.objects.filter(edition=edition)]),
    ]
    return {
        "kinds": KINDS,
        "conflicts": conflicts[:MOST],
        "more_conflicts": max(len(conflicts) - MOST, 0),
        "proposed": proposed[:MOST],
        "proposals": len(proposed),
        "release": releases.latest_release(edition),
        "changes": releases.changes_to_release(edition, MOST),
        "release_form": form or ReleaseForm(conflicts=releases.double_bookings(conflicts)),
        "sessions": [(session, counted[session.pk]) for session in page.object_list],
        "page": page,
        "others": [(word, KINDS[word], rows, f"list-{word}") for word, rows in named],
        "zone": ZoneInfo(edition.time_zone),
    }


@organiser_required
def part(request: OrganiserRequest, word: str, number: int | None = None) -> HttpResponse:
    """The form of a new or existing part of the programme."""
    kind = _kind(word)
    row = _part(request, kind, number) if number else kind.model(edition=request.edition)
    form = kind.form(request.edition, request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        changes.keep(form.save(commit=False), by=request.user)
        if isinstance(form, SessionForm):
            changes.set_speakers(form.instance, form.chosen_speakers(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("organiser-programme", request.edition.slug)
    context = {
        "form": form,
        "part": row,
        "word": word,
        "is_session": word == "session",
        "heading": kind.edit if number else kind.new,
    }
    return render(request, "programme/sessions/part.html", context, status=400 if form.errors else 200)


@require_POST
@organiser_required
def remove(request: OrganiserRequest, word: str, number: int) -> HttpResponse:
    row = _part(request, _kind(word), number)
    with told_to(request, changes.KeptError):
        changes.remove(row, by=request.user)
        messages.success(request, _("Removed."))
        return redirect("organiser-programme", request.edition.slug)
    return redirect("programme-part", request.edition.slug, word, number)


@require_POST
@organiser_required
def confirm(request: OrganiserRequest, number: int) -> HttpResponse:
    changes.confirm(_session(request, number), by=request.user)
    messages.success(request, _("The session is confirmed. The public sees it with the next release."))
    return redirect("organiser-programme", request.edition.slug)


@require_POST
@organiser_required
def cancel(request: OrganiserRequest, number: int) -> HttpResponse:
    form, session = ReasonForm(request.POST), _session(request, number)
    if form.is_valid():
        changes.cancel(session, form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The session is cancelled."))
    else:
        messages.error(request, _("Nothing was changed: give the reason, in at most 500 characters."))
    return redirect("organiser-programme", request.edition.slug)


@require_POST
@organiser_required
def release(request: OrganiserRequest) -> HttpResponse:
    """Release the programme; where sessions need one room or speaker at once, only once the organiser says so."""
    form = ReleaseForm(request.POST, conflicts=releases.double_bookings(conflicts_of(request.edition)))
    if form.is_valid():
        with told_in(form, releases.ConflictingReleaseError, field="despite_conflicts"):
            try:
                made = releases.release_programme(request.edition, **form.cleaned_data, by=request.user)
            except releases.NothingToReleaseError:
                messages.error(request, _("Nothing has changed since the last release."))
            else:
                messages.success(request, _("Release %d is what the public sees.") % made.number)
            return redirect("organiser-programme", request.edition.slug)
    return render(request, "programme/sessions/organiser.html", _overview(request, form), status=400)


def _kind(word: str) -> Kind:
    if word not in KINDS:
        raise Http404(_("There is no such part of a programme."))
    return KINDS[word]


def _part(request: OrganiserRequest, kind: Kind, number: int) -> Any:
    rows = kind.model.objects.filter(edition=request.edition)
    return row_of(rows, number, _("There is no such part of this programme."))


def _session(request: OrganiserRequest, number: int) -> Session:
    session: Session = _part(request, KINDS["session"], number)
    return session


SALT = "serai.programme.plan"
HOURS = 12 * 3600
"""Seconds for which a plan can be accepted."""


class HoursForm(forms.Form):
    """The hours between which sessions are planned."""

    begins = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


@organiser_required("GET", "POST")
def plan_programme(request: OrganiserRequest) -> HttpResponse:
    """Choose the sessions that may move, see the plan with its proof or the reasons against it, and accept it."""
    edition = request.edition
    if "plan" in request.POST:
        return _accept(request)
    sessions = domain.plannable(edition)
    form = HoursForm(request.POST if request.method == "POST" else None, initial=_hours(request, sessions))
    clashing = {session.pk for conflict in conflicts_of(edition) for session in conflict.sessions}
    free = {row.pk for row in sessions if row.room_id is None or row.pk in clashing}
    plan = None
    if request.method == "POST":
        free = {row.pk for row in sessions if str(row.pk) in request.POST.getlist("free")}
        if form.is_valid():
            with told_to(request, domain.PlanError):
                plan = domain.plan(edition, free, **form.cleaned_data)
    context: dict[str, Any] = {
        "form": form,
        "sessions": [(row, row.pk in free) for row in sessions],
        "result": plan,
        "words": domain.WORDS[plan.status] if plan else "",
        "moving": [placed for placed in plan.placed if placed.moves] if plan else [],
        "plan": signing.dumps({"edition": edition.pk} | domain.kept(plan), salt=SALT, compress=True) if plan else "",
        "zone": ZoneInfo(edition.time_zone),
    }
    return render(request, "programme/sessions/plan.html", context, status=400 if form.errors else 200)


def _hours(request: OrganiserRequest, sessions: list[Session]) -> dict[str, time]:
    """The earliest begin and the latest end of all sessions, at least from nine to six."""
    zone = ZoneInfo(request.edition.time_zone)
    begins = [session.starts_at.astimezone(zone).time() for session in sessions]
    ends = [session.ends_at.astimezone(zone).time() for session in sessions]
    return {"begins": min([time(9), *begins]), "ends": max([time(18), *ends])}


def _accept(request: OrganiserRequest) -> HttpResponse:
    edition = request.edition
    try:
        with told_to(request, domain.PlanError):
            plan = signing.loads(request.POST["plan"], salt=SALT, max_age=HOURS)
            if plan["edition"] != edition.pk:
                raise signing.BadSignature
            moved = domain.accept(edition, plan, by=request.user)
            messages.success(request, ngettext("%d session has moved.", "%d sessions have moved.", moved) % moved)
            return redirect("organiser-programme", edition.slug)
    except signing.BadSignature:
        messages.error(request, _("This plan is too old; plan again."))
    return redirect("plan-programme", edition.slug)
