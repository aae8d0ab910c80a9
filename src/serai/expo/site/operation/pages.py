"""What the operator sees of each request and asks for: the log, the state of health, and the answer to a request
that failed.

That its process lives, the web server says by itself (``/health/live``).
"""

import hmac
import logging
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults

from serai.expo.base.databases.domain.patience import is_outage
from serai.expo.base.plain_answers import unavailable
from serai.expo.fairs.interface.domain.problems import problem
from serai.expo.site.operation.domain.processes import note_request


def ready(request: HttpRequest) -> HttpResponse:
    """200 if the database answers, else 503: a proxy sends visitors elsewhere meanwhile."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except (DatabaseError, InterfaceError):
        return unavailable(request)
    return _plain("ready\n")


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, for whoever sends the token of SERAI_METRICS; nothing for anybody else."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS or not hmac.compare_digest(sent.encode(), settings.METRICS.encode()):
        return _plain("There is nothing at this address.\n", status=404)
    from prometheus_client import CONTENT_TYPE_LATEST

    from serai.expo.site.operation.domain.metrics import exposition

    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


ADDRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/ready": ready,
    "/metrics": metrics,
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


log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """503 where the session could not be kept as the database is away or full, else that the request is not understood.

    Django takes any failure to write the session for one that was ended meanwhile, which is the visitor's affair.
    """
    cause: BaseException | None = exception
    while cause is not None and not is_outage(cause):
        cause = cause.__context__
    return unavailable(request) if cause else defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, else the page that says that something went wrong on our side."""
    error = sys.exc_info()[1]
    if not is_outage(error):
        return defaults.server_error(request)
    log.warning("The database is away or busy (%s).", type(error).__name__)
    return unavailable(request)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django logs the reason
    """403 to a form whose token is not that of the browser's cookie."""
    sentence = _(
        "The form was opened before you signed in or out elsewhere, or your browser keeps no cookies of this site. "
        "Nothing was changed."
    )
    if not request.accepts("text/html"):
        return problem(403, sentence)
    return render(request, "403_form.html", {"sentence": sentence, "page": page_of_form(request)}, status=403)


def page_of_form(request: HttpRequest) -> str:
    """The address on this site of the page from which the request was sent; empty where the browser does not say."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host(), urlsplit(settings.BASE_URL).netloc}):
        return ""
    parts = urlsplit(page)
    return escape_leading_slashes(f"{parts.path}?{parts.query}" if parts.query else parts.path)
