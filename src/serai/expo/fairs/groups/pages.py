"""The organiser's page of country groups and their members."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import countries_by_name
from serai.expo.base.submission import told_in
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.groups import domain
from serai.expo.fairs.groups.domain import choosable
from serai.expo.fairs.groups.models import GroupMembership
from serai.world.classifications.countries import countries
from serai.world.classifications.country_groups import groups

STATUSES = [
    ("member", _("member")),
    ("party", _("party to the agreement")),
    ("signatory", _("has signed")),
    ("observer", _("observer")),
    (GroupMembership.NONE, _("no membership")),
]


class ChoiceForm(forms.Form):
    """The groups for which the fair shows shares."""

    shown = forms.MultipleChoiceField(
        label=_("Groups whose share is shown"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["shown"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choosable()


class CorrectionForm(forms.Form):
    """A membership of a country in a group, with its dates and its source."""

    group = forms.ChoiceField(label=_("Group"))
    country = forms.ChoiceField(label=_("Country or region"))
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES)
    since = forms.CharField(
        label=_("From"), required=False, max_length=10, help_text=_("As 2026, 2026-11 or 2026-11-24.")
    )
    until = forms.CharField(label=_("Last day"), required=False, max_length=10)
    source = forms.CharField(label=_("Source"), max_length=300)
    verified = forms.BooleanField(label=_("Two independent sources agree"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        lists = {
            "group": [(group.key, str(in_language(group.titles))) for group in groups()],
            "country": countries_by_name(countries()),
        }
        for key, choices in lists.items():
            field = self.fields[key]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


@organiser_required("GET", "POST")
def country_groups(request: OrganiserRequest) -> HttpResponse:
    may = domain.may_correct(request.user)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid():
            with told_in(form, domain.GroupError):
                domain.correct(**form.cleaned_data, user=request.user, edition=request.edition)
                messages.success(request, gettext("The correction counts from now on in every figure."))
                return redirect("country-groups", request.edition.slug)
    rows = domain.rows()
    on = request.edition.starts_on
    within = domain.members_of_all(on)
    titles = {group.key: str(in_language(group.titles)) for group in groups()}
    words = dict(STATUSES)
    shown = []
    for group in groups():
        here = sorted((row for row in rows if row.group == group.key and row.covers(on)), key=lambda row: row.country)
        doubtful = sum(not row.verified for row in here)
        shown.append((titles[group.key], len(within[group.key]), doubtful, [(row, words[row.status]) for row in here]))
    corrections = [
        (row, titles.get(row.group, row.group), words.get(row.status, row.status))
        for row in GroupMembership.objects.select_related("said_by")
    ]
    return render(
        request,
        "fairs/groups/groups.html",
        {
            "groups": shown,
            "on": on,
            "corrections": corrections,
            "form": form,
            "may_correct": may,
            "choice": ChoiceForm(initial={"shown": request.edition.country_groups}),
        },
    )


@organiser_required("POST")
def choose(request: OrganiserRequest) -> HttpResponse:
    """Choose the groups for which the fair shows shares."""
    form = ChoiceForm(request.POST)
    if form.is_valid():
        domain.choose(request.edition, form.cleaned_data["shown"], user=request.user)
        messages.success(request, gettext("The report, the figures and the list of exhibitors show these groups."))
    else:
        messages.error(request, gettext("Choose among the groups that are listed."))
    return redirect("country-groups", request.edition.slug)


@organiser_required("POST")
def take_back_correction(request: OrganiserRequest, number: int) -> HttpResponse:
    if not domain.may_correct(request.user):
        raise PermissionDenied
    domain.take_back(get_object_or_404(GroupMembership, pk=number), user=request.user, edition=request.edition)
    messages.success(request, gettext("The correction is taken back."))
    return redirect("country-groups", request.edition.slug)


urlpatterns = [
    path("organiser/country-groups/shown/", choose, name="choose-groups"),
    path("organiser/country-groups/", country_groups, name="country-groups"),
    path("organiser/country-groups/<int:number>/", take_back_correction, name="take-back-correction"),
]
