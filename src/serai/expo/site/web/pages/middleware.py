"""Removes NUL from the query of a page: no text has one, and PostgreSQL refuses it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict


class WithoutNulMiddleware:
    """Removes NUL from ``request.GET`` of pages.

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
