"""The manifest of a fair, its icons and its worker, and what an answer tells the worker: who reads, and whether
the page may be kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.site.offline import domain
from serai.expo.site.offline.domain import FETCHED, FETCHED_FROM, KEPT, NOBODY, whose

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


@require_safe
def manifest(request: EditionRequest) -> HttpResponse:
    """What a browser asks for that puts the fair on a home screen."""
    return JsonResponse(domain.manifest(request.edition), content_type="application/manifest+json")


@require_safe
@cache_control(public=True, max_age=86_400)
def icon(request: EditionRequest, size: int) -> HttpResponse:
    """The mark on the fair's colour as PNG."""
    if size not in domain.SIZES:
        raise Http404(_("There is no such page."))
    return HttpResponse(domain.icon(domain.night_of(request.edition), size), content_type="image/png")


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; browsers ask for it at each visit."""
    path = finders.find("serai/offline-worker.js")
    if not isinstance(path, str):
        raise Http404(_("There is no such file."))
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


urlpatterns = [
    path("manifest.webmanifest", manifest, name="web-manifest"),
    path("icons/<int:size>.png", icon, name="app-icon"),
]

outside_of_languages = [path("offline-worker.js", worker, name="offline-worker")]
