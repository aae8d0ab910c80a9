"""The floor plan of a hall on the desk of the organiser, and the pages of its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import or_404
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.venue.floor.domain import floor_plan, floor_table, plan_edits
from serai.expo.venue.floor.domain.floor_plan import FloorError
from serai.expo.venue.floor.pages.forms import BoothForm, EntranceForm, GridForm, HallForm, TablesForm, WorkbookForm
from serai.expo.venue.halls.domain.plan import halls_with_counts
from serai.expo.venue.halls.models import Booth, Entrance, Hall, TableArea

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


BOOTHS_A_PAGE = 100


@organiser_required("GET", "POST")
@renames({Hall: lambda hall, user: floor_plan.save_hall(hall, user=user)}, FloorError)
def floor(request: OrganiserRequest) -> HttpResponse:
    """All halls with what is free in them; a POST adds one."""
    form = HallForm(request.POST if request.method == "POST" else None, instance=Hall(edition=request.edition))
    if request.method == "POST" and form.is_valid():
        with told_in(form, FloorError, field="code"):
            made = floor_plan.save_hall(form.save(commit=False), user=request.user)
            messages.success(request, gettext("Hall %s is made.") % made.code)
            return redirect("floor-hall", request.edition.slug, made.code)
    return _floor(request, form, WorkbookForm())


@organiser_required("POST")
def floor_workbook(request: OrganiserRequest) -> HttpResponse:
    """Make and change halls and booths from a table: all of it, or nothing and the reason."""
    form = WorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        with told_in(form, FloorError, field="file"):
            table = floor_table.read(form.cleaned_data["file"].file)
            made, changed = floor_plan.set_booths(
                request.edition, table.booths, table.halls, table.tables, user=request.user
            )
            messages.success(
                request,
                gettext("Booths made: %(made)d. Booths changed: %(changed)d.") % {"made": made, "changed": changed},
            )
            return redirect("floor", request.edition.slug)
    return _floor(request, HallForm(instance=Hall(edition=request.edition)), form)


def _floor(request: OrganiserRequest, form: HallForm, sent: WorkbookForm) -> HttpResponse:
    return render(
        request,
        "venue/floor/floor.html",
        {"halls": halls_with_counts(request.edition), "form": form, "workbook": sent},
        status=400 if form.errors or sent.errors else 200,
    )


@organiser_required("GET", "POST")
@renames(
    {
        Booth: lambda booth, user: floor_plan.save_booth(booth, user=user),
        Entrance: lambda entrance, user: plan_edits.save_entrance(entrance, user=user),
    },
    FloorError,
)
def floor_hall(request: OrganiserRequest, code: str) -> HttpResponse:
    """A hall with its booths: changed, taken away, or rows of booths drawn into it."""
    hall = hall_of(request, code)
    posted = request.POST if request.method == "POST" else None
    form = HallForm(posted if posted and "hall" in posted else None, instance=hall_of(request, code))
    grid = GridForm(posted if posted and "grid" in posted else None)
    try:
        if posted and "remove" in posted:
            floor_plan.remove_hall(hall, user=request.user)
            messages.success(request, gettext("Hall %s has been taken away.") % code)
            return redirect("floor", request.edition.slug)
        if posted and "grid" in posted and grid.is_valid():
            count = floor_plan.lay_out(hall, grid.grid(), user=request.user)
            messages.success(request, ngettext("%d booth is drawn.", "%d booths are drawn.", count) % count)
            return redirect("floor-hall", request.edition.slug, code)
        if posted and "hall" in posted and form.is_valid():
            kept = floor_plan.save_hall(form.save(commit=False), user=request.user)
            messages.success(request, gettext("The changes are kept."))
            return redirect("floor-hall", request.edition.slug, kept.code)
    except FloorError as error:
        messages.error(request, str(error))
        return redirect("floor-hall", request.edition.slug, code)
    booths = hall.booths.order_by("code").prefetch_related("stands__participation__firm")
    return render(
        request,
        "venue/floor/hall.html",
        {
            "hall": hall,
            "form": form,
            "grid": grid,
            "tables": hall.table_areas.all(),
            "entrances": hall.entrances.all(),
            "page": Paginator(booths, BOOTHS_A_PAGE).get_page(request.GET.get("page")),
        },
        status=400 if form.errors or grid.errors else 200,
    )


def hall_of(request: OrganiserRequest, code: str) -> Hall:
    """The hall of an address. Raises Http404."""
    halls = Hall.objects.select_related("edition").filter(edition=request.edition, code=code)
    return or_404(halls.first(), gettext("This fair has no such hall."))


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
    plan_edits.save_entrance,
    plan_edits.remove_entrance,
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
    there = part.model.objects.filter(**in_hall, **{part.key: row}).first() if row else part.model(**in_hall)
    thing = or_404(there, part.missing)
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
