"""Titles that an organiser changes where a list shows them; ``{% rename row "list" %}`` stands beside each title."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.pages.guards import OrganiserRequest
from serai.expo.people.account.models import User

LABELS = {
    "title": gettext_lazy("Title"),
    "name": pgettext_lazy("of a thing", "Name"),
    "code": gettext_lazy("Code"),
}
"""The fields by which people know a row, the first that it has, and what the form calls them."""

type Keep = Callable[[Any, User], object]
"""Saves a changed row, as the room of the row does it."""


@dataclass(frozen=True)
class Renaming:
    """The title of a row that is being changed: its mark in the address, and its form."""

    mark: str
    form: forms.ModelForm[Any]


def mark_of(row: Model) -> str:
    """How an address names a row of a list, such as ``hall-12``."""
    return f"{row._meta.model_name}-{row.pk}"


def renames(keep: Mapping[type[Model], Keep], *refusals: type[Exception]) -> Callable[[Any], Any]:
    """A page on which rows of these models are renamed; ``?rename=hall-12`` opens the form of one.

        @organiser_required("GET", "POST")
        @renames({Hall: lambda hall, user: save_hall(hall, user=user)}, HallRefusedError)
        def halls(request: OrganiserRequest) -> HttpResponse: ...

    ``refusals`` are what saving raises; the form shows them. The page itself is drawn by the view as ever.
    """
    models = {model._meta.model_name: model for model in keep}

    def renamed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def page(request: OrganiserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            name, _dash, number = request.GET.get("rename", "").partition("-")
            model = models.get(name)
            if model is None or not number.isdecimal():
                return view(request, *args, **kwargs)
            rows = model._default_manager.filter(edition=request.edition)
            row = row_of(rows, number_of(number) or 0, _("It is not there."))
            form = title_form(row, request.POST if request.method == "POST" else None)
            if form.is_valid():
                with told_in(form, *refusals):
                    keep[model](form.save(commit=False), request.user)
                    messages.success(request, _("Saved."))
                    query = request.GET.copy()
                    del query["rename"]
                    return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
            request.renaming = Renaming(mark_of(row), form)
            request.method = "GET"  # what was sent is not for the rest of the page
            answer = view(request, *args, **kwargs)
            if form.errors:
                answer.status_code = 400
            return answer

        return page

    return renamed


def title_of(row: Model) -> str:
    """The name of the field by which people know a row."""
    fields = {field.name for field in row._meta.concrete_fields}
    return next(name for name in LABELS if name in fields)


def title_form(row: Model, data: Any = None) -> forms.ModelForm[Any]:
    """The form of the title of a row and of nothing else."""
    name = title_of(row)
    form = forms.modelform_factory(type(row), fields=(name,))(data, instance=row)
    form.fields[name].label, form.fields[name].required = LABELS[name], True
    return form
