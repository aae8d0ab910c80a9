"""Guards of views: the edition of an address and who may enter; and titles that are changed within a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, overload

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import refusal, rights_in
from serai.expo.fairs.edition.rules.roles import DESK, areas_of, only_changes
from serai.expo.people.account.models import User


class EditionRequest(HttpRequest):
    """A request for a page of an edition, as the edition middleware makes it. For types only."""

    edition: Edition


class UserRequest(EditionRequest):
    """A request for a page of an edition by someone who is signed in. For types only."""

    user: User


class OrganiserRequest(UserRequest):
    """A request for a page of an edition by one of its organisers. For types only."""

    area: str  # of the organiser's work to which the page belongs
    renaming: "Renaming"  # what of a list is being renamed, where something is


class Guard[Asked: UserRequest]:
    """Who may open a page, and by which methods; by any where none is named.

        @organiser_required("GET", "POST")
        def halls(request: OrganiserRequest) -> HttpResponse: ...

    Who is not signed in is sent to the sign-in page. For everyone else ``admit`` completes the request, takes what it
    needs of the address, and raises PermissionDenied or Http404.
    """

    def __init__(self, admit: Callable[[Any, dict[str, Any]], None], *methods: str) -> None:
        self.admit, self.methods = admit, methods

    @overload
    def __call__(self, *methods: str) -> "Guard[Asked]": ...
    @overload
    def __call__[**Rest](
        self, view: Callable[Concatenate[Asked, Rest], HttpResponseBase], /
    ) -> Callable[Concatenate[Any, Rest], HttpResponseBase]: ...
    def __call__(self, *given: Any) -> Any:
        if not callable(given[0]):
            return Guard[Asked](self.admit, *given)
        view = require_http_methods(list(self.methods))(given[0]) if self.methods else given[0]

        @wraps(view)
        def guarded(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            self.admit(request, kwargs)
            answer: HttpResponseBase = view(request, *args, **kwargs)
            return answer

        return guarded


user_required = Guard[UserRequest](lambda _request, _address: None)
"""Lets in who is signed in."""


LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


def _admit_organiser(request: Any, _address: dict[str, Any]) -> None:
    page = request.resolver_match
    areas = areas_of(page.func.__module__, page.url_name or "")
    change = request.method not in LOOKING or only_changes(page.url_name or "")
    rights = rights_in(request.user, request.edition)
    if served := [area for area in areas if rights.may(area, change=change)]:
        request.area = next((area for area in served if rights.may(area, change=True)), served[0])
        return
    if rights.may(DESK):
        raise PermissionDenied(refusal(request.user, request.edition, areas[0], change=change))
    raise PermissionDenied


organiser_required = Guard[OrganiserRequest](_admit_organiser)
"""Lets in the organisers of ``request.edition`` whose role reads the area of the page (``rules/roles.py``); to whatever
is sent, those whose role changes it."""


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
