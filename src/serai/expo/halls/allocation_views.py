"""Booths on the organiser's desk: their states, and who stands where."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from serai.expo.editions.access import OrganiserRequest, organiser_required
from serai.expo.editions.models import Participation
from serai.expo.firms.naming import shown_name
from serai.expo.halls import allocating, plan
from serai.expo.halls.booth_forms import BoothForm
from serai.expo.halls.models import Booth, BoothProposal, BoothWish, Hall
from serai.expo.halls.stand_form import StandForm
from serai.expo.halls.wording import why_said
from serai.expo.numbers import number_of
from serai.expo.text import in_language


@dataclass(frozen=True)
class Given:
    """An exhibitor in a proposal: the booth it has and the one it is to have."""

    participation: Participation
    old: Booth | None
    new: Booth

    @property
    def moves(self) -> bool:
        return self.old is None or self.old.pk != self.new.pk


@organiser_required
@require_http_methods(["GET", "POST"])
def allocation(request: OrganiserRequest) -> HttpResponse:
    """The halls with their booths by state, and the proposal that waits; a POST has a new one computed."""
    edition = request.edition
    halls = list(plan.halls(edition))
    if request.method == "POST":
        chosen = [hall for hall in halls if str(hall.pk) in request.POST.getlist("hall")]
        try:
            if not chosen:
                raise allocating.AllocationError(_("Choose at least one hall."))
            made = allocating.propose_booths(edition, chosen, by=request.user)
        except allocating.AllocationError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                _("Computed in %(seconds)s s. Nobody moves before you accept it.") % {"seconds": f"{made.seconds:.1f}"},
            )
        return redirect("booth-allocation", edition.slug)
    counts: dict[int, Counter[str]] = {hall.pk: Counter() for hall in halls}
    for booth in Booth.objects.filter(edition=edition):
        counts[booth.hall_id][allocating.state_now(booth)] += 1
    labels = dict(Booth.State.choices)
    proposal = BoothProposal.objects.filter(edition=edition, state=BoothProposal.State.DRAFT).first()
    context = {
        "halls": [(hall, [(labels[key], count) for key, count in counts[hall.pk].most_common()]) for hall in halls],
        "wishes": BoothWish.objects.filter(edition=edition).select_related("participation__firm", "hall"),
        "proposal": proposal,
    }
    return render(request, "halls/allocation.html", context | (_shown(proposal) if proposal else {}))


def _shown(proposal: BoothProposal) -> dict[str, object]:
    """What the page says of a proposal: who moves, what it costs not to, and the plan of each hall."""
    edition = proposal.edition
    participations = Participation.objects.filter(edition=edition).select_related("firm")
    people = {one.pk: one for one in participations if str(one.pk) in proposal.booths}
    booths = Booth.objects.filter(edition=edition).select_related("hall").in_bulk()
    now = {one: booth for booth, one in _standing(edition.pk)}
    given = [
        Given(people[int(lead)], booths.get(now.get(int(lead), 0)), booths[booth])
        for lead, booth in proposal.booths.items()
        if int(lead) in people and booth in booths
    ]
    moving = {one.new.pk for one in given if one.moves}
    occupant = {one.new.pk: one.participation for one in given}
    drawn = [
        (
            hall,
            [
                (place, _short(place, occupant.get(place.booth.pk)), place.booth.pk in moving)
                for place in plan.places(hall)
            ],
        )
        for hall in proposal.halls.all()
    ]
    names = {f"firm {pk}": shown_name(one.firm) for pk, one in people.items()}
    names |= {f"booth {pk}": booth.label for pk, booth in booths.items()}
    names |= {f"hall {booth.hall_id}": booth.hall.code for booth in booths.values()}
    deviations = [
        (people[who], booths[wished], booths[got], price, why_said(against, values, names))
        # What was proposed before the reasons had keys has five parts, the last an English sentence.
        for who, wished, got, price, against, values in (one for one in proposal.deviations if len(one) == 6)
        if who in people and wished in booths and got in booths
    ]
    before, after = proposal.walking_before, proposal.walking_after
    return {
        "given": sorted(given, key=lambda one: (not one.moves, one.new.hall.code, one.new.code)),
        "moving": len(moving),
        "drawn": drawn,
        "deviations": deviations,
        "saved": 100 * (before - after) / before if before else 0.0,
        "choices": [place.booth for _hall, places in drawn for place, _who, _moves in places],
    }


def _short(place: plan.Place, occupant: Participation | None) -> str:
    """The name of who is to stand there, as far as the booth has room for it."""
    return plan.fitting(in_language(occupant.firm.name).text, place.width) if occupant else ""


def _standing(edition: int) -> list[tuple[int, int]]:
    return list(
        Booth.participations.through._default_manager.filter(edition=edition).values_list("booth", "participation")
    )


@organiser_required
@require_POST
def decide_allocation(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Accept the proposal, forget it, or give someone another booth in it."""
    edition, said = request.edition, request.POST
    proposal = get_object_or_404(BoothProposal, edition=edition, pk=pk)
    try:
        if "accept" in said:
            moved = allocating.accept(proposal, by=request.user)
            messages.success(request, ngettext("%d exhibitor has moved.", "%d exhibitors have moved.", moved) % moved)
        elif "drop" in said:
            allocating.drop(proposal, by=request.user)
            messages.success(request, _("The proposal is forgotten; everyone stays."))
        else:
            allocating.change(
                proposal, number_of(said.get("who")) or 0, number_of(said.get("booth")) or 0, by=request.user
            )
            messages.success(request, _("The proposal is changed."))
    except allocating.AllocationError as refusal:
        messages.error(request, str(refusal))
    return redirect("booth-allocation", edition.slug)


