"""What an answer tells the worker: who reads, and whether the page may be kept on the device."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from serai.expo.site.offline.domain.offline_pages import FETCHED, FETCHED_FROM, KEPT, NOBODY, whose

READER, KEEP, KEEPING = "X-Serai-Reader", "X-Serai-Keep", "X-Serai-Keeping"


@dataclass(frozen=True)
class Keeping:
    """What a page says of itself for the time without a connection."""

    read_at: datetime
    addresses: str
    """Pages to fetch for keeping, separated by spaces."""


def reader_of(request: Any) -> str:
    """The pseudonym of who reads for themselves; that of nobody where an organiser or staff reads as somebody."""
    user = getattr(request, "user", None)
    reads_as_another = getattr(request, "impersonation", None) or getattr(request, "staff_session", None)
    return NOBODY if user is None or not user.is_authenticated or reads_as_another else whose(user.pk)


def keeping_of(request: Any) -> Keeping | None:
    """What the page says; None where it is neither kept nor fetches what is."""
    name, edition = getattr(request.resolver_match, "url_name", None), getattr(request, "edition", None)
    if edition is None or name not in KEPT | FETCHED_FROM or reader_of(request) == NOBODY:
        return None
    fetched = FETCHED if name in FETCHED_FROM else ()
    return Keeping(timezone.now(), " ".join(reverse(page, args=[edition.slug]) for page in fetched))


class KeepingMiddleware:
    """Names the reader of each page, by a pseudonym, and marks the pages that the worker keeps.

    What is fetched for keeping is seen by nobody yet: what a page tells once is told on the next that is opened.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code >= 500 or not answer.get("Content-Type", "").startswith("text/html"):
            return answer
        answer[READER] = reader_of(request)
        name = getattr(request.resolver_match, "url_name", None)
        if answer.status_code == 200 and name in KEPT and answer[READER] != NOBODY:
            answer[KEEP] = "1"
        if KEEPING in request.headers:
            told: Any = get_messages(request)
            told.used = False
        return answer


class WithoutCookies:
    """What is fetched for keeping sets no cookie.

    It may come after its reader signed out and somebody else opened a form or signed in, whose cookies would be lost.
    Stands around whatever sets cookies, and around `KeptPages`, for which a page with a cookie is not one for all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if KEEPING in request.headers:
            answer.cookies.clear()
        return answer
