"""The page of results, and the list that opens while the reader types."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from serai.expo.base.filters import plain
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.fairs.edition.rules import organiser_role
from serai.expo.offers.search.domain.search import catch_up
from serai.expo.participants.participation.pages.guards import CHOSEN
from serai.expo.site.search.domain import Asked, Kind, Result, results

MOST_WORDS = 200
A_LIST, A_PAGE = 4, 25
"""Results of each kind while the reader types, and on the page."""


@require_GET
def search(request: EditionRequest) -> HttpResponse:
    """Everything that is found, kind by kind, and what has just been changed too."""
    catch_up(request.edition)
    words = _words(request)
    return render(request, "site/search/search.html", {"words": words, "found": _found(request, words, A_PAGE)})


@require_GET
def suggestions(request: EditionRequest) -> HttpResponse:
    """The best of each kind, as a list for the field of the search."""
    words = _words(request)
    found = _found(request, words, A_LIST)
    page = {"words": words, "found": found, "count": sum(len(listed) for _kind, listed, _more in found)}
    return render(request, "site/search/suggestions.html", page)


def _words(request: EditionRequest) -> str:
    return plain(request.GET.get("q", ""))[:MOST_WORDS]


def _found(request: EditionRequest, words: str, most: int) -> list[tuple[Kind, list[Result], str]]:
    """Each kind with its results and the address of all that have the words, empty without one."""
    asked = Asked(
        request.edition,
        request.user,
        words,
        most,
        role=organiser_role(request.user, request.edition),
        chosen=request.session.get(CHOSEN, "") if request.user.is_authenticated else "",
    )
    return [(kind, listed, _more(request, kind, words)) for kind, listed in results(asked)]


def _more(request: EditionRequest, kind: Kind, words: str) -> str:
    if not kind.more:
        return ""
    of = {"kind": kind.key.removesuffix("s")} if kind.more == "market" else {}
    return f"{reverse(kind.more, args=[request.edition.slug])}?{urlencode({'q': words, **of})}"


urlpatterns = [
    path("search/", search, name="search"),
    path("search/suggestions/", suggestions, name="search-suggestions"),
]
