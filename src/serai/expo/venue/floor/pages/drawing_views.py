"""Drawing on the plan of a hall, by mouse, by keyboard and by form."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.venue.floor.domain import plan_edits
from serai.expo.venue.floor.domain.floor_plan import FloorError
from serai.expo.venue.floor.domain.plan_edits import Change, Side
from serai.expo.venue.floor.pages.forms import PlaceForm, SplitForm
from serai.expo.venue.floor.pages.views import hall_of
from serai.expo.venue.halls.domain.journeys import floor_of
from serai.expo.venue.halls.models import Booth, Hall

STEPS = 20
"""How many steps can be undone."""


@organiser_required("GET", "POST")
def floor_plan(request: OrganiserRequest, code: str) -> HttpResponse:
    """The plan of a hall, on which booths are moved, resized, divided and joined. ``?booth=`` selects one."""
    hall = hall_of(request, code)
    named = (request.POST if request.method == "POST" else request.GET).get("booth", "")
    booth = hall.booths.filter(code=named).first()
    if request.method == "POST":
        with told_to(request, FloorError):
            if "undo" in request.POST:
                _undo(request, hall)
            elif booth is not None:
                _draw(request, hall, booth)
        there = hall.booths.filter(code=named).exists()
        query = f"?{urlencode({'booth': named})}" if there else ""
        return redirect(f"{reverse('floor-plan', args=[request.edition.slug, code])}{query}")
    floor = floor_of(hall)
    selected = next((place for place in floor.places if booth is not None and place.booth.pk == booth.pk), None)
    values: dict[str, Any] = {}
    if selected:
        values = {
            "x_m": selected.x,
            "y_m": selected.y,
            "width_m": selected.width,
            "depth_m": selected.depth,
            "metres": round(selected.width / 2, 2),
        }
    return render(
        request,
        "venue/floor/plan.html",
        {
            "hall": hall,
            "floor": floor,
            "size": floor.size,
            "selected": selected,
            "place_form": PlaceForm(initial=values),
            "split_form": SplitForm(initial=values),
            "steps": len(_steps(request, hall)),
        },
    )


def _draw(request: OrganiserRequest, hall: Hall, booth: Booth) -> None:
    """Do what was asked and keep the step. Raises FloorError."""
    placed, divided = PlaceForm(request.POST), SplitForm(request.POST)
    if "place" in request.POST and placed.is_valid():
        given = placed.cleaned_data
        change = plan_edits.place(
            booth, given["x_m"], given["y_m"], given["width_m"], given["depth_m"], user=request.user
        )
        told = _("Booth %(code)s is placed.")
    elif "split" in request.POST and divided.is_valid():
        given = divided.cleaned_data
        change = plan_edits.split(booth, Side(given["side"]), given["metres"], user=request.user)
        told = _("Booth %(code)s is divided.")
    elif "merge" in request.POST and (other := hall.booths.filter(code=request.POST.get("other", "")).first()):
        change = plan_edits.merge(booth, other, user=request.user)
        told = _("Booth %(code)s is joined with the other.")
    else:
        raise FloorError(_("That could not be read. Give lengths in metres, and choose another booth to join."))
    kept = [*_steps(request, hall), change.plain()][-STEPS:]
    request.session[_key(hall)] = kept
    messages.success(request, told % {"code": booth.code})


def _undo(request: OrganiserRequest, hall: Hall) -> None:
    """Take the last step back. Raises FloorError; a step that can't be undone is not tried again."""
    steps = _steps(request, hall)
    if not steps:
        raise FloorError(_("There is nothing to undo."))
    request.session[_key(hall)] = steps[:-1]
    plan_edits.take_back(hall, Change.of(steps[-1]), user=request.user)
    messages.success(request, _("The last step is undone."))


def _key(hall: Hall) -> str:
    return f"floor-plan-{hall.pk}"


def _steps(request: OrganiserRequest, hall: Hall) -> list[Any]:
    """The steps of this session that can be undone, the last one last."""
    return list(request.session.get(_key(hall), []))
