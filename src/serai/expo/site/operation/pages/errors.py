"""The answer to a request that failed."""

import logging
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults

from serai.expo.base.outages import is_outage
from serai.expo.base.plain_answers import unavailable
from serai.expo.fairs.interface.domain.problems import problem

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
