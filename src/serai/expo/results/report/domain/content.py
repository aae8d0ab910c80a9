"""The content of a report, counted now: figures, countries of groups, nodes of chains, each with its definition.

The content is plain data that can be stored: texts are mappings from language to text, in the languages of the report,
so that an issue reads the same after a definition or a translation has changed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import each_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import members
from serai.expo.fairs.groups.domain import rows as memberships
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.models import Chain
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain import story
from serai.expo.results.report.domain.properties import figures
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.world.classifications import countries
from serai.world.classifications.country_groups import groups

type Content = dict[str, Any]
type Texts = dict[str, str]

GROUP_TEXT = _(
    "Exhibitors, each firm counted once, whose registered seat is in a country that is a member on the opening day."
)
CHAIN_TEXT = _(
    "Exhibitors with an offer placed on the node, needs that point at it, and countries of the exhibitors; a placement "
    "below half confidence is not counted."
)
VERSION = 1
"""Of both texts: when one changes, raise it."""


def content(report: NamedReport) -> Content:
    """The whole report as it would be published now."""
    as_of = timezone.now()
    languages = list(report.languages) or ["en"]
    parts = [_part(part, languages, as_of) for part in report.parts.all()]
    edition = report.edition
    return {
        "fair": dict(edition.name),
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "title": dict(report.title),
        "summary": dict(report.summary),
        "languages": languages,
        "as_of": as_of.isoformat(),
        "parts": parts,
    }


def _part(part: ReportPart, languages: Sequence[str], as_of: datetime) -> Content:
    words: Content = {"kind": part.kind, "title": dict(part.title), "text": dict(part.text)}
    if tell := story.PARTS.get(part.kind):
        return words | tell(part, languages)
    return words | _FILLED[part.kind](part.edition, list(part.chosen), languages, as_of)


def _words(_edition: Edition, _chosen: list[str], _languages: Sequence[str], _as_of: datetime) -> Content:
    return {}


def _figures(edition: Edition, chosen: list[str], languages: Sequence[str], _as_of: datetime) -> Content:
    by_code = {figure.code: _figure(figure, languages) for figure in figures(edition, codes=chosen)}
    return {"figures": [by_code[code] for code in chosen if code in by_code]}


def _figure(figure: Figure, languages: Sequence[str]) -> Content:
    definition = figure.definition
    return {
        "code": figure.code,
        "value": figure.value,
        "is_share": figure.is_share,
        "currency": figure.currency,
        "title": each_language(languages, lambda: definition.title),
        "unit": each_language(languages, lambda: definition.unit),
        "definition": each_language(languages, lambda: definition.text),
        "version": definition.version,
        "as_of": figure.as_of.isoformat(),
    }


def _groups(edition: Edition, chosen: list[str], languages: Sequence[str], as_of: datetime) -> Content:
    firms = exhibitors(edition).order_by().values_list("firm", "firm__country").distinct()
    per_country = Counter(code for _firm, code in firms)
    titles = {group.key: group.titles for group in groups()}
    doubted = {(row.group, row.country) for row in memberships() if not row.verified}

    def names(code: str) -> Texts:
        return {language: countries.name(code, language) for language in languages}

    shown = []
    for key in (key for key in chosen if key in titles):
        of_group = members(key, edition.starts_on)
        rows: list[Content] = [
            {"country": code, "name": names(code), "exhibitors": count}
            for code, count in sorted(per_country.items(), key=lambda pair: (-pair[1], pair[0]))
            if code in of_group
        ]
        shown.append(
            {
                "key": key,
                "title": dict(titles[key]),
                "members": len(of_group),
                "on": edition.starts_on.isoformat(),
                "exhibitors": sum(row["exhibitors"] for row in rows),
                "rows": rows,
                # Countries whose membership nobody has verified, whether they are counted or not.
                "not_verified": [names(code) for code in sorted(per_country) if (key, code) in doubted],
                **_defined(languages, GROUP_TEXT, as_of),
            }
        )
    return {"groups": shown}


def _chains(edition: Edition, chosen: list[str], languages: Sequence[str], as_of: datetime) -> Content:
    by_slug = {chain.slug: chain for chain in Chain.objects.filter(slug__in=chosen)}
    shown = []
    for chain in (by_slug[slug] for slug in chosen if slug in by_slug):
        rows = [
            {
                "code": count.node.code,
                "stage": dict(count.node.stage.title),
                "title": dict(count.node.title),
                "exhibitors": count.exhibitors,
                "countries": len(count.countries),
                "needs": count.needs,
            }
            for count in standing(edition, chain)
        ]
        gaps = sum(1 for row in rows if row["exhibitors"] == 0)
        content = {"slug": chain.slug, "title": dict(chain.title), "gaps": gaps, "rows": rows}
        shown.append(content | _defined(languages, CHAIN_TEXT, as_of))
    return {"chains": shown}


def _defined(languages: Sequence[str], text: Any, as_of: datetime) -> Content:
    return {"definition": each_language(languages, lambda: text), "version": VERSION, "as_of": as_of.isoformat()}


_FILLED: Mapping[str, Callable[[Edition, list[str], Sequence[str], datetime], Content]] = {
    ReportPart.Kind.WORDS: _words,
    ReportPart.Kind.FIGURES: _figures,
    ReportPart.Kind.GROUPS: _groups,
    ReportPart.Kind.CHAINS: _chains,
}
