"""What is asked for in the address of a page holds no NUL: no text has one, and PostgreSQL takes none."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict


class WithoutNulMiddleware:
    """Pages read ``request.GET`` as if no NUL had been asked for.

    What is sent goes through forms and schemas, which refuse it in a sentence, as calls of the interface do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            asked: Any = request
            asked.GET = without_nul(request.GET)
        return self.get_response(request)


def without_nul(sent: QueryDict) -> QueryDict:
    """The same, or a copy without them where there are any."""
    if not any("\0" in value for _name, values in sent.lists() for value in values):
        return sent
    kept = sent.copy()
    for name, values in sent.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    kept._mutable = False
    return kept
