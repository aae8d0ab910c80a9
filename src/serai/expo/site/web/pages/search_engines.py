"""What search engines read: the map of the site, and a fair and its exhibitors as JSON-LD in the words of
schema.org.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_scopes import scope

from serai.expo.base.files.models import Audience
from serai.expo.base.structured_data import (
    CONTEXT,
    JSONObject,
    absolute_address,
    postal_address,
    text_of,
    without_empty,
)
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import may_read, shown
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.market.domain.visibility import market
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.market.pages.structured_data import need_data, offer_data
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.sessions.domain.visibility import speakers_visible_to
from serai.expo.programme.sessions.models import Session
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.venue.halls.models import Hall

type PageName = tuple[str, tuple[object, ...]]
"""The name of an address and its arguments."""

MOST = 20_000  # pages of a fair in one file; six languages of each stay below the protocol's 50 MB
XML = "application/xml; charset=utf-8"
PLAIN = (
    *("edition", "chain-list", "scorecards", "directory", "market", "hall-list", "programme", "speaker-list", "report"),
    *("initiatives", "privacy"),
)


def pages(edition: Edition) -> Iterator[PageName]:
    """The public pages of an edition."""
    slug = edition.slug
    yield "accessibility", ()
    yield from ((name, (slug,)) for name in PLAIN)
    yield from (("chain", (slug, chain.slug)) for chain in chains_of_edition(edition))
    yield from (("hall", (slug, code)) for code in Hall.objects.filter(edition=edition).values_list("code", flat=True))
    sessions = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED)
    yield from (("session", (slug, number)) for number in sessions.order_by("pk").values_list("pk", flat=True))
    speakers = speakers_visible_to(AnonymousUser(), edition).order_by("pk").values_list("pk", flat=True)
    yield from (("speaker", (slug, number)) for number in speakers)
    initiatives = published(edition).order_by("pk").values_list("pk", flat=True)
    yield from (("initiative", (slug, number)) for number in initiatives)
    issues = public_issues(edition).values_list("report__slug", "number")
    yield from (("report-issue", (slug, *issue)) for issue in issues)
    for name, model in (("market-offer", Offer), ("market-need", Need)):
        items = market(model, edition).filter(anonymous=False).values_list("pk", flat=True)
        yield from ((name, (slug, number)) for number in items[:MOST])
    firms = exhibitors(edition).order_by("pk").values_list("firm__identifier", flat=True)
    yield from (("firm", (slug, identifier)) for identifier in firms.distinct()[:MOST])


class FairSitemap(Sitemap[str]):
    """The pages of a fair in one language, each with its siblings in the others. An item is a path below a language."""

    i18n = alternates = True
    limit = 4 * MOST  # all pages in one file

    def __init__(self, edition: Edition, language: str) -> None:
        self.edition, self.language = edition, language

    def items(self) -> list[str]:
        with scope(edition=self.edition), translation.override("en"):
            return [reverse(name, args=arguments).removeprefix("/en/") for name, arguments in pages(self.edition)]

    def _items(self) -> list[tuple[str, str]]:
        """The items of this file: its own language alone, while Django would put every language into every file."""
        return [(path, self.language) for path in self.items()]

    def location(self, item: str) -> str:
        return f"/{translation.get_language()}/{item}"


@require_safe
@cache_control(public=True, max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    """One file for each published fair and language. Pages are not counted here: a file lists all of them."""
    slugs = Edition.objects.exclude(state=Edition.State.DRAFT).values_list("slug", flat=True)
    sections: dict[str, Any] = {
        f"{slug}.{language}": Sitemap[str]() for slug in slugs for language, _name in settings.LANGUAGES
    }
    return views.index(request, sections, content_type=XML, sitemap_url_name="sitemap")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """A section of the index, named by the fair and the language: ``fair-2027.en``."""
    slug, _dot, language = section.partition(".")
    edition = Edition.objects.filter(slug=slug).exclude(state=Edition.State.DRAFT).first()
    sections: dict[str, Any] = {}
    if edition is not None and language in dict(settings.LANGUAGES):
        sections[section] = FairSitemap(edition, language)
    return views.sitemap(request, sections, section, content_type=XML)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Addresses that search engines need not fetch, and the address of the map."""
    closed = ("account", "sign-in", "sign-up", "password", "staff", "acting")
    lines = ["User-agent: *", "Disallow: /api/", *(f"Disallow: /*/{page}/" for page in closed)]
    lines += ["Disallow: /*/*/organiser/", "Disallow: /*/*/desk/", "Disallow: /*?", ""]
    lines += [f"Sitemap: {request.scheme}://{request.get_host()}{reverse('sitemap-index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


# The property of schema.org for a number of a register; others are said by name.
NUMBERS = {"LEI": "leiCode", "GLN": "globalLocationNumber", "DUNS": "duns", "VAT": "vatID"}


def event(edition: Edition, request: HttpRequest) -> JSONObject:
    """An edition as an ExhibitionEvent."""
    return without_empty(
        CONTEXT
        | {
            "@type": "ExhibitionEvent",
            "name": text_of(edition.name),
            "description": text_of(edition.theme),
            "startDate": edition.starts_on.isoformat(),
            "endDate": edition.ends_on.isoformat(),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": "https://schema.org/EventScheduled",
            "url": absolute_address(request, "edition", edition.slug),
            "inLanguage": get_language(),
            "location": {
                "@type": "Place",
                "name": text_of(edition.venue) or text_of(edition.city),
                "address": postal_address(edition.city, edition.country),
            },
            "organizer": {"@type": "Organization", "name": text_of(edition.organisation.name)},
        }
    )


def exhibitor(
    participation: Participation, offers: Iterable[Offer], needs: Iterable[Need], request: HttpRequest
) -> list[JSONObject]:
    """A firm as an Organization, what it offers as Offers of Products, and what it needs as Demands."""
    address = absolute_address(request, "firm", participation.edition.slug, participation.firm.identifier)
    return [
        _organisation(participation, address),
        *(offer_data(offer, address) for offer in offers),
        *(need_data(need, address) for need in needs),
    ]


def _organisation(participation: Participation, address: str) -> JSONObject:
    firm = participation.firm
    checked = {
        identifier.scheme: identifier.value
        for identifier in firm.identifiers.all()
        if may_read(firm, "identifiers", Audience.PUBLIC)
        and identifier.check_digit != FirmIdentifier.CheckDigit.WRONG
        and identifier.status != FirmIdentifier.Status.LAPSED
    }
    others = [
        {"@type": "PropertyValue", "propertyID": scheme, "value": value}
        for scheme, value in checked.items()
        if scheme not in NUMBERS
    ]
    return without_empty(
        CONTEXT
        | {
            "@type": "Organization",
            "@id": f"{address}#firm",
            "url": address,
            "name": text_of(firm.name),
            "legalName": firm.legal_name,
            "alternateName": sorted({text for text in firm.name.values() if text != text_of(firm.name)}),
            "description": text_of(firm.description),
            "sameAs": shown(firm, "website"),
            "foundingDate": str(shown(firm, "founded")),
            "isicV4": [str(code) for code in shown(firm, "isic")],
            "identifier": [{"@type": "PropertyValue", "propertyID": "Serai", "value": firm.identifier}, *others],
            "address": postal_address(firm.city, firm.country),
        }
        | {NUMBERS[scheme]: value for scheme, value in checked.items() if scheme in NUMBERS}
    )
