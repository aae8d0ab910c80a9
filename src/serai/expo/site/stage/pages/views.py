"""The full-screen page of a screen: every slide in one page, of which one is shown.

The page is the same for everybody, so that the cache of public pages answers for any number of screens.
"""

from functools import lru_cache
from zoneinfo import ZoneInfo

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.site.stage.domain.screens import next_language, screen_of
from serai.expo.site.stage.domain.slides import slides_of


def stage(request: EditionRequest, slug: str = "") -> HttpResponse:
    """A screen; ``?slide=`` says which of its slides is shown, for browsers that run no script."""
    screen = screen_of(request.edition, slug)
    if screen is None:
        raise Http404(_("This fair has no such screen."))
    now = timezone.now()
    slides = slides_of(screen, now)
    shown = min(max(number_of(request.GET.get("slide")) or 1, 1), len(slides))
    after = translate_url(request.path, next_language(screen, get_language() or "en"))
    page = {
        "screen": screen,
        "slides": [(slide, _code(request.build_absolute_uri(slide.address))) for slide in slides],
        "shown": shown,
        "before": f"{request.path}?slide={shown - 1 or len(slides)}",
        "after": f"{request.path}?slide={shown + 1}" if shown < len(slides) else f"{after}?slide=1",
        "next_round": after,
        "now": now,
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "site/stage/stage.html", page)


@lru_cache(maxsize=200)
def _code(address: str) -> str:
    """A QR code of an address as the address of a picture. A screen asks for the same ones all day."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, light="#ffffff"))
