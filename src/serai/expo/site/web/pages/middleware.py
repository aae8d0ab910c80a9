"""What is done to every request and answer: texts are compressed, the token of forms is sent once, NUL is removed
from a query, dialogs lead out of themselves, Chinese marks are set full-width, and files of pages have a hash
in their names.
"""

import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from whitenoise.middleware import WhiteNoiseMiddleware

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


_AS_SENT = re.compile(
    r"(<(?:script|style|textarea|pre|code)\b.*?</(?:script|style|textarea|pre|code)>|<(?:input|option|meta)\b[^>]*>)",
    re.DOTALL,
)
"""What belongs to a program, or to whoever wrote it: a form sends back what it shows."""
_INLINE = r"(?:</?(?:a|b|bdi|em|span|strong|time)\b[^>]*>)*"
_SPACE_AFTER_MARK = re.compile(rf"([：。；，！？])({_INLINE})[ \n]+")
_COLON = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE}): ")
_COMMA = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE}), ")
_FULL_STOP = re.compile(rf"([\u4e00-\u9fff）”》])({_INLINE})\.(?=[ \n<])")
_PER_CENT = re.compile(r"([0-9])[ \u00a0]%")


def with_chinese_marks(page: str) -> str:
    """A page of HTML whose marks are set as Chinese sets them."""
    parts = _AS_SENT.split(page)
    parts[::2] = [_set(part) for part in parts[::2]]
    return "".join(parts)


def _set(part: str) -> str:
    part = _COMMA.sub(r"\1\2，", _COLON.sub(r"\1\2：", part))
    part = _FULL_STOP.sub(r"\1\2。", part)
    return _PER_CENT.sub(r"\1%", _SPACE_AFTER_MARK.sub(r"\1\2", part))


class ChineseMarks:
    """Sets the marks of every page that is answered in Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponse) and _is_page_in_chinese(answer):
            answer.content = with_chinese_marks(answer.text).encode(answer.charset)
        return answer


def _is_page_in_chinese(answer: HttpResponse) -> bool:
    """Not of a file, which may be in another language."""
    in_chinese = (get_language() or "").startswith("zh") and not answer.has_header("Content-Disposition")
    return in_chinese and answer.headers.get("Content-Type", "").startswith("text/html")


class HashedFiles(StaticFilesStorage):
    """Names files by what they hold: ``serai/base.css`` is served as ``serai/base.1f0c9a7b52d3.css``.

    Django's ManifestStaticFilesStorage needs all files collected in a folder first; here they stay in the package.
    No file of the package names another, so none has to be rewritten. While debugging, files change under their own
    names.
    """

    def url(self, name: str | None) -> str:
        return str(super().url(name if settings.DEBUG or not name else hashed(name)))


@cache
def hashed(name: str) -> str:
    """The name with the hash before its ending; a name that no file has stays as it is."""
    path_on_disk = finders.find(name)
    if not isinstance(path_on_disk, str):
        return name
    digest = sha256(Path(path_on_disk).read_bytes()).hexdigest()[:12]
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise says no types
    """Serves each file by its own name for an hour and by its hashed one for a year."""

    FOREVER = 365 * 24 * 3600

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        hashed_url = staticfiles_storage.url(url.removeprefix(self.static_prefix))
        super().add_file_to_dictionary(hashed_url, path, stat_cache=stat_cache)
