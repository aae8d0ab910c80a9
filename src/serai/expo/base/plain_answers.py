"""Answers that need neither the database nor a template: while the site is busy, and to requests that are refused."""

import json
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

AGAIN_SECONDS = 5
"""After how many seconds a visitor who met a 503 may try again."""
SENTENCES: dict[HTTPStatus, str | Promise] = {
    HTTPStatus.OK: "alive",
    HTTPStatus.REQUEST_TIMEOUT: _("What you sent took too long to arrive. Please send it again."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("What you sent is too large. Make it smaller and send it again."),
    HTTPStatus.SERVICE_UNAVAILABLE: _("The site cannot answer just now. Please try again in a moment."),
}


def plain_answer(status: HTTPStatus, path: str) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body: a problem (RFC 9457) for the interface, else a page with the sentence in each language."""
    headers = [("Cache-Control", "no-store")]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(AGAIN_SECONDS)))
    if path.startswith("/api/"):
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": _said(status, "en")}
        return [*headers, ("Content-Type", "application/problem+json")], json.dumps(problem).encode()
    sentences = format_html_join(
        "\n",
        '<p lang="{}" dir="{}">{}</p>',
        (
            (code, "rtl" if translation.get_language_info(code)["bidi"] else "ltr", _said(status, code))
            for code, _name in settings.LANGUAGES
        ),
    )
    page = format_html(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Serai</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n<body>\n{}\n</body></html>\n',
        sentences,
    )
    return [*headers, ("Content-Type", "text/html; charset=utf-8")], page.encode()


def _said(status: HTTPStatus, language: str) -> str:
    with translation.override(language):
        return str(SENTENCES[status])


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer 503 to a request of Django."""
    headers, body = plain_answer(HTTPStatus.SERVICE_UNAVAILABLE, request.path)
    return HttpResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=dict(headers))
