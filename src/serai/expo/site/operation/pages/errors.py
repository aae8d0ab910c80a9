"""The answer to a request that failed."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from serai.expo.base.outages import is_outage
from serai.expo.base.plain_answers import unavailable

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
