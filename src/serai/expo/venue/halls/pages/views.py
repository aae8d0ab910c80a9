"""The halls of a fair, and the plan of each with the way from booth to booth."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.venue.halls.domain import plan
from serai.match.halls.ways import WayError


def hall_list(request: EditionRequest) -> HttpResponse:
    return render(request, "venue/halls/list.html", {"halls": plan.halls(request.edition)})


def hall(request: EditionRequest, code: str) -> HttpResponse:
    """A hall's plan. ``?booth=`` marks a booth or a table, and ``?from=`` shows the way to it from another."""
    shown = plan.halls(request.edition).filter(code=code).first()
    if shown is None:
        raise Http404(_("This fair has no such hall."))
    places = plan.places(shown)
    tables = plan.tables(shown)
    by_code: dict[str, plan.Place | plan.Table] = {table.code: table for area in tables for table in area.each}
    by_code |= {place.code: place for place in places}
    sought, start = by_code.get(request.GET.get("booth", "")), by_code.get(request.GET.get("from", ""))
    way = None
    if sought is not None and start is not None and sought is not start:
        try:
            way = plan.way_between(shown, [*places, *tables], start, sought)
        except WayError:
            way = None
    return render(
        request,
        "venue/halls/hall.html",
        {
            "hall": shown,
            "places": places,
            "tables": tables,
            "sought": sought,
            "start": start,
            "way": way,
            "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in way.corners) if way else "",
            "minutes": plan.minutes(way) if way else None,
        },
    )
