"""The rights of staff for a request in an open staff session."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from serai.expo.base.audit.domain.requests import acting_with, request_id
from serai.expo.people.staff.domain import current_staff_session
from serai.expo.people.staff.models import StaffRequest

STAFF = "staff_session"


class StaffSessionMiddleware:
    """A superuser has the rights of staff only in an open staff session, which records every request.

    There are none while the superuser acts for somebody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        acts_for_somebody = getattr(request, "impersonation", None) is not None
        if STAFF not in request.session or not request.user.is_authenticated or acts_for_somebody:
            return self.get_response(request)
        session = current_staff_session(request.session[STAFF], request.user)
        if session is None:
            del request.session[STAFF]
            return self.get_response(request)
        request.user.staff_session = request.staff_session = session
        with acting_with(staff_session=session.pk):
            response = self.get_response(request)
        StaffRequest.objects.create(
            session=session,
            method=str(request.method)[:8],
            path=request.get_full_path()[:500],
            status=response.status_code,
            request_id=request_id(),
        )
        return response
