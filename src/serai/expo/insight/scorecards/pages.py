"""Scorecards: the list, each one, also against another, and its files. They show what is stored and compute nothing.

The same pages stand at a fair, with what it chose and what countries offer there, and without one for the whole world.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from serai.expo.base.exporters import attached, being_computed
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.middleware import address_of
from serai.expo.insight.scorecards.domain import cards
from serai.expo.insight.scorecards.domain.datasets import AtTheFair, at_the_fair
from serai.expo.insight.scorecards.domain.files import FORMATS
from serai.expo.insight.scorecards.domain.measures import KIND as MEASURES
from serai.expo.insight.scorecards.domain.presentation import Side, interval_in_words, properties
from serai.expo.insight.scorecards.domain.subjects import (
    CHAIN,
    COUNTRY,
    GROUP,
    KINDS,
    Subject,
    subject,
    subjects,
)
from serai.expo.insight.supply.domain.stored_results import Stored, name_of_industry, stored
from serai.expo.offers.chains.models import Node
from serai.world.classifications.titles import industry_titles
from serai.world.scorecards import tables_at_hand


def scorecards(request: HttpRequest) -> HttpResponse:
    """All subjects that have a scorecard; opening the list has the tables measured ahead."""
    for name in tables_at_hand():
        stored(None, MEASURES, name)
    edition = _edition(request)
    here = at_the_fair(edition).exhibitors if edition else {}
    lists = [(kind, title, subjects(edition, kind)) for kind, title in KINDS.items()]
    return render(
        request,
        "insight/scorecards/list.html",
        {
            "countries": subjects(edition, COUNTRY),
            "at_the_fair": [(row, here[row.code]) for row in lists[0][2] if row.code in here],
            "lists": [(kind, title, rows) for kind, title, rows in lists if kind != COUNTRY and rows],
        },
    )


def chosen_country(request: HttpRequest) -> HttpResponse:
    """Lead from the form of the list to the scorecard of the country that was chosen."""
    edition = _edition(request)
    row = subject(edition, COUNTRY, request.GET.get("code", ""))
    return redirect(address_of(edition, "scorecard", COUNTRY, row.code) if row else address_of(edition, "scorecards"))


def scorecard(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """The scorecard of a subject, beside another of the same kind where ``?against=`` names one."""
    edition = _edition(request)
    first = _subject(edition, kind, code)
    other = subject(edition, kind, request.GET.get("against", ""))
    wanted = [first] if other is None or other == first else [first, other]
    results = [(row, _stored(edition, row)) for row in wanted]
    sides = [Side(row, result.data) for row, result in results if result.data is not None]
    ready = len(sides) == len(wanted)
    awaited = next((result for _row, result in results if result.is_awaited), None)
    here = at_the_fair(edition) if edition else None
    side = sides[0] if ready else None
    return render(
        request,
        "insight/scorecards/scorecard.html",
        {
            "subject": first,
            "against": wanted[1] if len(wanted) > 1 else None,
            "others": [row for row in subjects(edition, kind) if row != first],
            "ready": ready,
            "awaited": awaited,
            "problem": next((_(result.problem) for _row, result in results if result.problem), ""),
            "computed_at": results[0][1].computed_at,
            "properties": properties(sides) if ready else [],
            "card": side,
            "data": side.data if side else {},
            "strengths": [(row, _strengths(row)) for row in sides] if ready and kind in (COUNTRY, GROUP) else [],
            "makers": side.data.get("makers", []) if side else [],
            "nodes": _nodes(side) if side and kind == CHAIN else [],
            "interval": interval_in_words(first),
            "fair": _at_the_fair(first, side, here),
            "node_titles": _node_titles(first, side, here),
            "formats": list(FORMATS),
            "is_group": kind == GROUP,
        },
    )


def scorecard_file(request: HttpRequest, kind: str, code: str, kind_of_file: str) -> HttpResponse:
    """A scorecard as a picture or as data. While it is being computed the answer is 503, to be asked again."""
    if kind_of_file not in FORMATS:
        raise Http404
    edition = _edition(request)
    row = _subject(edition, kind, code)
    result = _stored(edition, row)
    if result.problem:
        raise Http404(_(result.problem))
    if result.data is None:
        return being_computed()
    media, make = FORMATS[kind_of_file]
    content = make(Side(row, result.data), str(in_language(edition.name)) if edition else "")
    return attached(content, f"{kind}-{code}.{kind_of_file}", media)


def _edition(request: HttpRequest) -> Edition | None:
    """The fair of the page; None of a page for the whole world."""
    return getattr(request, "edition", None)


def _subject(edition: Edition | None, kind: str, code: str) -> Subject:
    row = subject(edition, kind, code)
    if row is None:
        raise Http404(_("There is no such scorecard."))
    return row


def _stored(edition: Edition | None, row: Subject) -> Stored:
    return stored(cards.edition_of(edition, row.kind), cards.KIND, row.key)


def _strengths(side: Side) -> dict[str, object]:
    """What a country or a group is strong in, with the titles of links in the reader's language."""
    titles = side.data["titles"]
    return {
        "industries": [
            row | {"title": industry_titles(row["industry"], name_of_industry(row))} for row in side.data["industries"]
        ],
        "makes": [(row, titles[f"{row['chain']}/{row['node']}"], titles[row["chain"]]) for row in side.data["makes"]],
        "could": [(row, titles[f"{row['chain']}/{row['node']}"], titles[row["chain"]]) for row in side.data["could"]],
        "count": side.data["makes_at_least_one_percent"],
        "could_is_measured": side.data.get("could_is_measured", bool(side.data["could"])),
        "year": side.data["industries_year"],
    }


def _nodes(side: Side) -> list[tuple[dict[str, object], dict[str, str]]]:
    return [(row, side.data["titles"][f"{side.subject.code}/{row['node']}"]) for row in side.data["nodes"]]


def _at_the_fair(row: Subject, side: Side | None, here: AtTheFair | None) -> AtTheFair | None:
    """What a country or the members of a group offer at the fair."""
    if here is None:
        return None
    if row.kind == COUNTRY:
        return here.of([row.code])
    if row.kind == GROUP and side is not None:
        return here.of(side.data["members"])
    return None


def _node_titles(
    row: Subject, side: Side | None, here: AtTheFair | None
) -> list[tuple[str, str, dict[str, str], list[str]]]:
    """The links at which exhibitors of a country or group stand: chain, node, title, and from which countries."""
    offered = _at_the_fair(row, side, here)
    if offered is None:
        return []
    nodes = offered.all_nodes
    titles = {
        (chain, code): title
        for chain, code, title in Node.objects.filter(chain__slug__in={chain for chain, _code in nodes}).values_list(
            "chain__slug", "code", "title"
        )
    }
    return [
        (
            chain,
            code,
            titles[chain, code],
            [country for country, of_country in offered.nodes.items() if (chain, code) in of_country],
        )
        for chain, code in nodes
        if (chain, code) in titles
    ]


_PAGES = (
    ("scorecards/", scorecards, "scorecards"),
    ("scorecards/country/", chosen_country, "scorecard-country"),
    ("scorecards/<slug:kind>/<slug:code>/", scorecard, "scorecard"),
    ("scorecards/<slug:kind>/<slug:code>/file.<slug:kind_of_file>", scorecard_file, "scorecard-file"),
)

urlpatterns = [path(address, view, name=name) for address, view, name in _PAGES]
outside_of_editions = [path(f"world/{address}", view, name=f"world-{name}") for address, view, name in _PAGES]
