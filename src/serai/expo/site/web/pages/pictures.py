"""Pictures: template tags for monograms and for pictures that were handed in, and the pictures of social cards."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import template
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from serai.expo.base.files.domain import picture_size, size_of_picture
from serai.expo.base.files.models import Focus
from serai.expo.base.monograms import INK, monogram
from serai.expo.base.pictures import WIDTHS
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import MarketFile
from serai.expo.site.web.domain.front_page import OWN_CHAIN, PICTOGRAMS
from serai.expo.site.web.domain.social_cards import KINDS, drawn

CARDS = {
    "firm": ("firm", "identifier"),
    "chain": ("chain", "slug"),
    "node": ("chain", "slug"),
    "session": ("session", "number"),
    "initiative": ("initiative", "number"),
}
"""Pages with a card of their own: its kind, and the part of their address that is its key."""


@require_safe
@cache_control(public=True, max_age=86_400)
def card(request: EditionRequest, kind: str, key: str) -> HttpResponse:
    """A card as PNG in the language of the address."""
    made = KINDS[kind](request.edition, key) if kind in KINDS else None
    if made is None:
        raise Http404(_("There is no such page."))
    return HttpResponse(drawn(made), content_type="image/png")


def address_of_card(request: EditionRequest) -> str:
    """The whole address of the card for a page of a fair: the page's own card, or that of the fair."""
    page = request.resolver_match
    kind, argument = CARDS.get((page and page.url_name) or "", ("fair", ""))
    key = str(page.kwargs[argument]) if page and argument else request.edition.slug
    return request.build_absolute_uri(reverse("social-card", args=[request.edition.slug, kind, key]))


register = template.Library()


@register.simple_tag(name="monogram")
def monogram_svg(name: str, key: str = "") -> SafeString:
    """The monogram of a name. It says nothing that the name beside it does not say, so readers of screens skip it."""
    made = monogram(name, str(key))
    return format_html(
        '<svg class="monogram" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false">'
        '<rect width="48" height="48" rx="8" fill="{}"/><text x="24" y="24" dy=".36em" text-anchor="middle" fill="{}" '
        'font-size="{}">{}</text></svg>',
        made.colour,
        INK,
        "18" if len(made.letters) > 1 else "24",
        made.letters,
    )


@register.simple_tag
def firm_mark(firm: Firm, name: str) -> SafeString:
    """The logo of a firm, or the monogram of its name. ``firm.logo`` is read with the firm, so select it."""
    if firm.logo is None:
        return monogram_svg(name, firm.identifier)
    address = reverse("stored-file", args=[firm.logo.token]) + f"?width={WIDTHS[0]}"
    return format_html('<img class="mark" src="{}" alt="" width="48" height="48" loading="lazy">', address)


@register.simple_tag
def pictogram(chain: str) -> SafeString:
    """The pictogram of a chain by its slug; a chain of an organisation's own has that of a chain."""
    path = PICTOGRAMS.get(chain, OWN_CHAIN)
    return format_html(
        '<svg class="pictogram" viewBox="0 0 24 24" width="32" height="32" fill="none" stroke="currentColor" '
        'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        path,
    )


@register.simple_tag(takes_context=True)
def social_card(context: template.Context) -> str:
    """The address of the picture that other sites show beside a link to this page."""
    return address_of_card(context["request"])


@register.inclusion_tag("base/focus.html")
def focus_on(address: str, alt: str, chosen: str) -> Mapping[str, Any]:
    """The choice of what of a picture must stay in sight, on the picture: by mouse, by touch and by the arrow keys."""
    return {"address": address, "alt": alt, "chosen": chosen or Focus.CENTRE, "spots": Focus.spots()}


@register.simple_tag
def size_of(token: str, shown: str = "") -> SafeString | str:
    """Width and height of a stored picture as attributes, so that a page keeps its place while it loads.

    With ``shown``, the room that the picture takes as ``sizes`` writes it, also its narrower copies.
    """
    return _size_and_copies(picture_size(token), reverse("stored-file", args=[token]) if shown else "", shown)


@register.simple_tag
def copies_of(file: MarketFile, address: str, shown: str) -> SafeString | str:
    """The same of a picture of an offer or a need, at its address."""
    return _size_and_copies(size_of_picture(Path(file.file.path)), address, shown)


def _size_and_copies(size: tuple[int, int] | None, address: str, shown: str) -> SafeString | str:
    if size is None:
        return ""
    copies = [(f"{address}?width={width}", width) for width in WIDTHS if width < size[0]] if shown else []
    attributes = format_html('width="{}" height="{}"', *size)
    if not copies:
        return attributes
    listed = ", ".join(f"{copy} {width}w" for copy, width in [*copies, (address, size[0])])
    return format_html('{} srcset="{}" sizes="{}"', attributes, listed, shown)
