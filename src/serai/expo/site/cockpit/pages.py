"""The first page of the organiser, and the rows that have a flaw."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from serai.expo.fairs.desk.domain import todos, waiting
from serai.expo.fairs.edition.domain.phases import Period, fair_day, today_at
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.rules import rights_in
from serai.expo.fairs.edition.rules.roles import opens
from serai.expo.programme.sessions.models import Session
from serai.expo.results.report.domain.funnel import funnel
from serai.expo.site.cockpit.domain import flaw_of, flaws, trends

A_PAGE = 50


@organiser_required("GET")
def cockpit(request: OrganiserRequest) -> HttpResponse:
    """What waits for the organiser, how the fair runs, and what is wrong in its data."""
    edition, rights = request.edition, rights_in(request.user, request.edition)
    day = fair_day(edition)
    return render(
        request,
        "site/cockpit/cockpit.html",
        {
            "waiting": [queue for queue in waiting(edition, rights) if queue.count],
            "todos": todos(edition, rights),
            "trends": [(trend, opens(rights, trend.series.page)) for trend in trends(edition, today_at(edition))],
            "funnel": funnel(edition),
            "flaws": flaws(edition, rights),
            "days_to_go": day.days_to_go,
            "day": day.number if day.period == Period.DURING else None,
        },
    )


@organiser_required("GET")
def flaw(request: OrganiserRequest, code: str) -> HttpResponse:
    """The rows that have a flaw, each with the page on which it is mended."""
    kind = flaw_of(code)
    if kind is None:
        raise Http404(_("There is no such list of flaws."))
    if not rights_in(request.user, request.edition).may(kind.area):
        raise PermissionDenied
    rows = kind.rows(request.edition).distinct()
    of_sessions = rows.model is Session
    related = rows.select_related("forum", "room") if of_sessions else rows.select_related("firm")
    order = ("starts_at", "pk") if of_sessions else ("firm__sort_name", "pk")
    page = Paginator(related.order_by(*order), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/cockpit/flaw.html", {"flaw": kind, "page": page, "of_sessions": of_sessions})


urlpatterns = [
    path("organiser/", cockpit, name="organiser"),
    path("organiser/flaws/<slug:code>/", flaw, name="flaw"),
]
