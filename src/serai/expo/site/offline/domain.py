"""A fair on a telephone: which pages a device keeps for a hall without a network, and the manifest by which a
browser puts it on a home screen.

Pages of the list are kept as they were last read. From some of them the device fetches the others: a few, by
the links that are marked with ``data-keep``.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, get_language_bidi

from serai.expo.base.text import in_language
from serai.expo.base.typesetting import draw
from serai.expo.fairs.edition.models import Edition

KEPT = frozenset(
    {
        "edition",
        "agenda",
        "my-meetings",
        "meeting",
        "programme",
        "session",
        "hall-list",
        "hall",
        "my-badges",
        "my-badge",
        "desk-badges",
        "desk-badge",
    }
)
"""Names of the pages that a person needs in a hall."""

FETCHED_FROM = frozenset({"agenda", "my-meetings", "desk-list", "desk", "buyer-desk"})
"""Pages that fetch the others for keeping when they are opened."""

FETCHED = ("agenda", "my-meetings", "edition", "programme", "hall-list", "my-badges")
"""What is fetched first; links in it that are marked lead to the rest."""

NOBODY = "-"


def whose(number: int) -> str:
    """A pseudonym of a person, by which a browser knows whose pages and leads it stores."""
    return salted_hmac("serai.leads.whose", str(number), algorithm="sha256").hexdigest()[:24]


NIGHT, GROUND = "#0e2a3a", "#faf7f1"
"""The colours of the head of a page and of its ground, in static/serai/tokens.css."""

SIZES = (192, 512)
"""Points of the icons that are drawn: what the telephones ask for."""


def manifest(edition: Edition) -> dict[str, Any]:
    """The manifest in the language of the page, as the W3C's Web Application Manifest has it."""
    begins = reverse("edition", args=[edition.slug])
    drawn = (
        {"src": reverse("app-icon", args=[edition.slug, size]), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in SIZES
    )
    return {
        "id": f"/{edition.slug}/",
        "name": in_language(edition.name).text,
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": begins,
        "scope": "/",
        "display": "standalone",
        "theme_color": night_of(edition),
        "background_color": GROUND,
        "icons": [
            {"src": static("serai/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *({**icon, "purpose": "any maskable"} for icon in drawn),
        ],
    }


def night_of(edition: Edition) -> str:
    """The colour of the head of the fair's pages."""
    return edition.branding.get("night") or NIGHT


@lru_cache(maxsize=64)  # an icon is some 10 KB
def icon(night: str, size: int) -> bytes:
    """The mark on this colour as PNG, with the room that a telephone may cut off around it."""
    mark = files("serai.expo").joinpath("static/serai/mark.svg").read_text(encoding="utf-8")
    mark = mark.replace(f'fill="{NIGHT}"', f'fill="{night}"')
    return draw("serai.expo.site.offline", "icon.typ", {"mark": mark, "night": night, "size": size}, has_words=False)
