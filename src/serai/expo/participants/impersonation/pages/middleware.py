"""The person for whom an organiser acts in a request."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.requests import acting_with
from serai.expo.participants.impersonation.domain.impersonation import open_impersonation
from serai.expo.participants.impersonation.domain.reach import is_open

ACTING = "impersonation"


class ImpersonationMiddleware:
    """While acting for a person, an organiser sees the pages that ``domain/reach.py`` opens as that person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if ACTING not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        impersonation = open_impersonation(request.session[ACTING], request.user)
        if impersonation is None:
            del request.session[ACTING]
            return self.get_response(request)
        request.impersonation = impersonation
        with acting_with(impersonator=request.user.pk):
            request.user = impersonation.person
            request.user.helping_organisation = impersonation.edition.organisation_id
            return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Refuse pages that are closed meanwhile, and those of another fair. Raises PermissionDenied."""
        impersonation = getattr(request, "impersonation", None)
        if impersonation is None:
            return
        address = request.resolver_match
        if address.namespaces or not is_open(view.__module__, address.url_name or ""):
            raise PermissionDenied(_("While you act for somebody, this page is closed to you."))
        if kwargs.get("edition", impersonation.edition.slug) != impersonation.edition.slug:
            raise PermissionDenied(_("You act for somebody at another fair. End that first."))