@organiser_required
@require_POST
def give_points(request: OrganiserRequest, pk: int) -> HttpResponse:
    """Set how much the wish of an exhibitor weighs."""
    wish = get_object_or_404(BoothWish, edition=request.edition, pk=pk)
    points = number_of(request.POST.get("points"))
    if points is not None and points < 1000:
        wish.points = float(points)
        allocating.keep(wish, user=request.user)
        messages.success(request, _("The points are kept; the next proposal follows them."))
    else:
        messages.error(request, _("Give the points as a whole number from 0 to 999."))
    return redirect("booth-allocation", request.edition.slug)


@organiser_required
@require_http_methods(["GET"])
def booth_states(request: OrganiserRequest, code: str) -> HttpResponse:
    """The booths of a hall with their states, drawn and in words."""
    hall = get_object_or_404(Hall, edition=request.edition, code=code)
    places = {place.booth.pk: place for place in plan.places(hall)}
    booths = list(hall.booths.prefetch_related("stands__participation__firm"))
    labels = dict(Booth.State.choices)
    rows = []
    for booth in booths:
        booth.hall = hall
        standing = allocating.state_now(booth)
        stands = [stand.participation for stand in booth.stands.all()]
        rows.append((booth, places.get(booth.pk), standing, labels[standing], stands))
    return render(request, "halls/booth_states.html", {"hall": hall, "rows": rows})


@organiser_required
@require_http_methods(["GET", "POST"])
def booth(request: OrganiserRequest, pk: int) -> HttpResponse:
    """What a booth is, and whether it can be had."""
    found = get_object_or_404(Booth.objects.select_related("hall", "edition"), edition=request.edition, pk=pk)
    form = BoothForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        allocating.keep(form.save(commit=False), user=request.user)
        messages.success(request, _("The booth is kept."))
        return redirect("booth-states", request.edition.slug, found.hall.code)
    stands = found.stands.select_related("participation__firm").order_by("pk")
    context = {"booth": found, "form": form, "stands": stands, "give": StandForm(found)}
    return render(request, "halls/booth.html", context, status=400 if form.errors else 200)
