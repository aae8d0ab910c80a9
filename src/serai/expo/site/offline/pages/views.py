"""The manifest of a fair, its icons, and the worker that opens pages without a connection."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.site.offline.domain import manifest as domain


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
