"""One form page for each kind of thing that stands in a hall: booths, places of meeting tables, entrances."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.venue.floor.domain import entrances, floor_plan
from serai.expo.venue.floor.domain.floor_plan import FloorError
from serai.expo.venue.floor.pages.forms import BoothForm, EntranceForm, TablesForm
from serai.expo.venue.floor.pages.views import hall_of
from serai.expo.venue.halls.models import Booth, Entrance, TableArea

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class HallPart:
    """A kind of thing that stands in a hall: its rows, the form that changes one, and the words of its page."""

    model: type[Any]
    key: str
    """The field by which an address names a row."""
    name: str
    """The attribute that names a row to the reader."""
    form: type[forms.ModelForm[Any]]
    keep: Callable[..., object]
    remove: Callable[..., object]
    heading: "_StrPromise"
    heading_of_new: "_StrPromise"
    button_of_removal: "_StrPromise"
    removed: "_StrPromise"
    missing: "_StrPromise"
    note: "_StrPromise | str" = ""


BOOTH = HallPart(
    Booth,
    "code",
    "code",
    BoothForm,
    floor_plan.save_booth,
    floor_plan.remove_booth,
    heading=_("Booth %(code)s"),
    heading_of_new=_("Add a booth"),
    button_of_removal=_("Remove the booth"),
    removed=_("Booth %s has been taken away."),
    missing=_("This hall has no such booth."),
)
TABLES = HallPart(
    TableArea,
    "pk",
    "label",
    TablesForm,
    floor_plan.save_tables,
    floor_plan.remove_tables,
    heading=_("Tables %(code)s"),
    heading_of_new=_("Place tables"),
    button_of_removal=_("Take the tables off the plan"),
    removed=_("Tables %s have no place on the plan any more."),
    missing=_("This hall has no such tables."),
    note=_(
        "Tables are numbered through the whole fair, T1, T2 and so on; "
        "those of one place stand in rows on its rectangle."
    ),
)
ENTRANCE = HallPart(
    Entrance,
    "pk",
    "code",
    EntranceForm,
    entrances.save_entrance,
    entrances.remove_entrance,
    heading=_("Entrance %(code)s"),
    heading_of_new=_("Add an entrance"),
    button_of_removal=_("Take the entrance away"),
    removed=_("Entrance %s has been taken away."),
    missing=_("This hall has no such entrance."),
)


@organiser_required("GET", "POST")
def hall_part(request: OrganiserRequest, code: str, part: HallPart, row: str | int = "") -> HttpResponse:
    """A new thing of a hall, or one that is there: changed or taken away."""
    hall = hall_of(request, code)
    in_hall = {"edition": request.edition, "hall": hall}
    thing = part.model.objects.filter(**in_hall, **{part.key: row}).first() if row else part.model(**in_hall)
    if thing is None:
        raise Http404(part.missing)
    thing.hall, thing.edition = hall, request.edition  # what is checked on the way reads no row again
    name = getattr(thing, part.name) if row else ""
    removing = bool(row) and "remove" in request.POST
    form = part.form(request.POST if request.method == "POST" and not removing else None, instance=thing)
    if removing:
        with told_to(request, FloorError):
            part.remove(thing, user=request.user)
            messages.success(request, part.removed % name)
            return redirect("floor-hall", request.edition.slug, code)
    if request.method == "POST" and form.is_valid():
        with told_in(form, FloorError):
            part.keep(form.save(commit=False), user=request.user)
            messages.success(request, _("The changes are kept."))
            return redirect("floor-hall", request.edition.slug, code)
    heading = part.heading % {"code": name} if row else part.heading_of_new
    context = {"hall": hall, "part": part, "name": name, "heading": heading, "form": form}
    return render(request, "venue/floor/part.html", context, status=400 if form.errors else 200)
