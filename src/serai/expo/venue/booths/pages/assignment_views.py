"""Giving a single booth, and having an exhibitor leave it, on the organiser's desk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.venue.booths.domain import assignment
from serai.expo.venue.booths.pages.assignment_form import StandForm
from serai.expo.venue.halls.models import Booth, Stand


@organiser_required
@require_POST
def stand(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Give the booth to an exhibitor, or have the one leave that is named."""
    booth = get_object_or_404(Booth.objects.select_related("hall"), edition=request.edition, pk=pk)
    try:
        _leave(request, booth) if "leave" in request.POST else _give(request, booth)
    except assignment.StandRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("organiser-booth", request.edition.slug, booth.pk)


def _give(request: OrganiserRequest, booth: Booth) -> None:
    form = StandForm(booth, request.POST)
    if not form.is_valid():
        raise assignment.StandRefusedError(_("Choose an exhibitor."))
    values = form.cleaned_data
    participation = values["exhibitor"]
    done = assignment.give(booth, participation, move=values["move"], share=values.get("share", False), by=request.user)
    names = {"firm": shown_name(participation.firm), "booth": booth.label}
    _tell(request, _("%(firm)s stands at booth %(booth)s.") % names, done)


def _leave(request: OrganiserRequest, booth: Booth) -> None:
    stands = Stand.objects.filter(booth=booth).select_related("participation__firm")
    stand = get_object_or_404(stands, participation=number_of(request.POST["leave"]) or 0)
    done = assignment.leave(booth, stand.participation, by=request.user)
    names = {"firm": shown_name(stand.participation.firm), "booth": booth.label}
    _tell(request, _("%(firm)s has left booth %(booth)s.") % names, done)


def _tell(request: OrganiserRequest, what: str, done: assignment.Done) -> None:
    messages.success(request, what)
    if done.moved:
        words = ngettext(
            "%d meeting that was told is held elsewhere; both sides have a letter.",
            "%d meetings that were told are held elsewhere; both sides have a letter.",
            done.moved,
        )
        messages.info(request, words % done.moved)
    for warning in done.warnings:
        messages.warning(request, warning)
