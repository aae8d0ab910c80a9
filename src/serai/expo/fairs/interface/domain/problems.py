"""Faults of calls, answered as problems (RFC 9457) with a sentence."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from serai.expo.base.databases.domain.patience import is_outage
from serai.expo.base.plain_answers import unavailable
from serai.expo.fairs.edition.domain.phases import PhaseClosedError

log = logging.getLogger("django.request")

NOT_AS_DESCRIBED = gettext_lazy("This call is not as described; see 'errors'. Nothing was changed.")


class ProblemError(Exception):
    """A refusal with its HTTP status and its sentence."""

    def __init__(
        self, status: int, detail: str | Promise, *, headers: Mapping[str, object] | None = None, **more: Any
    ) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = str(detail)
        self.more = more
        self.headers = {name: str(value) for name, value in (headers or {}).items()}


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """The answer with a problem."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail} | more
    answer = JsonResponse(content, status=status, content_type="application/problem+json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _of_call(fault: ValidationError) -> HttpResponse:
    errors = [{"at": "/".join(map(str, error["loc"])), "fault": error["msg"]} for error in fault.errors]
    return problem(422, str(NOT_AS_DESCRIBED), errors=errors)


def _refused(refusal: ProblemError) -> HttpResponse:
    answer = problem(refusal.status, refusal.detail, **refusal.more)
    for name, value in refusal.headers.items():
        answer[name] = value
    return answer


def _other(fault: HttpError) -> HttpResponse:
    if fault.status_code == HTTPStatus.BAD_REQUEST:
        return problem(400, _("The body of this call is not readable as JSON. Nothing was changed."))
    return problem(fault.status_code, str(fault))


TOLD: dict[type[Exception], Callable[[Any], HttpResponse]] = {
    ProblemError: _refused,
    ValidationError: _of_call,
    AuthenticationError: lambda _fault: problem(401, _("Send the key as 'Authorization: Bearer serai_...'.")),
    HttpError: _other,
    RequestDataTooBig: lambda _fault: problem(
        413, _("This call is too large. Send a file as multipart/form-data. Nothing was changed.")
    ),
    Http404: lambda fault: problem(404, str(fault) or _("There is nothing at this address.")),
    PermissionDenied: lambda fault: problem(403, str(fault) or _("This is not yours to see.")),
    PhaseClosedError: lambda fault: problem(409, str(fault)),
}
"""Kind of a fault -> its answer. A room adds a fault of its own in its ``api``."""


def tell_problems(api: NinjaAPI) -> None:
    """Let ``api`` answer every fault with a problem. A fault of the server is logged and answered without details."""

    def teller(tell: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
        return lambda _request, fault: tell(fault)

    for kind, tell in TOLD.items():
        api.add_exception_handler(kind, teller(tell))

    @api.exception_handler(Exception)
    def ours(request: HttpRequest, fault: Exception) -> HttpResponse:
        if is_outage(fault):
            return unavailable(request)
        log.error("A call failed: %s", request.resolver_match and request.resolver_match.view_name, exc_info=fault)
        return problem(500, _("Something went wrong on our side. It has been logged; nothing was changed."))
