"""The screens of the stage on the organiser's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.rows import row_of
from serai.expo.base.submission import submitted
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.edition.pages.renames import renames
from serai.expo.site.stage.domain.screens import ScreenRefusedError, remove_screen, save_screen
from serai.expo.site.stage.models import Screen
from serai.expo.site.stage.pages.forms import ScreenForm


@organiser_required("GET", "POST")
@renames({Screen: lambda screen, user: save_screen(screen, by=user)}, ScreenRefusedError)
def screens(request: OrganiserRequest) -> HttpResponse:
    """All screens of the fair, with their addresses."""
    rows = Screen.objects.filter(edition=request.edition).select_related("room")
    return render(request, "site/stage/screens.html", {"screens": rows})


@organiser_required("GET", "POST")
def screen(request: OrganiserRequest, number: int | None = None) -> HttpResponse:
    """The form of a new screen or of one that there is."""
    row = _screen(request, number) if number else Screen(edition=request.edition)
    form = ScreenForm(request.edition, request.POST or None, instance=row)

    def save() -> None:
        save_screen(form.save(commit=False), by=request.user)

    if submitted(request, form, save, ScreenRefusedError):
        messages.success(request, _("Saved."))
        return redirect("screens", request.edition.slug)
    page = {"form": form, "screen": row if number else None}
    return render(request, "site/stage/screen.html", page, status=400 if form.errors else 200)


@organiser_required("POST")
def remove(request: OrganiserRequest, number: int) -> HttpResponse:
    """Delete a screen."""
    remove_screen(_screen(request, number), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("screens", request.edition.slug)


def _screen(request: OrganiserRequest, number: int) -> Screen:
    return row_of(Screen.objects.filter(edition=request.edition), number, _("There is no such screen."))
