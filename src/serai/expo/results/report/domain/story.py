"""The parts of a report that tell a story: findings, charts, maps of chains, and what the fair did to its chains."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_bidi, gettext_lazy, override
from django.utils.translation import gettext as _

from serai.expo.base.text import each_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain import measures
from serai.expo.insight.supply.domain import exposures, fair_difference, layouts
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.expo.insight.supply.domain.fair_difference import NAMES
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, Label, Layer
from serai.expo.insight.supply.domain.stored_results import compute_now, stored
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.results.report.domain.blocks import (
    COMMANDS_OF_FAIR,
    COMMANDS_OF_WORLD,
    LIMITS,
    OF_CHAINS,
    OF_EFFECT,
    OF_THE_FAIR,
    OF_THEMES,
    method_content,
)
from serai.expo.results.report.domain.chain_tables import chain_rows
from serai.expo.results.report.domain.findings import Finding, fair_figures, findings
from serai.expo.results.report.domain.funnel import funnel
from serai.expo.results.report.domain.pictures import bars_picture, map_picture
from serai.expo.results.report.domain.themes import themes_content
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.world.classifications import countries
from serai.world.classifications.countries import alpha3
from serai.world.progress import Progress

type Content = dict[str, Any]
type Texts = dict[str, str]
type Row = tuple[str, float]

MOST_COUNTRIES = 12
WHOLE = "whole"
"""What is chosen of the effect for all chains together; the others are addresses of chains."""

AWAITED = gettext_lazy("What it tells of the chains is still being computed. Publish it again in a minute.")
WHO_CAME_AND_MET, WHO_CAME = gettext_lazy("Who came and who met"), gettext_lazy("Who came")
CHARTS: Mapping[str, Any] = {
    "countries": gettext_lazy("Exhibitors by country or region"),
    "funnel": gettext_lazy("From wish to outcome"),
}
MAP_TEXT = gettext_lazy(
    "Each box is a node of the chain: the country or region that makes most of it in the world with its share (the "
    "darker, the larger), and the number of exhibitors here. A thick red border: a single source in the world. A "
    "dashed border: nobody here."
)
EFFECT_TEXT = gettext_lazy(
    "Means over all inputs that participants need at this fair, before and after its confirmed links. The interval "
    "holds nine draws in ten of the change; changes of shares are in percentage points. No cause is claimed."
)


def _needed(report: NamedReport) -> Iterator[tuple[Edition | None, str, str]]:
    """The stored results that the parts of a report show: edition, kind and key."""
    kinds = {part.kind: part for part in report.parts.all()}
    if kinds.keys() & {ReportPart.Kind.FINDINGS, ReportPart.Kind.EFFECT}:
        yield report.edition, fair_difference.KIND, ""
    if maps := kinds.get(ReportPart.Kind.MAPS):
        yield from ((None, kind, slug) for slug in maps.chosen for kind in (layouts.PAPER, exposures.KIND))
    if ReportPart.Kind.THEMES in kinds:
        yield None, measures.THEMES_KIND, ""


def is_awaited(report: NamedReport) -> bool:
    """Whether a result that the report shows is not there or not current; the worker is asked for each of them."""
    results = [stored(*needed) for needed in _needed(report)]
    return any(not result.is_current for result in results)


def compute_awaited(report: NamedReport, progress: Progress) -> None:
    """Compute here and now what the report shows and is not current."""
    needed = list(_needed(report))
    for number, (edition, kind, key) in enumerate(needed):
        progress(kind, number / len(needed))
        compute_now(edition, kind, key)


def effect_of(edition: Edition) -> Mapping[str, Any]:
    """What the fair did to its chains, as it is stored; empty while it is not computed."""
    return stored(edition, fair_difference.KIND).data or {}


def findings_of(part: ReportPart) -> list[Finding]:
    """The findings of a part that can be told now."""
    return list(findings(fair_figures(part.edition, effect_of(part.edition).get(WHOLE)), part.chosen))


def is_worded(part: ReportPart, finding: Finding) -> bool:
    """Whether the organiser's own sentence stands: only as long as the numbers are those that it was written for."""
    return bool(part.wordings.get(finding.code, {}).get("numbers") == dict(finding.numbers))


