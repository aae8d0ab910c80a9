"""Who acts for whom in a request, and what staff does in an open session."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.requests import acting_with, request_id
from serai.expo.people.acting.domain.impersonation import current_staff_session, open_impersonation
from serai.expo.people.acting.models import StaffRequest

ACTING, STAFF = "impersonation", "staff_session"
CLOSED = ("/account/", "/password/", "/sign-in/", "/sign-up/", "/staff/", "/api/", "/oidc/")


class ActingMiddleware:
    """An organiser who acts for a person is that person for the pages, but for none about the person's account.

    A superuser has the rights of one in an open staff session only, in which every request is written down.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ACTING in request.session and request.user.is_authenticated:
            return self._as_somebody_else(request)
        if STAFF in request.session and request.user.is_authenticated:
            return self._as_staff(request)
        return self.get_response(request)

    def _as_somebody_else(self, request: Any) -> HttpResponse:
        acting = open_impersonation(request.session[ACTING], request.user)
        if acting is None:
            del request.session[ACTING]
            return self.get_response(request)
        request.impersonation = acting
        with acting_with(impersonator=request.user.pk):
            request.user = acting.person
            return self.get_response(request)

    def _as_staff(self, request: Any) -> HttpResponse:
        opened = current_staff_session(request.session[STAFF], request.user)
        if opened is None:
            del request.session[STAFF]
            return self.get_response(request)
        request.user.staff_session = request.staff_session = opened
        with acting_with(staff_session=opened.pk):
            response = self.get_response(request)
        StaffRequest.objects.create(
            session=opened,
            method=str(request.method)[:8],
            path=request.get_full_path()[:500],
            status=response.status_code,
            request_id=request_id(),
        )
        return response

    def process_view(
        self, request: Any, _view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Refuse the pages of the account, and those of another fair, to who acts for somebody."""
        acting = getattr(request, "impersonation", None)
        if acting is None:
            return
        path = request.path_info
        if any(closed in path for closed in CLOSED) and "edition" not in kwargs:
            raise PermissionDenied(_("While you act for somebody, the pages of the account are closed to you."))
        if kwargs.get("edition", acting.edition.slug) != acting.edition.slug:
            raise PermissionDenied(_("You act for somebody at another fair. End that first."))
