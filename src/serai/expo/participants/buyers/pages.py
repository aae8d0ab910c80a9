"""The organiser vets buyers, publishes the terms for hosted ones, sees how these keep them, and notes what a buyer
or a delegation comes for.
"""

from typing import Any

from babel.numbers import is_currency
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base import filters
from serai.expo.base.forms import FilterForm
from serai.expo.base.numbers import number_of
from serai.expo.base.rows import paged, row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.participants.buyers.domain import hosted_buyers as hosting
from serai.expo.participants.buyers.domain import registration
from serai.expo.participants.buyers.domain.hosted_buyers import HostedFilter, counted, hosted_buyers, narrowed
from serai.expo.participants.buyers.domain.registration import (
    FIELDS,
    MOST_INTERESTS,
    VisitRefusedError,
    coming,
    plan_visit,
    visit_of,
)
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.questions.domain.answers import answers_of_all


class VetForm(forms.Form):
    """What the organiser decides about a buyer."""

    to = forms.ChoiceField(
        choices=[*Participation.State.choices, ("ask", "")],
    )
    words = forms.CharField(label=_("Reason, or what you want to know"), required=False, max_length=1000)


class TermsForm(forms.Form):
    """A new version of the terms for hosted buyers."""

    text = LocalizedTextFormField(label=_("Terms"), long=True, max_length=20_000)
    suggested = forms.IntegerField(label=_("Meetings suggested"), min_value=0, max_value=200)
    maximum = forms.IntegerField(label=_("Meetings at most"), min_value=1, max_value=200)


class VisitForm(forms.Form):
    """What a buyer or a delegation comes for, and when."""

    budget = forms.DecimalField(label=_("Budget"), required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Its code, such as EUR, USD or CNY.")
    )
    interests = forms.CharField(
        label=_("Interests"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What it wants to see, one a line."),
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput({"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, visit: Visit, data: Any = None) -> None:
        kept = {name: getattr(visit, name) for name in FIELDS} | {"interests": "\n".join(visit.interests)}
        super().__init__(data, initial=kept)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not is_currency(code):
            raise forms.ValidationError(_("No currency has this code. Write one such as EUR, USD or CNY."))
        return code

    def clean_interests(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["interests"].splitlines())
        return [line for line in lines if line][:MOST_INTERESTS]


@organiser_required("GET", "POST")
def buyers(request: OrganiserRequest) -> HttpResponse:
    """Buyers who wait, each with what it said of itself; a POST decides on one or asks it for more."""
    queue = registration.queue(request.edition)
    if request.method == "POST":
        form = VetForm(request.POST)
        vetting = queue.filter(pk=number_of(request.POST.get("vetting")) or 0).first()
        if vetting is None or not form.is_valid():
            raise Http404(gettext("There is no such registration."))
        to, words = form.cleaned_data["to"], form.cleaned_data["words"]
        with told_to(request, registration.RegistrationRefusedError):
            if to == "ask":
                registration.ask_more(vetting, words, by=request.user)
            else:
                reason = {get_language() or "en": words} if words else {}
                registration.vet(vetting, Participation.State(to), reason, by=request.user)
            messages.success(request, gettext("Saved."))
        return redirect("buyers", request.edition.slug)
    waiting = list(queue)
    own = answers_of_all([vetting.participation for vetting in waiting])
    listed = [(vetting, own[vetting.participation_id]) for vetting in waiting]
    return render(request, "participants/buyers/vetting.html", {"listed": listed})


@organiser_required("GET", "POST")
def terms(request: OrganiserRequest) -> HttpResponse:
    """The terms for hosted buyers; a POST publishes a new version."""
    last = hosting.current_terms(request.edition)
    initial = (
        {"text": last.text, "suggested": last.meetings_suggested, "maximum": last.meetings_maximum}
        if last
        else {"suggested": 6, "maximum": 24}
    )
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with told_in(form, hosting.TermsRefusedError):
            made = hosting.publish_terms(
                request.edition, given["text"], suggested=given["suggested"], maximum=given["maximum"], by=request.user
            )
            messages.success(request, gettext("Version %d is published.") % made.version)
            return redirect("hosted-terms", request.edition.slug)
    return render(
        request,
        "participants/buyers/terms.html",
        {"form": form, "last": last, "accepted": last.accepted.count() if last else 0},
    )


@organiser_required("GET")
def hosted(request: OrganiserRequest) -> HttpResponse:
    """The hosted buyers: which terms each accepted and when, and how its meetings went."""
    wanted = filters.read(HostedFilter, request.GET)
    everyone = hosted_buyers(request.edition)
    return render(
        request,
        "participants/buyers/hosted.html",
        {
            "page": paged(request, narrowed(everyone, wanted)),
            "form": FilterForm(wanted, always=("q", "standing")),
            "counts": counted(everyone),
            "last": hosting.current_terms(request.edition),
        },
    )


@organiser_required("GET", "POST")
def visit(request: OrganiserRequest, number: int) -> HttpResponse:
    """Budget, interests and days of a buyer or a delegation."""
    participation = row_of(coming(request.edition), number, gettext("There is no such buyer."))
    form = VisitForm(visit_of(participation), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, VisitRefusedError):
            plan_visit(participation, form.cleaned_data, user=request.user)
            messages.success(request, gettext("It is saved."))
            return redirect("participant", request.edition.slug, participation.pk)
    page = {"participation": participation, "form": form}
    return render(request, "participants/buyers/visit.html", page, status=400 if form.errors else 200)


urlpatterns = [
    path("organiser/buyers/", buyers, name="buyers"),
    path("organiser/buyers/terms/", terms, name="hosted-terms"),
    path("organiser/participants/<int:number>/visit/", visit, name="participant-visit"),
    path("organiser/buyers/hosted/", hosted, name="hosted-buyers"),
]