def changed_numbers(part: ReportPart, finding: Finding) -> list[tuple[float, float]]:
    """The numbers that the organiser's own sentence was written for and that are others now: then, and now."""
    then = part.wordings.get(finding.code, {}).get("numbers", {})
    return [(then[name], value) for name, value in finding.numbers.items() if name in then and then[name] != value]


def _findings(part: ReportPart, languages: Sequence[str]) -> Content:
    told = []
    for finding in findings_of(part):
        own = part.wordings[finding.code]["text"] if is_worded(part, finding) else {}
        sentences = each_language(languages, finding.sentence) | {key: text for key, text in own.items() if text}
        told.append({"code": finding.code, "text": sentences, "numbers": dict(finding.numbers), "own": bool(own)})
    return {"findings": told}


def _charts(part: ReportPart, languages: Sequence[str]) -> Content:
    shown = []
    for code in (code for code in CHARTS if code in part.chosen):
        rows: dict[str, list[Row]] = {}
        for language in languages:
            with override(language):
                rows[language] = list(CHART_ROWS[code](part.edition))
        if any(value for _label, value in rows[languages[0]]):
            title = each_language(languages, partial(str, CHARTS[code]))
            cut = {language: of_language[:MOST_COUNTRIES] for language, of_language in rows.items()}
            shown.append({"code": code, "title": title, "rows": cut, "of": len(rows[languages[0]])})
    # Before anybody met, the title that the report was written with would promise too much.
    nobody_met = all(chart["code"] != "funnel" for chart in shown)
    if nobody_met and part.title == each_language(languages, partial(str, WHO_CAME_AND_MET)):
        return {"charts": shown, "title": each_language(languages, partial(str, WHO_CAME))}
    return {"charts": shown}


def _of_countries(edition: Edition) -> Iterable[Row]:
    firms = exhibitors(edition).order_by().values_list("firm", "firm__country").distinct()
    counted = Counter(code for _firm, code in firms)
    language = get_language() or "en"
    for code, number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        yield countries.name(code, language), number


def _of_funnel(edition: Edition) -> Iterable[Row]:
    return ((str(step.title), step.count) for step in funnel(edition).steps if step.count)


CHART_ROWS: Mapping[str, Callable[[Edition], Iterable[Row]]] = {"countries": _of_countries, "funnel": _of_funnel}


def chart_picture(chart: Content, language: str, *, is_narrow: bool = False) -> str:
    """A chart of the content as SVG in one of its languages; a narrow one is for the screen of a phone."""
    with override(language):
        rows = [(label, value, number_format(value, force_grouping=True)) for label, value in chart["rows"][language]]
        return bars_picture(rows, right_to_left=get_language_bidi(), is_narrow=is_narrow)


def _tell_makers(facts: ChainFacts, code: str) -> Label:
    """The largest maker in the world, and how many exhibitors are here."""
    made, here = LAYERS["countries"].tell(facts, code), facts.places[code].exhibitors
    return Label(f"{made.words} · {here}" if here else made.words, made.step)


MAKERS_AND_FIRMS = Layer("report", MAP_TEXT, MAP_TEXT, (), _tell_makers, of_world=True)


