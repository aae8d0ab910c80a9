"""The pictures of social cards, and which card stands for a page."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from serai.expo.fairs.edition.pages.guards import EditionRequest
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
