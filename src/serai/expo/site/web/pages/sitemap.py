"""The map of the site for search engines: every public page of every published fair, in every language."""

from collections.abc import Iterator
from html import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.market.domain.visibility import market
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.sessions.domain.visibility import speakers_visible_to
from serai.expo.programme.sessions.models import Session
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.venue.halls.models import Hall

type Named = tuple[str, tuple[object, ...]]

MOST = 20_000  # pages of a fair in one file; six languages of each stay below the protocol's 50 MB
XML = "application/xml; charset=utf-8"
PLAIN = (
    *("edition", "chain-list", "directory", "market", "hall-list", "programme", "speaker-list", "report"),
    "privacy",
)
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def pages(edition: Edition) -> Iterator[Named]:
    """The public pages of an edition, by the names of their addresses. Call inside of its scope."""
    slug = edition.slug
    yield from ((name, (slug,)) for name in PLAIN)
    yield from (("chain", (slug, chain.slug)) for chain in chains_of_edition(edition))
    yield from (("hall", (slug, code)) for code in Hall.objects.filter(edition=edition).values_list("code", flat=True))
    held = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED)
    yield from (("session", (slug, number)) for number in held.order_by("pk").values_list("pk", flat=True))
    speakers = speakers_visible_to(AnonymousUser(), edition).order_by("pk").values_list("pk", flat=True)
    yield from (("speaker", (slug, number)) for number in speakers)
    issues = public_issues(edition).values_list("report__slug", "number")
    yield from (("report-issue", (slug, *issue)) for issue in issues)
    for name, model in (("market-offer", Offer), ("market-need", Need)):
        items = market(model, edition).filter(anonymous=False).values_list("pk", flat=True)
        yield from ((name, (slug, number)) for number in items[:MOST])
    firms = exhibitors(edition).order_by("pk").values_list("firm__identifier", flat=True)
    yield from (("firm", (slug, identifier)) for identifier in firms.distinct()[:MOST])


@require_safe
@cache_control(public=True, max_age=3600)
def index(request: HttpRequest) -> HttpResponse:
    """One file a published fair and language."""
    here = f"{request.scheme}://{request.get_host()}"
    files = (
        f"{here}{reverse('sitemap', args=[slug, language])}"
        for slug in Edition.objects.exclude(state=Edition.State.DRAFT).values_list("slug", flat=True)
        for language in LANGUAGES
    )
    listed = "".join(f"<sitemap><loc>{escape(file)}</loc></sitemap>\n" for file in files)
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{listed}</sitemapindex>\n",
        content_type=XML,
    )


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The pages of a fair in one language, each with its siblings in the others."""
    edition = Edition.objects.filter(slug=slug).exclude(state=Edition.State.DRAFT).first()
    if edition is None or language not in LANGUAGES:
        raise Http404
    here = f"{request.scheme}://{request.get_host()}"
    with scope(edition=edition), translation.override("en"):
        paths = [reverse(name, args=arguments).removeprefix("/en/") for name, arguments in pages(edition)]
    listed = "".join(_page(here, language, escape(path)) for path in paths)
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{listed}</urlset>\n',
        content_type=XML,
    )


def _page(here: str, language: str, path: str) -> str:
    siblings = "".join(
        f'<xhtml:link rel="alternate" hreflang="{other}" href="{here}/{other}/{path}"/>' for other in LANGUAGES
    )
    return f"<url><loc>{here}/{language}/{path}</loc>{siblings}</url>\n"


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines need not fetch, and where the map is."""
    closed = ("account", "sign-in", "sign-up", "password", "staff", "acting")
    lines = ["User-agent: *", "Disallow: /api/", *(f"Disallow: /*/{page}/" for page in closed)]
    lines += ["Disallow: /*/*/organiser/", "Disallow: /*/*/desk/", "Disallow: /*?", ""]
    lines += [f"Sitemap: {request.scheme}://{request.get_host()}{reverse('sitemap-index')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
