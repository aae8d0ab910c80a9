"""Booths on the desk of the organiser: states, wishes, proposals and their decision."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serai.expo.base.forms import LongSelect
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.venue.booths.domain import assignment
from serai.expo.venue.booths.domain.allocation import AllocationError, accept, change, drop, keep, propose_booths
from serai.expo.venue.booths.domain.assignment import may_be_given
from serai.expo.venue.booths.domain.proposals import booth_states_of, booths_by_state, outlooks, shown_proposal
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand
from serai.expo.venue.halls.pages import LABELS, NAMES, equipment_field


class BoothForm(forms.ModelForm[Booth]):
    """What a booth is, and whether it can be had."""

    equipment = equipment_field(gettext_lazy("Equipment"))
    held_for = forms.IntegerField(widget=LongSelect, label=gettext_lazy("Held for"), required=False)

    class Meta:
        model = Booth
        fields: ClassVar = ["state", "held_until", "kind", "build", "power_kw", *NAMES, "pavilion", "price"]
        widgets: ClassVar = {"held_until": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        labels: ClassVar = {
            "state": gettext_lazy("State"),
            "held_until": gettext_lazy("Held until"),
            "kind": gettext_lazy("Kind of booth"),
            "build": gettext_lazy("How it is built"),
            "power_kw": gettext_lazy("Power in kilowatts"),
            **LABELS,
            "pavilion": gettext_lazy("Only for members of the country pavilion (ISO 3166, two letters)"),
            "price": gettext_lazy("Price"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exhibiting = ("exhibitor", "service")
        rows = Participation.objects.filter(edition=self.instance.edition, kind__in=exhibiting)
        names = rows.order_by("firm__sort_name", "pk").values_list("pk", "firm__legal_name")
        self.fields["held_for"].widget = LongSelect(choices=[("", "–"), *names])
        self.fields["held_for"].initial = self.instance.held_for_id

    def clean_held_for(self) -> Participation | None:
        number = self.cleaned_data.get("held_for")
        if number is None:
            return None
        participation = Participation.objects.filter(edition=self.instance.edition, pk=number).first()
        if participation is None:
            raise forms.ValidationError(_("There is no such exhibitor."))
        return participation

    def clean_pavilion(self) -> str:
        return str(self.cleaned_data["pavilion"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state") == Booth.State.ON_HOLD and not cleaned.get("held_until"):
            self.add_error("held_until", _("Say until which day it is on hold."))
        taken = Stand.objects.filter(booth=self.instance.pk).exists()
        if cleaned.get("state") == Booth.State.BLOCKED and taken:
            self.add_error("state", _("Someone stands there; give them another booth before you block it."))
        return cleaned

    def save(self, commit: bool = True) -> Booth:
        """The booth, with whom it is held for."""
        self.instance.held_for = self.cleaned_data["held_for"]
        return super().save(commit)


class StandForm(forms.Form):
    """The exhibitor that gets the booth, whether it leaves its other booths, and whether it shares the booth."""

    exhibitor = forms.TypedChoiceField(label=gettext_lazy("Exhibitor"), coerce=int, widget=LongSelect)
    move = forms.TypedChoiceField(
        label=gettext_lazy("If it has a booth"),
        choices=[("1", gettext_lazy("It moves here")), ("0", gettext_lazy("It gets this one too"))],
        coerce=lambda text: text == "1",
        initial="1",
    )
    share = forms.BooleanField(label=gettext_lazy("It shares the booth with who is there"), required=False)

    def __init__(self, booth: Booth, data: Any = None) -> None:
        super().__init__(data, prefix="stand")
        self.exhibitors = may_be_given(booth.edition).select_related("firm")
        there = set(booth.stands.values_list("participation_id", flat=True))
        signed = Prefetch("booths", Booth.objects.select_related("hall").only("code", "hall__code"))
        choices = [("", "–")]
        for participation in self.exhibitors.only("firm__name", "firm__legal_name").prefetch_related(signed):
            if participation.pk not in there:
                labels = ", ".join(has.label for has in participation.booths.all())
                choices.append(
                    (
                        str(participation.pk),
                        f"{shown_name(participation.firm)} · {labels}" if labels else shown_name(participation.firm),
                    )
                )
        self.fields["exhibitor"].choices = choices  # type: ignore[attr-defined]
        if not there:
            del self.fields["share"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("exhibitor"):
            cleaned["exhibitor"] = self.exhibitors.get(pk=cleaned["exhibitor"])
        return cleaned


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


urlpatterns = [
    path("organiser/booths/", allocation, name="booth-allocation"),
    path("organiser/booths/proposals/<int:pk>/", decide_allocation, name="decide-allocation"),
    path("organiser/booths/wishes/<int:pk>/points/", give_points, name="booth-wish-points"),
    path("organiser/booths/halls/<str:code>/", booth_states, name="booth-states"),
    path("organiser/booths/<int:pk>/", booth, name="organiser-booth"),
    path("organiser/booths/<int:pk>/stand/", stand, name="give-booth"),
]
