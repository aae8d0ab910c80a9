"""The organiser's own fields on its desk: their definitions, and what a participant has in them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required, renames
from serai.expo.participants.own_fields import domain
from serai.expo.participants.own_fields.domain import LONGEST, Shown
from serai.expo.participants.own_fields.models import OwnField


class OwnFieldForm(forms.ModelForm[OwnField]):
    """Its title in each language, what it holds, and who reads it."""

    class Meta:
        model = OwnField
        fields = ("title", "kind", "audience", "listed")


class OwnValuesForm(forms.Form):
    """An input for each own field of the fair, by its key."""

    def __init__(self, values: Iterable[Shown], data: Any = None) -> None:
        super().__init__(data)
        for shown in values:
            self.fields[shown.field.key] = forms.CharField(
                label=shown.title,
                required=False,
                max_length=LONGEST,
                initial="" if shown.value is None else str(shown.value),
            )


@organiser_required("GET", "POST")
@renames({OwnField: lambda field, user: domain.keep_field(field, by=user)})
def own_fields(request: OrganiserRequest) -> HttpResponse:
    """All own fields of the fair."""
    return render(request, "participants/own_fields/own_fields.html", {"fields": domain.fields_of(request.edition)})


@organiser_required("GET", "POST")
def own_field(request: OrganiserRequest, pk: int) -> HttpResponse:
    """One own field: its title, what it holds and who reads it; or it is deleted with all its values."""
    row = get_object_or_404(OwnField.objects.select_related("edition"), pk=pk, edition=request.edition)
    if request.method == "POST" and "remove" in request.POST:
        count = domain.remove_field(row, by=request.user)
        sentence = ngettext(
            "The field is deleted, with what %d participant had in it.",
            "The field is deleted, with what %d participants had in it.",
            count,
        )
        messages.success(request, sentence % count)
        return redirect("own-fields", request.edition.slug)
    form = OwnFieldForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        domain.keep_field(form.instance, by=request.user)
        messages.success(request, _("It is saved."))
        return redirect("own-fields", request.edition.slug)
    context = {"form": form, "title": domain.title_of(row)}
    return render(request, "participants/own_fields/own_field.html", context, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def own_values(request: OrganiserRequest, number: int) -> HttpResponse:
    """What a participant has in the own fields, to change."""
    rows = Participation.objects.filter(edition=request.edition).select_related("firm", "edition")
    participation = get_object_or_404(rows, pk=number)
    form = OwnValuesForm(domain.all_of(participation), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.keep_values(participation, form.cleaned_data, by=request.user)
        except domain.OwnValueRefusedError as refusal:
            form.add_error(refusal.field.key, str(refusal))
        else:
            messages.success(request, _("It is saved."))
            return redirect("participant", request.edition.slug, participation.pk)
    context = {"form": form, "participation": participation}
    return render(request, "participants/own_fields/own_values.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("organiser/own-fields/", own_fields, name="own-fields"),
    path("organiser/own-fields/<int:pk>/", own_field, name="own-field"),
    path("organiser/participants/<int:number>/own-fields/", own_values, name="own-values"),
]
