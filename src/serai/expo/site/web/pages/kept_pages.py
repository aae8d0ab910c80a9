"""Public pages are kept, compressed, for visitors without cookies: who is signed in, or has just sent a form, has one.

A page is kept by its full address, the language in it, and by the revisions of the tables that were read for it, until
the minute is over (base/revisions.py). Whatever depends on more of the request is not kept: a page that sets a cookie,
as every form does, or that varies with another header.
"""

import gzip
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string
from django.utils.translation import get_language_from_path

from serai.expo.base.revisions import Store, minute, reading, revisions
from serai.expo.site.web.pages.middleware import TEXTS

MOST_BYTES = 16_000_000
"""Of compressed pages in a process: some thousand."""

LONGEST = 2_000_000
"""Bytes of a page that is kept, before compression."""

LONGEST_ADDRESS = 2_000
"""Characters, since addresses take memory too."""

TOLD = {"edition", "resolver_match"}
"""Attributes of a request that the log reads."""

SAME_FOR_ALL = {"cookie", "accept-encoding"}
"""Headers by which a page may vary: whoever is answered here has no cookie."""


@dataclass(frozen=True)
class Page:
    """A page, compressed, with the headers of its answer, and what the log tells of it: its address and edition."""

    compressed: bytes
    headers: dict[str, str]
    told: dict[str, Any]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Compressed as it is kept, for whoever can read that."""
        vars(request).update(self.told)
        is_small = re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None
        content = self.compressed if is_small else gzip.decompress(self.compressed)
        encoding = {"Content-Encoding": "gzip"} if is_small else {}
        return HttpResponse(content, headers=self.headers | {"Content-Length": str(len(content))} | encoding)


_pages: Store[Page] = Store(MOST_BYTES, lambda page: len(page.compressed))


class KeptPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_asked_by_anyone(request):
            return self.get_response(request)
        key, before = key_of(request), revisions()
        if (kept := _pages.get(key, before)) is not None:
            return kept.value.answer(request)
        with reading() as read:
            response = self.get_response(request)
        if not (read.repeatable and isinstance(response, HttpResponse) and is_for_all(response)):
            return response
        page = page_of(request, response)
        _pages.keep(key, page, read.tables, before)
        return page.answer(request)


def is_asked_by_anyone(request: HttpRequest) -> bool:
    """Whether nothing in the request says who asks. Inside a transaction nothing is kept (``by_revision``)."""
    told = request.META.get("HTTP_COOKIE") or request.META.get("HTTP_AUTHORIZATION")
    address = request.get_full_path()
    in_language = get_language_from_path(request.path_info) is not None and len(address) <= LONGEST_ADDRESS
    return request.method == "GET" and in_language and not told and not connection.in_atomic_block


def key_of(request: HttpRequest) -> Hashable:
    """The whole address, since pages name it, and the minute. Raises DisallowedHost."""
    return request.scheme, request.get_host(), request.get_full_path(), minute()


def is_for_all(response: HttpResponse) -> bool:
    """Whether anyone who asks for this page without a cookie is to have the same answer."""
    varies = {name.strip().lower() for name in response.get("Vary", "Cookie").split(",")}
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Cache-Control")
        and TEXTS.match(response.get("Content-Type", "")) is not None
        and varies <= SAME_FOR_ALL
        and len(response.content) <= LONGEST
    )


def page_of(request: HttpRequest, response: HttpResponse) -> Page:
    """What is kept of an answer. A browser that has it asks each time whether it is still true."""
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = "no-cache"
    response["ETag"] = f'W/"{sha256(response.content).hexdigest()[:32]}"'
    told = {name: value for name, value in vars(request).items() if name in TOLD}
    return Page(compress_string(response.content), dict(response.items()), told)
