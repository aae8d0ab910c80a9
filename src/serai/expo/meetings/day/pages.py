"""The day of the fair on the organiser's desk: the live board, arranged meetings and walk-ins, and no-shows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.meetings.day.domain import advisers as advising
from serai.expo.meetings.day.domain import changes as day
from serai.expo.meetings.day.domain.board import board
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.arrangements import confirmed_by_name
from serai.expo.meetings.timetable.domain.drafts import (
    REASONS,
    TimetableRefusedError,
)
from serai.expo.meetings.timetable.domain.grids import all_slots, lengths
from serai.expo.meetings.timetable.pages.forms import slot_choices


class ArrangeForm(forms.Form):
    """Two firms, and when."""

    one = forms.CharField(label=gettext_lazy("Identifier of one firm"), max_length=32)
    other = forms.CharField(label=gettext_lazy("Identifier of the other"), max_length=32)
    starts_at = forms.ChoiceField(label=gettext_lazy("Time"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why they should meet"), required=False, max_length=500)

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        time = self.fields["starts_at"]
        assert isinstance(time, forms.ChoiceField)
        begins = {slot.starts_at: slot for slot in all_slots(edition, lengths(edition))}
        time.choices = slot_choices(edition, begins.values())


@organiser_required("GET", "POST")
def live(request: OrganiserRequest) -> HttpResponse:
    """The live board: meetings now and next, reported events, and the proposed change."""
    edition = request.edition
    if request.method == "POST":
        return _happened(request)
    day.warm_up()
    at = (number_of(request.GET["at"]) or 0) if request.GET.get("at") else None
    shown = board(edition, at)
    query = request.GET.get("q", "")
    return render(
        request,
        "meetings/day/live.html",
        {
            "grid": list(enumerate(shown.grid)),
            "now": shown.now,
            "free": shown.free_tables,
            "meetings": shown.meetings[:200],
            "run": shown.run,
            "happened": shown.happened,
            "people": shown.people,
            "differences": shown.differences,
            "walk_ins": shown.walk_ins,
            "reasons": REASONS,
            "query": query,
            "named": confirmed_by_name(edition, query)[:20] if query.strip() else [],
            "first": Participation.objects.filter(edition=edition, pk=number_of(request.GET.get("with")) or 0).first(),
        },
    )


def _happened(request: OrganiserRequest) -> HttpResponse:
    """Report an event and propose the change for it; or apply or discard the proposed change."""
    edition, posted = request.edition, request.POST
    run = day.waiting(edition)
    with told_to(request, day.ChangeRefusedError, day.NothingToApplyError, TimetableRefusedError):
        if "apply" in posted:
            day.apply_change(edition, by=request.user)
            messages.success(request, _("The change is told. Everyone's agenda shows it from now on."))
        elif "discard" in posted:
            if run is None:
                raise day.NothingToApplyError(_("There is no change to forget."))
            day.discard(run, by=request.user)
            messages.success(request, _("The proposed change is forgotten; what was told stays."))
        else:
            before = day.Happened.of(run.happened) if run else day.Happened()
            made = day.propose(edition, _with(before, posted), by=request.user)
            messages.success(
                request,
                _("Solved in %(seconds)s s. Nothing is told before you apply it.") % {"seconds": f"{made.seconds:.1f}"},
            )
    return redirect("live", edition.slug)


def _with(before: day.Happened, posted: Mapping[str, str]) -> day.Happened:
    """Adds to ``before`` what the form says. Raises ChangeRefusedError if the form says nothing that can be read."""
    happened = replace(before, now=_number(posted, "now") if "now" in posted else 0, seat_more="seat_more" in posted)
    if "absent" in posted:
        happened = happened.with_absent(_number(posted, "absent"))
    if "late" in posted:
        happened = happened.with_late(_number(posted, "late"), _number(posted, "arrives"))
    if "guest" in posted:
        happened = happened.with_walk_in(_number(posted, "host"), _number(posted, "guest"))
    if not {"absent", "late", "guest", "seat_more"} & {*posted}:
        raise day.ChangeRefusedError(_("Say what has happened: who does not come, comes late, or walks in."))
    return happened


def _number(posted: Mapping[str, str], name: str) -> int:
    number = number_of(posted.get(name))
    if number is None:
        raise day.ChangeRefusedError(_("Nothing was changed: choose a participant and a time of the lists."))
    return number


@organiser_required("GET", "POST")
def arrange(request: OrganiserRequest) -> HttpResponse:
    """Arrange a meeting at a time, or at once for two who stand at the desk."""
    form = ArrangeForm(request.edition, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with told_in(form, MeetingRefusedError):
            first, second = _participation(request, given["one"]), _participation(request, given["other"])
            if "now" in request.POST:
                made = advising.walk_in(first, second, by=request.user)
            else:
                at = datetime.fromisoformat(given["starts_at"]) if given["starts_at"] else None
                made = advising.arrange(first, second, by=request.user, starts_at=at, reason=given["reason"])
            assert made.starts_at is not None
            there = made.starts_at.astimezone(ZoneInfo(request.edition.time_zone))
            messages.success(
                request, _("They meet at %(time)s, %(place)s.") % {"time": f"{there:%H:%M}", "place": made.place}
            )
            return redirect("arrange-meeting", request.edition.slug)
    sources = (Meeting.Source.ADVISER, Meeting.Source.WALK_IN)
    made_so = Meeting.objects.filter(edition=request.edition, source__in=sources).select_related(
        "host__firm", "guest__firm"
    )
    return render(
        request,
        "meetings/day/arrange.html",
        {"form": form, "meetings": made_so.order_by("-pk")[:30]},
    )


def _participation(request: OrganiserRequest, identifier: str) -> Participation:
    participation = (
        Participation.objects.filter(
            edition=request.edition,
            firm__identifier=leading(identifier),
            state=Participation.State.CONFIRMED,
        )
        .select_related("firm", "edition")
        .order_by("pk")
        .first()
    )
    if participation is None:
        raise MeetingRefusedError(_("No participant of this fair has the identifier %s.") % identifier.strip())
    return participation


@organiser_required
def no_shows(request: OrganiserRequest) -> HttpResponse:
    """No-shows, and the meetings to which only one side came."""
    missed = advising.missed_meetings(request.edition).order_by("-starts_at")[:200]
    return render(
        request,
        "meetings/day/no_shows.html",
        {
            "absent": advising.no_shows(request.edition)[:200],
            "missed": missed,
        },
    )


urlpatterns = [
    path("organiser/meetings/", arrange, name="arrange-meeting"),
    path("organiser/live/", live, name="live"),
    path("organiser/no-shows/", no_shows, name="no-shows"),
]
