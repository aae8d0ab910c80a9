"""An adviser brings two together, two walk in, and who did not come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.meetings.day.domain import advisers as advising
from serai.expo.meetings.day.pages.advice_forms import ArrangeForm
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting


@organiser_required
@require_http_methods(["GET", "POST"])
def arrange(request: OrganiserRequest) -> HttpResponse:
    """Bring two together at a time, or at once when they stand before the desk."""
    form = ArrangeForm(request.edition, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            one, other = _participation(request, said["one"]), _participation(request, said["other"])
            if "now" in request.POST:
                made = advising.walk_in(one, other, by=request.user)
            else:
                at = datetime.fromisoformat(said["starts_at"]) if said["starts_at"] else None
                made = advising.arrange(one, other, by=request.user, starts_at=at, reason=said["reason"])
        except MeetingRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
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
        {"form": form, "meetings": made_so.order_by("-pk")[:30], "zone": ZoneInfo(request.edition.time_zone)},
    )


def _participation(request: OrganiserRequest, identifier: str) -> Participation:
    found = (
        Participation.objects.filter(
            edition=request.edition,
            firm__identifier=leading(identifier),
            state=Participation.State.CONFIRMED,
        )
        .select_related("firm", "edition")
        .order_by("pk")
        .first()
    )
    if found is None:
        raise MeetingRefusedError(_("No participant of this fair has the identifier %s.") % identifier.strip())
    return found


@organiser_required
def no_shows(request: OrganiserRequest) -> HttpResponse:
    """Who did not come, how often, and the meetings to which one side came alone."""
    missed = advising.missed_meetings(request.edition).order_by("-starts_at")[:200]
    return render(
        request,
        "meetings/day/no_shows.html",
        {
            "absent": advising.no_shows(request.edition)[:200],
            "missed": missed,
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )
