"""What is asked for and what is sent hold no NUL: no text has one, and PostgreSQL keeps none."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict


class WithoutNulMiddleware:
    """Views read ``request.GET`` and ``request.POST`` as if no NUL had been sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        # Not before: what is posted has by now been found to come from a page of this site.
        asked: Any = request
        asked.GET, asked.POST = without_nul(request.GET), without_nul(request.POST)


def without_nul(sent: QueryDict) -> QueryDict:
    """The same, or a copy without them where there are any."""
    if not any("\0" in value for _name, values in sent.lists() for value in values):
        return sent
    kept = sent.copy()
    for name, values in sent.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    kept._mutable = False
    return kept
