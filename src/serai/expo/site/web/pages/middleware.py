"""What is done to every request and answer: texts are compressed, the token of forms is sent once, NUL is removed from
the query of a page, and what was done in a dialog leads out of it."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TEXTS = re.compile(r"text/|application/(?:[\w.]+\+)?(?:json|xml|javascript)|image/svg\+xml")
"""Media types that get smaller; pictures, archives and workbooks are compressed already."""


class CompressedText(GZipMiddleware):
    """Compresses texts. Secrets in a page can't be guessed by its length: Django adds some bytes by chance (BREACH)."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        is_text = TEXTS.match(response.headers.get("Content-Type", ""))
        return super().process_response(request, response) if is_text else response


class KnownToken:
    """Has Django's `CsrfViewMiddleware`, around it, not send the token of forms again to a browser that has it.

    Django sends it with every form. From an answer that comes late the browser would take the old token, while the
    forms that are open have the one that signing in has made meanwhile: they would be refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_known = request.META.get("CSRF_COOKIE") == request.COOKIES.get(settings.CSRF_COOKIE_NAME)
        if is_known and request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", False):
            patch_vary_headers(answer, ["Cookie"])
        return answer


class WithoutNulMiddleware:
    """Removes NUL from ``request.GET`` of pages: no text has one, and PostgreSQL refuses it.

    Forms and the API refuse it in what is sent, with a sentence.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            asked: Any = request
            asked.GET = without_nul(request.GET)
        return self.get_response(request)


def without_nul(sent: QueryDict) -> QueryDict:
    """The query, or a copy without NUL if it has any."""
    if not any("\0" in value for _name, values in sent.lists() for value in values):
        return sent
    kept = sent.copy()
    for name, values in sent.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    kept._mutable = False
    return kept


class DialogAnswers:
    """A page that opened over another and sends its reader on: the browser goes there, instead of showing it inside.

    Else what is told on the page that follows would be shown to nobody, since the script alone would have read it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.headers.get("HX-Target") == "dialog-page" and answer.has_header("Location"):
            answer.status_code, answer["HX-Redirect"] = 204, answer["Location"]
            del answer["Location"]
        return answer
