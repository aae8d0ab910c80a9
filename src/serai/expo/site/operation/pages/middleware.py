"""What the operator sees of each request, and asks for: the log, the state of health."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from serai.expo.site.operation.domain.requests import note_request
from serai.expo.site.operation.pages import views

ADDRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/ready": views.ready,
    "/metrics": views.metrics,
}
"""Answered before all else, since who asks for them knows neither the host's name nor HTTPS."""


class OperationMiddleware:
    """Answers the addresses of the operator, and writes a line of the log for every other request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (view := ADDRESSES.get(request.path)) is not None:
            return view(request)
        began = time.perf_counter()
        response = self.get_response(request)
        note_request(
            method=request.method,
            page=page_of(request),
            edition=getattr(getattr(request, "edition", None), "slug", None),
            actor=actor_of(request),
            status=response.status_code,
            seconds=time.perf_counter() - began,
        )
        return response


def page_of(request: HttpRequest) -> str | None:
    """The name of the address, which holds nothing of a person, or None where there is none."""
    return match.view_name if (match := request.resolver_match) else None


def actor_of(request: Any) -> str:
    """The kind of who asks: ``key``, ``staff``, ``acting`` (for somebody else), ``person`` or ``visitor``."""
    if getattr(getattr(request, "auth", None), "key", None):
        return "key"
    if getattr(request, "staff_session", None):
        return "staff"
    if getattr(request, "impersonation", None):
        return "acting"
    user = getattr(request, "_cached_user", None)  # not request.user, which asks the database where no page has
    return "person" if user is not None and user.is_authenticated else "visitor"
