"""What a report says, counted now: figures, countries of groups, nodes of chains, each with its definition.

The content is plain data that can be kept as it is: texts are mappings from language to text, in the languages of the
report, so that an issue reads the same after a definition or a translation has changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import members
from serai.expo.fairs.groups.domain import rows as memberships
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.models import Chain
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.results.report.domain.summary import figures
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.world.classifications import countries
from serai.world.classifications.country_groups import groups

type Content = dict[str, Any]
type Texts = dict[str, str]

GROUP_TEXT = _(
    "Exhibitors, each firm counted once, whose registered seat is in a country that is a member on the opening day."
)
CHAIN_TEXT = _(
    "Exhibitors with an offer placed on the link, needs that point at it, and countries of the exhibitors; a placement "
    "below half confidence is not counted."
)
VERSION = 1
"""Of both texts: when one changes, raise it."""


def content(report: NamedReport) -> Content:
    """The whole of a report as it would be published now. Call inside of the edition's scope."""
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
    said: Content = {"kind": part.kind, "title": dict(part.title), "text": dict(part.text)}
    return said | _FILLED[part.kind](part.edition, list(part.chosen), languages, as_of)


def each_language(languages: Iterable[str], say: Callable[[], object]) -> Texts:
    """What ``say`` says in each language."""
    found = {}
    for language in languages:
        with override(language):
            found[language] = str(say())
    return found


def _words(_edition: Edition, _chosen: list[str], _languages: Sequence[str], _as_of: datetime) -> Content:
    return {}


def _figures(edition: Edition, chosen: list[str], languages: Sequence[str], _as_of: datetime) -> Content:
    known = {figure.code: figure for figure in figures(edition, codes=chosen)}
    rows = []
    for code in chosen:
        if (figure := known.get(code)) is not None:
            definition = figure.definition
            rows.append(
                {
                    "code": code,
                    "value": figure.value,
                    "is_share": figure.is_share,
                    "currency": figure.currency,
                    "title": each_language(languages, lambda one=definition: one.title),  # type: ignore[misc]
                    "unit": each_language(languages, lambda one=definition: one.unit),  # type: ignore[misc]
                    "definition": each_language(languages, lambda one=definition: one.text),  # type: ignore[misc]
                    "version": definition.version,
                    "as_of": figure.as_of.isoformat(),
                }
            )
    return {"figures": rows}


def _groups(edition: Edition, chosen: list[str], languages: Sequence[str], as_of: datetime) -> Content:
    firms = exhibitors(edition).order_by().values_list("firm", "firm__country").distinct()
    per_country = Counter(code for _firm, code in firms)
    titles = {group.key: group.titles for group in groups()}
    doubted = {(row.group, row.country) for row in memberships() if not row.verified}
    found = []
    for key in chosen:
        if key not in titles:
            continue
        of_group = members(key, edition.starts_on)
        rows: list[Content] = [
            {"country": code, "name": {one: countries.name(code, one) for one in languages}, "exhibitors": count}
            for code, count in sorted(per_country.items(), key=lambda pair: (-pair[1], pair[0]))
            if code in of_group
        ]
        found.append(
            {
                "key": key,
                "title": dict(titles[key]),
                "members": len(of_group),
                "on": edition.starts_on.isoformat(),
                "exhibitors": sum(row["exhibitors"] for row in rows),
                "rows": rows,
                # Also who is not counted, where that is what nobody has verified.
                "not_verified": [
                    {one: countries.name(code, one) for one in languages}
                    for code in sorted(per_country)
                    if (key, code) in doubted
                ],
                **_defined(languages, GROUP_TEXT, as_of),
            }
        )
    return {"groups": found}


def _chains(edition: Edition, chosen: list[str], languages: Sequence[str], as_of: datetime) -> Content:
    known = {chain.slug: chain for chain in Chain.objects.filter(slug__in=chosen)}
    found = []
    for slug in chosen:
        if (chain := known.get(slug)) is not None:
            rows = [
                {
                    "code": one.node.code,
                    "stage": dict(one.node.stage.title),
                    "title": dict(one.node.title),
                    "exhibitors": one.exhibitors,
                    "countries": len(one.countries),
                    "needs": one.needs,
                }
                for one in standing(edition, chain)
            ]
            gaps = sum(1 for row in rows if row["exhibitors"] == 0)
            said = {"slug": slug, "title": dict(chain.title), "gaps": gaps, "rows": rows}
            found.append(said | _defined(languages, CHAIN_TEXT, as_of))
    return {"chains": found}


def _defined(languages: Sequence[str], text: Any, as_of: datetime) -> Content:
    return {"definition": each_language(languages, lambda: text), "version": VERSION, "as_of": as_of.isoformat()}


_FILLED: Mapping[str, Callable[[Edition, list[str], Sequence[str], datetime], Content]] = {
    ReportPart.Kind.WORDS: _words,
    ReportPart.Kind.FIGURES: _figures,
    ReportPart.Kind.GROUPS: _groups,
    ReportPart.Kind.CHAINS: _chains,
}
