"""The yearly edition of the world: chains, single sources, losses, themes and properties, without any fair or database.

It is content of the same form as a report of a fair, so the same files are made of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy, override
from django.utils.translation import gettext as _

from serai.expo.base.text import Text, country_in_sentence, country_name, each_language
from serai.expo.insight.scorecards.domain.measures import told
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.expo.insight.supply.domain.exposures import exposure_of
from serai.expo.insight.supply.domain.layouts import paper_layout_of
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, percent
from serai.expo.offers.chains.domain.chain_maps import NodeStanding
from serai.expo.offers.chains.models import Node
from serai.expo.results.report.domain.blocks import (
    COMMANDS_OF_EDITION,
    COMMANDS_OF_WORLD,
    LIMITS,
    OF_CHAINS,
    OF_THEMES,
    method_content,
)
from serai.expo.results.report.domain.chain_tables import chain_rows
from serai.expo.results.report.domain.pictures import map_picture
from serai.expo.results.report.domain.properties import properties_content
from serai.expo.results.report.domain.theme_words import THEME_NAMES
from serai.expo.results.report.domain.themes import themes_content, times
from serai.world.chains import Chain
from serai.world.progress import Progress
from serai.world.readers import FINAL_DEMAND, MAKERS, default_table, read
from serai.world.scorecards import Measured, chains_of_the_package, measured
from serai.world.supply import supply_network
from serai.world.table import WorldTable
from serai.world.themes import panels_of_series, table_panels

type Content = dict[str, Any]

FIRST_YEAR = 2025
"""The year after the newest shares of makers in the package: an edition of an earlier year would know the future."""
SLUG = "world"
MOST_LEADERS = 12
CLOSE = "AB"
"""Grades of shares that tell of the product itself."""

MAP_TEXT = gettext_lazy(
    "Each box is a node of the chain: the country or region that makes most of it in the world, with its share; the "
    "darker, the larger. A thick red border: a single source in the world."
)
TITLE = gettext_lazy("The world's supply chains, %(year)s")
SUMMARY = gettext_lazy(
    "Who makes what at each step of nine chains, where the world depends on a single source, what stops when a country "
    "stops, and how the connectivity, resilience, promotion and innovation of supply chains have grown. Every number "
    "has its source and year, and can be computed again with one command."
)


class EditionError(ValueError):
    """An edition of the world that cannot be made; the message is a sentence for the reader."""


def world_content(year: int, languages: Sequence[str], progress: Progress) -> Content:
    """The edition of a year in these languages. Raises EditionError for a year that the data cannot tell."""
    now = datetime.now(UTC)
    if not FIRST_YEAR <= year <= now.year:
        raise EditionError(f"There is an edition of the world for each year from {FIRST_YEAR} to {now.year}.")
    chains = chains_of_the_package()
    table = read(question=MAKERS)
    exposures, shown = {}, []
    for place, chain in enumerate(chains):
        progress(chain.slug, 0.1 + 0.6 * place / len(chains))
        exposures[chain.slug] = exposure_of(supply_network(chain, table=table))
        shown.append(_chain(chain, exposures[chain.slug], languages))
    progress("themes", 0.7)
    of_demand = read(question=FINAL_DEMAND)
    tables = [_measured(of_demand), _measured(table)]
    themes = told([*panels_of_series(), *table_panels(tables)])
    progress("properties", 0.95)
    method = method_content(
        [*OF_CHAINS, *OF_THEMES, *LIMITS],
        [*COMMANDS_OF_WORLD, *COMMANDS_OF_EDITION],
        {"year": year, "table": tables[0].name},
        languages,
    )
    charts = [chart for chart in (_leaders(exposures, languages),) if chart]
    parts = [
        {"kind": "findings", "title": gettext_lazy("At a glance"), "findings": _findings(exposures, themes, languages)},
        {"kind": "charts", "title": gettext_lazy("Who leads"), "charts": charts},
        {"kind": "maps", "title": gettext_lazy("The chains by product"), "maps": shown},
        {
            "kind": "themes",
            "title": gettext_lazy("Four themes of the world's supply chains"),
            "themes": themes_content(themes, list(THEME_NAMES), None, languages),
        },
        {
            "kind": "properties",
            "title": gettext_lazy("Properties of countries and regions"),
            "properties": [properties_content(tables[0], languages)],
        },
        {"kind": "method", "title": gettext_lazy("Method, limits and data"), "method": [method]},
    ]
    return {
        "fair": {},
        "year": year,
        "title": each_language(languages, lambda: TITLE % {"year": year}),
        "summary": each_language(languages, lambda: SUMMARY),
        "languages": list(languages),
        "as_of": now.isoformat(),
        "parts": [
            part | {"title": each_language(languages, partial(str, part["title"])), "text": {}} for part in parts
        ],
    }


def _measured(table: WorldTable) -> Measured:
    question = FINAL_DEMAND if "final_demand" not in table.cautions else MAKERS
    return measured(table, default_table(question))


def _chain(chain: Chain, exposure: Content, languages: Sequence[str]) -> Content:
    """A chain as a report holds it: its map in each language, its nodes and what its end products lose."""
    stages = {stage.code: stage for stage in chain.stages}
    places = {node.code: _place(node.code, dict(node.title)) for node in chain.nodes}
    facts = ChainFacts(places, {}, exposure["nodes"])
    pictures = {}
    for language in languages:
        with override(language):
            mirrored = get_language_bidi()
            layout = paper_layout_of(chain, language)
            drawn = chain_map(layout, chain.stages, facts, LAYERS["countries"], right_to_left=mirrored)
            pictures[language] = str(map_picture(drawn, mirrored=mirrored, marks_gaps=False))
    nodes = ((node.code, stages[node.stage].title, node.title) for node in chain.nodes)
    return {
        "slug": chain.slug,
        "title": dict(chain.title),
        "nodes": len(chain.nodes),
        "single_sources": sum(node["single_source"] for node in exposure["nodes"].values()),
        "pictures": pictures,
        "definition": each_language(languages, lambda: MAP_TEXT),
        **chain_rows(nodes, exposure, languages),
    }


def _place(code: str, title: dict[str, str]) -> NodeStanding:
    """A node on the map, with nobody at any fair."""
    return NodeStanding(Node(code=code, title=title), 0, (), 0)


def _leaders(exposures: Content, languages: Sequence[str]) -> Content | None:
    """The chart of the countries that make most of most nodes."""
    leading = _in_order(_leading(exposures))
    if not leading:
        return None
    all_of_them, leading = len(leading), leading[:MOST_LEADERS]
    rows = {}
    for language in languages:
        with override(language):
            rows[language] = [(country_name(country), number) for country, number in leading]
    words = gettext_lazy("Nodes of which a country or region is the largest maker")
    return {"code": "leaders", "title": each_language(languages, lambda: words), "rows": rows, "of": all_of_them}


def _leading(exposures: Content) -> Counter[str]:
    return Counter(
        node["makers"][0][0]
        for exposure in exposures.values()
        for node in exposure["nodes"].values()
        if node["makers"] and node["makers"][0][0]
    )


def _in_order(counted: Counter[str]) -> list[tuple[str, int]]:
    """The most first; of as many, by code."""
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _findings(exposures: Content, themes: Content, languages: Sequence[str]) -> list[Content]:
    """What the numbers say, as sentences; a theme is left out while the interval of its growth holds 1."""
    nodes = [node for exposure in exposures.values() for node in exposure["nodes"].values() if node["makers"]]
    single = [node for node in nodes if node["single_source"]]
    first, of_first = _in_order(_leading(exposures))[0]
    coarse = sum(node["makers"][0][0] == first and node["grade"] not in CLOSE for node in nodes)
    found: list[tuple[str, dict[str, Any], Callable[[], str]]] = [
        (
            "single-sources",
            {"single": len(single), "nodes": len(nodes)},
            lambda: (
                _("At %(single)s of %(nodes)s nodes one country or region makes 70 %% or more: a single source.")
                % {"single": len(single), "nodes": len(nodes)}
            ),
        ),
        (
            "leader",
            {"nodes": of_first, "of": len(nodes), "coarse": coarse},
            lambda: (
                _(
                    "By the closest source for each, %(country)s is the largest maker at %(nodes)s of %(of)s nodes; at "
                    "%(coarse)s of these the source tells only of a whole industry (grade C or D)."
                )
                % {"country": country_in_sentence(first), "nodes": of_first, "of": len(nodes), "coarse": coarse}
            ),
        ),
        *_worst_stop(exposures),
        *_growths(themes),
    ]
    return [
        {"code": code, "text": each_language(languages, say), "numbers": numbers, "own": False}
        for code, numbers, say in found
    ]


type Found = tuple[str, dict[str, Any], Callable[[], str]]


def _worst_stop(exposures: Content) -> Iterator[Found]:
    """The country whose stop takes half or more of most end products, by the low end."""
    ends = sum(len(exposure["ends"]) for exposure in exposures.values())
    hit = Counter(
        country
        for exposure in exposures.values()
        for country, losses in exposure["stops"].items()
        for code in exposure["ends"]
        if code in losses and losses[code][0] >= HALF
    )
    if not hit:
        return
    country, number = _in_order(hit)[0]
    numbers = {"number": number, "ends": ends}
    words = gettext_lazy(
        "If all makers in %(country)s stopped, %(half)s or more of the supply of %(number)s of the %(ends)s end "
        "products would be missing within weeks."
    )
    yield (
        "worst-stop",
        numbers,
        lambda: str(words) % {**numbers, "country": country_in_sentence(country), "half": percent(HALF)},
    )


HALF = 0.5
GROWN: dict[bool, Text] = {
    True: gettext_lazy(
        "%(theme)s of the world's supply chains has grown: in %(year)s it stood at %(value)s times its level of "
        "%(base)s (%(low)s to %(high)s over all weights)."
    ),
    False: gettext_lazy(
        "%(theme)s of the world's supply chains has fallen: in %(year)s it stood at %(value)s times its level of "
        "%(base)s (%(low)s to %(high)s over all weights)."
    ),
}


def _growths(themes: Content) -> Iterator[Found]:
    for key, theme in themes.items():
        if not theme["numbers"]:
            continue
        row = theme["numbers"][-1]
        if row["low"] <= 1 <= row["high"]:
            continue
        numbers = {name_: row[name_] for name_ in ("value", "low", "high", "year")} | {"base": theme["base"]}

        def say(key: str = key, numbers: dict[str, Any] = numbers) -> str:
            words = {name_: times(numbers[name_]) for name_ in ("value", "low", "high")}
            about = {"theme": str(THEME_NAMES[key]), "year": numbers["year"], "base": numbers["base"]}
            return str(GROWN[numbers["value"] > 1]) % (words | about)

        yield f"theme-{key}", numbers, say
