"""The organiser's list of delegations and of their members."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.models import Delegation, DelegationMember


class DelegationForm(forms.Form):
    """A delegation."""

    name = forms.CharField(label=_("Name of the delegation"), max_length=200)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)


class MemberForm(forms.Form):
    """A member of a delegation, and when it comes."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=200)
    part = forms.ChoiceField(
        label=_("Part"), choices=DelegationMember.Part.choices, initial=DelegationMember.Part.DELEGATE
    )
    firm = forms.CharField(
        label=_("Firm"), required=False, max_length=32, help_text=_("Its identifier, where it takes part.")
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput({"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput({"type": "date"}))
    letter = forms.ChoiceField(label=_("Letter for the visa"), choices=DelegationMember.Letter.choices)


def member_of(request: UserRequest, among: QuerySet[DelegationMember]) -> DelegationMember:
    """The member that a form names, one of these. Raises Http404."""
    member = among.filter(pk=number_of(request.POST.get("member")) or 0).first()
    if member is None:
        raise Http404(gettext("There is no such member."))
    return member


@organiser_required("GET", "POST")
def delegations(request: OrganiserRequest) -> HttpResponse:
    """All delegations with who comes when and which letters are wanted; a POST says that a letter was sent."""
    members = DelegationMember.objects.filter(edition=request.edition)
    if request.method == "POST":
        if "found" in request.POST:
            return _found(request)
        if "forget" in request.POST:
            count = delegating.forget_journeys(request.edition)
            messages.success(request, gettext("The journeys of %d members are deleted.") % count)
        else:
            delegating.letter_sent(member_of(request, members), by=request.user)
            messages.success(request, gettext("Saved."))
        return redirect("delegations", request.edition.slug)
    shown = members.select_related("delegation__leader", "participation__firm").order_by("delegation__name", "pk")
    page = {
        "members": shown,
        "delegations": Delegation.objects.filter(edition=request.edition).select_related("leader"),
        "form": DelegationForm(),
    }
    return render(request, "participants/delegations/delegations.html", page)


def _found(request: OrganiserRequest) -> HttpResponse:
    """A delegation that the organiser enters; then the page of its members."""
    form = DelegationForm(request.POST)
    if form.is_valid():
        with told_to(request, delegating.DelegationRefusedError):
            made = delegating.found_for(request.edition, **form.cleaned_data, by=request.user)
            return redirect("delegation-members", request.edition.slug, made.pk)
    return redirect("delegations", request.edition.slug)


@organiser_required("GET", "POST")
def members(request: OrganiserRequest, number: int) -> HttpResponse:
    """The members of a delegation; a POST adds one or takes one out."""
    delegation = get_object_or_404(Delegation.objects.select_related("edition", "leader"), pk=number)
    rows = DelegationMember.objects.filter(delegation=delegation).select_related("participation__firm")
    here = redirect("delegation-members", request.edition.slug, delegation.pk)
    if "member" in request.POST:
        delegating.remove_member(member_of(request, rows), by=request.user)
        messages.success(request, gettext("The member is taken out."))
        return here
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, delegating.DelegationRefusedError):
            written = form.cleaned_data
            delegating.add_member(
                delegation,
                by=request.user,
                name=written["name"],
                part=written["part"],
                participation=delegating.participant_of(request.edition, written["firm"]),
                journey=delegating.Journey(written["arrives_on"], written["leaves_on"], written["letter"]),
            )
            messages.success(request, gettext("The member is added."))
            return here
    page = {"delegation": delegation, "members": rows.order_by("pk"), "form": form}
    return render(request, "participants/delegations/members.html", page, status=400 if form.errors else 200)


urlpatterns = [
    path("organiser/delegations/", delegations, name="delegations"),
    path("organiser/delegations/<int:number>/members/", members, name="delegation-members"),
]
