"""The guards of pages, and that of the organiser's."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, overload

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import refusal, rights_in
from serai.expo.fairs.edition.rules.roles import DESK, areas_of, only_changes
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from serai.expo.fairs.edition.pages.renames import Renaming


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
