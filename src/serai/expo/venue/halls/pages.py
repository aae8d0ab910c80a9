"""The halls of a fair on their site, and the plan of each with the way from place to place."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.rows import or_404
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.domain.journeys import Floor, Journey, floor_of, journey
from serai.expo.venue.halls.domain.site import site, stands_of
from serai.expo.venue.halls.models import Equipment
from serai.match.halls.ways import WayError


def hall_list(request: EditionRequest) -> HttpResponse:
    """The site with all halls. ``?firm=`` finds where firms stand."""
    words = request.GET.get("firm", "").strip()
    found = list(stands_of(request.edition, words)) if words else []
    return render(request, "venue/halls/list.html", {"site": site(request.edition), "words": words, "found": found})


def hall(request: EditionRequest, code: str) -> HttpResponse:
    """A hall's plan. ``?booth=`` marks a booth, a table or an entrance, ``?from=`` shows the way to it from another,
    which may stand in another hall, as in ``W2/W2-A01``; ``?firm=`` finds firms in all halls."""
    shown = or_404(plan.halls(request.edition).filter(code=code).first(), _("This fair has no such hall."))
    floor = floor_of(shown)
    sought = floor.by_code.get(request.GET.get("booth", ""))
    begins_in, start = _start(request, floor)
    way, refusal = _way(begins_in, start, floor, sought)
    words = request.GET.get("firm", "").strip()
    return render(
        request,
        "venue/halls/hall.html",
        {
            "hall": shown,
            "floor": floor,
            "places": floor.places,
            "tables": floor.tables,
            "sought": sought,
            "start": start,
            "begins_in": begins_in.hall if begins_in is not floor else None,
            "way": way,
            "here": [leg for leg in way.legs if leg.floor is floor] if way else [],
            "refusal": refusal,
            "minutes": plan.minutes(way.metres) if way else None,
            "words": words,
            "found": list(stands_of(request.edition, words)) if words else [],
        },
    )


def _start(request: EditionRequest, floor: Floor) -> tuple[Floor, plan.Spot | None]:
    """Where the way begins: the hall and the place in it; no place where the address names none that is there."""
    before, between, after = request.GET.get("from", "").rpartition("/")
    if not between or before == floor.hall.code:
        return floor, floor.by_code.get(after)
    other = plan.halls(request.edition).filter(code=before).first()
    begins_in = floor_of(other) if other else floor
    return begins_in, begins_in.by_code.get(after) if other else None


def _way(
    begins_in: Floor, start: plan.Spot | None, floor: Floor, sought: plan.Spot | None
) -> tuple[Journey | None, str]:
    """The way, or why there is none; neither where nobody asked."""
    if start is None or sought is None or start == sought:
        return None, ""
    try:
        return journey(begins_in, start, floor, sought), ""
    except WayError:
        doors = [floor_plan.hall.code for floor_plan in (begins_in, floor) if not floor_plan.doors]
        if begins_in is not floor and doors:
            return None, _("The entrances of hall %(hall)s are not known yet.") % {"hall": doors[0]}
        return None, _("No way is known from there to here.")


NAMES = ("equipment", "height_m", "load_kg_m2")


def equipment_field(label: Any) -> forms.TypedMultipleChoiceField:
    """Boxes to tick, for a list of kinds of equipment."""
    return forms.TypedMultipleChoiceField(
        choices=Equipment.choices, required=False, label=label, widget=forms.CheckboxSelectMultiple
    )


LABELS: dict[str, Any] = {
    "height_m": gettext_lazy("Building height up to, m"),
    "load_kg_m2": gettext_lazy("The floor bears, kg/m²"),
}


urlpatterns = [
    path("halls/", hall_list, name="hall-list"),
    path("halls/<str:code>/", hall, name="hall"),
]
