"""Booths on the organiser's desk: their states, and who stands where."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.venue.booths.domain import assignment
from serai.expo.venue.booths.domain.allocation import AllocationError, accept, change, drop, keep, propose_booths
from serai.expo.venue.booths.domain.outlook import outlooks
from serai.expo.venue.booths.domain.proposals import booth_states_of, booths_by_state, shown_proposal
from serai.expo.venue.booths.pages.forms import BoothForm, StandForm
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand


@organiser_required("GET", "POST")
def allocation(request: OrganiserRequest) -> HttpResponse:
    """The halls with their booths by state, and the proposal that waits; a POST has a new one computed."""
    edition = request.edition
    halls = list(plan.halls(edition))
    if request.method == "POST":
        chosen = [hall for hall in halls if str(hall.pk) in request.POST.getlist("hall")]
        with told_to(request, AllocationError):
            if not chosen:
                raise AllocationError(_("Choose at least one hall."))
            made = propose_booths(edition, chosen, by=request.user)
            messages.success(
                request,
                _("Computed in %(seconds)s s. Nobody moves before you accept it.") % {"seconds": f"{made.seconds:.1f}"},
            )
        return redirect("booth-allocation", edition.slug)
    proposal = BoothProposal.objects.filter(edition=edition, state=BoothProposal.State.DRAFT).first()
    states, told = booths_by_state(edition), outlooks(edition, halls)
    context = {
        "halls": [(hall, states.get(hall.pk, []), told[hall.pk]) for hall in halls],
        "wishes": BoothWish.objects.filter(edition=edition).select_related("participation__firm", "hall"),
        "proposal": proposal,
        "shown": shown_proposal(proposal) if proposal else None,
    }
    return render(request, "venue/booths/allocation.html", context)


@organiser_required("POST")
def decide_allocation(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Accept the proposal, forget it, or give someone another booth in it."""
    edition, posted = request.edition, request.POST
    proposal = get_object_or_404(BoothProposal, edition=edition, pk=pk)
    with told_to(request, AllocationError):
        if "accept" in posted:
            moved = accept(proposal, by=request.user)
            messages.success(request, ngettext("%d exhibitor has moved.", "%d exhibitors have moved.", moved) % moved)
        elif "drop" in posted:
            drop(proposal, by=request.user)
            messages.success(request, _("The proposal is forgotten; everyone stays."))
        else:
            lead, booth = (number_of(posted.get(name)) or 0 for name in ("who", "booth"))
            change(proposal, lead, booth, by=request.user)
            messages.success(request, _("The proposal is changed."))
    return redirect("booth-allocation", edition.slug)


@organiser_required("POST")
def give_points(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Set how much the wish of an exhibitor weighs."""
    wish = get_object_or_404(BoothWish, edition=request.edition, pk=pk)
    points = number_of(request.POST.get("points"))
    if points is not None and points < 1000:
        wish.points = float(points)
        keep(wish, user=request.user)
        messages.success(request, _("The points are kept; the next proposal follows them."))
    else:
        messages.error(request, _("Give the points as a whole number from 0 to 999."))
    return redirect("booth-allocation", request.edition.slug)


@organiser_required("GET")
def booth_states(request: OrganiserRequest, code: str) -> HttpResponse:
    """The booths of a hall with their states, drawn and in words."""
    hall = get_object_or_404(Hall, edition=request.edition, code=code)
    return render(request, "venue/booths/booth_states.html", {"hall": hall, "rows": booth_states_of(hall)})


@organiser_required("GET", "POST")
def booth(request: OrganiserRequest, pk: int) -> HttpResponse:
    """One booth: its form, and who stands there."""
    shown = get_object_or_404(Booth.objects.select_related("hall", "edition"), edition=request.edition, pk=pk)
    form = BoothForm(request.POST if request.method == "POST" else None, instance=shown)
    if request.method == "POST" and form.is_valid():
        keep(form.save(commit=False), user=request.user)
        messages.success(request, _("The booth is kept."))
        return redirect("booth-states", request.edition.slug, shown.hall.code)
    stands = shown.stands.select_related("participation__firm").order_by("pk")
    context = {"booth": shown, "form": form, "stands": stands, "give": StandForm(shown)}
    return render(request, "venue/booths/booth.html", context, status=400 if form.errors else 200)


@organiser_required("POST")
def stand(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Give the booth to an exhibitor, or have the one leave that is named."""
    booth = get_object_or_404(Booth.objects.select_related("hall"), edition=request.edition, pk=pk)
    with told_to(request, assignment.StandRefusedError):
        _leave(request, booth) if "leave" in request.POST else _give(request, booth)
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
