"""The person for whom an organiser acts in a request."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.requests import acting_with
from serai.expo.participants.impersonation.domain.impersonation import open_impersonation

ACTING = "impersonation"
CLOSED = ("/account/", "/password/", "/sign-in/", "/sign-up/", "/staff/", "/api/", "/oidc/")


class ImpersonationMiddleware:
    """While acting for a person, an organiser sees every page as that person, except account pages."""

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
            return self.get_response(request)

    def process_view(
        self, request: Any, _view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Refuse account pages and pages of another fair. Raises PermissionDenied."""
        impersonation = getattr(request, "impersonation", None)
        if impersonation is None:
            return
        path = request.path_info
        if any(closed in path for closed in CLOSED) and "edition" not in kwargs:
            raise PermissionDenied(_("While you act for somebody, the pages of the account are closed to you."))
        if kwargs.get("edition", impersonation.edition.slug) != impersonation.edition.slug:
            raise PermissionDenied(_("You act for somebody at another fair. End that first."))
