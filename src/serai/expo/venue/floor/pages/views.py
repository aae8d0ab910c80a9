"""Halls and booths on the organiser's desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.pages.renames import renames
from serai.expo.venue.floor.domain import entrances, floor_plan, floor_table
from serai.expo.venue.floor.domain.floor_plan import FloorError
from serai.expo.venue.floor.pages.forms import GridForm, HallForm, WorkbookForm
from serai.expo.venue.halls.domain.plan import halls_with_counts
from serai.expo.venue.halls.models import Booth, Entrance, Hall

BOOTHS_A_PAGE = 100


@organiser_required("GET", "POST")
@renames({Hall: lambda hall, user: floor_plan.save_hall(hall, user=user)}, FloorError)
def floor(request: OrganiserRequest) -> HttpResponse:
    """All halls with what is free in them; a POST adds one."""
    form = HallForm(request.POST if request.method == "POST" else None, instance=Hall(edition=request.edition))
    if request.method == "POST" and form.is_valid():
        with told_in(form, FloorError, field="code"):
            made = floor_plan.save_hall(form.save(commit=False), user=request.user)
            messages.success(request, _("Hall %s is made.") % made.code)
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
                _("Booths made: %(made)d. Booths changed: %(changed)d.") % {"made": made, "changed": changed},
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
        Entrance: lambda entrance, user: entrances.save_entrance(entrance, user=user),
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
            messages.success(request, _("Hall %s has been taken away.") % code)
            return redirect("floor", request.edition.slug)
        if posted and "grid" in posted and grid.is_valid():
            count = floor_plan.lay_out(hall, grid.grid(), user=request.user)
            messages.success(request, ngettext("%d booth is drawn.", "%d booths are drawn.", count) % count)
            return redirect("floor-hall", request.edition.slug, code)
        if posted and "hall" in posted and form.is_valid():
            kept = floor_plan.save_hall(form.save(commit=False), user=request.user)
            messages.success(request, _("The changes are kept."))
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
    hall = Hall.objects.select_related("edition").filter(edition=request.edition, code=code).first()
    if hall is None:
        raise Http404(_("This fair has no such hall."))
    return hall