def _maps(part: ReportPart, languages: Sequence[str]) -> Content:
    edition = part.edition
    by_slug = {chain.slug: chain for chain in chains_of_edition(edition) if chain.slug in part.chosen}
    shown = []
    for chain in (by_slug[slug] for slug in part.chosen if slug in by_slug):
        drawn, exposure = stored(None, layouts.PAPER, chain.slug).data, stored(None, exposures.KIND, chain.slug).data
        places = standing(edition, chain)
        # A map on which nobody stands would tell nothing of this fair.
        if drawn and exposure and any(place.exhibitors for place in places):
            facts = ChainFacts({place.node.code: place for place in places}, {}, exposure["nodes"])
            single = sum(node["single_source"] for code, node in exposure["nodes"].items() if code in facts.places)
            nodes = ((place.node.code, place.node.stage.title, place.node.title) for place in places)
            told = chain_rows(nodes, exposure, languages)
            rows = [row | {"exhibitors": facts.places[row["code"]].exhibitors} for row in told["rows"]]
            shown.append(
                told
                | {
                    "rows": rows,
                    "slug": chain.slug,
                    "title": dict(chain.title),
                    "nodes": len(facts.places),
                    "single_sources": single,
                    "pictures": _pictures(chain, drawn, facts, languages),
                    "definition": each_language(languages, lambda: MAP_TEXT),
                }
            )
    return {"maps": shown}


def _pictures(
    chain: Chain, layout: Mapping[str, Mapping[str, Any]], facts: ChainFacts, languages: Sequence[str]
) -> Texts:
    """The map in each language; ``layout`` is that on paper by language."""
    stages, pictures = list(chain.stages.all()), {}
    for language in languages:
        with override(language):
            mirrored = get_language_bidi()
            drawn = chain_map(layout[language], stages, facts, MAKERS_AND_FIRMS, right_to_left=mirrored)
            pictures[language] = str(map_picture(drawn, mirrored=mirrored))
    return pictures


def _themes(part: ReportPart, languages: Sequence[str]) -> Content:
    told = stored(None, measures.THEMES_KIND).data
    if not told:
        return {"themes": []}
    counted = Counter(exhibitors(part.edition).order_by().values_list("firm__country", flat=True))
    codes = [alpha3(code) for code, _number in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]
    return {"themes": themes_content(told, part.chosen, codes, languages)}


def _method(part: ReportPart, languages: Sequence[str]) -> Content:
    whole = effect_of(part.edition).get(WHOLE) or {}
    of_effect = OF_EFFECT if whole.get("links") or whole.get("claimed_links") else ()
    paragraphs = [*OF_THE_FAIR, *of_effect, *OF_CHAINS, *OF_THEMES, *LIMITS]
    commands = [*COMMANDS_OF_FAIR, *COMMANDS_OF_WORLD]
    return {"method": [method_content(paragraphs, commands, {"edition": part.edition.slug}, languages)]}


def _effect(part: ReportPart, languages: Sequence[str]) -> Content:
    effect, shown = effect_of(part.edition), []
    titles = {chain.slug: dict(chain.title) for chain in chains_of_edition(part.edition)}
    titles[WHOLE] = each_language(languages, lambda: _("All chains of the fair"))
    for key in part.chosen:
        told = effect.get(WHOLE) if key == WHOLE else effect.get("chains", {}).get(key)
        if told and key in titles and (told["links"] or told["claimed_links"]):
            claimed = {row["figure"]: row["after"] for row in told["claimed_figures"]}
            rows = [
                row
                | {
                    "title": each_language(languages, partial(str, NAMES[row["figure"]].title)),
                    "claimed": claimed.get(row["figure"]) if told["claimed_links"] else None,
                }
                for row in told["figures"]
                if row["before"] is not None
            ]
            counts = {name: told[name] for name in EFFECT_COUNTS}
            definition = each_language(languages, lambda: EFFECT_TEXT)
            shown.append({"key": key, "title": titles[key], "rows": rows, "definition": definition} | counts)
    return {"effects": shown}


EFFECT_NUMBERS = ("before", "after", "low", "high", "by_chance")
EFFECT_COUNTS = ("inputs", "links", "claimed_links", "from_least_developed", "from_small_firms", "across_borders")

PARTS: Mapping[str, Callable[[ReportPart, Sequence[str]], Content]] = {
    ReportPart.Kind.FINDINGS: _findings,
    ReportPart.Kind.CHARTS: _charts,
    ReportPart.Kind.MAPS: _maps,
    ReportPart.Kind.EFFECT: _effect,
    ReportPart.Kind.THEMES: _themes,
    ReportPart.Kind.METHOD: _method,
}
"""What fills each of these kinds of parts."""
