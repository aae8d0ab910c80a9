"""The nine properties of countries in an edition of the world: one indicator each, by one table, without a rank."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.text import each_language, in_language
from serai.expo.insight.scorecards.domain.presentation import SCALES
from serai.expo.insight.scorecards.domain.words import EXPLAINED, INDICATOR_NAMES, SENSES, UNITS
from serai.expo.insight.supply.domain.networks import alpha2
from serai.expo.meetings.matchmaking.domain.property_names import PROPERTIES as PROPERTY_NAMES
from serai.expo.results.report.domain.blocks import Block, Table, in_index_order, sources, with_unit
from serai.expo.results.report.domain.themes import indicator_value
from serai.world.classifications import countries
from serai.world.measures import INDICATORS, WORLD
from serai.world.scorecards import ONE_A_PROPERTY, Measured

type Content = dict[str, Any]


def properties_content(measured: Measured, languages: Sequence[str]) -> Content:
    """The indicators that are shown, with names in each language and values by country: value, low, high."""
    symbols = [symbol for symbol in ONE_A_PROPERTY if measured.values.get(symbol)]
    return {
        "table": measured.title,
        "name": measured.name,
        "year": measured.year,
        "citation": measured.citation,
        "indicators": [
            {
                "symbol": symbol,
                "property": INDICATORS[symbol].property,
                "property_name": each_language(languages, partial(str, PROPERTY_NAMES[INDICATORS[symbol].property])),
                "sense": INDICATORS[symbol].sense,
                "unit": INDICATORS[symbol].unit,
                "title": each_language(languages, partial(str, INDICATOR_NAMES[symbol])),
                "about": each_language(languages, partial(str, EXPLAINED[symbol])),
                "unit_name": each_language(
                    languages, partial(str, UNITS.get(INDICATORS[symbol].unit, INDICATORS[symbol].unit))
                ),
                "caution": measured.cautions.get(symbol, ""),
                "values": {
                    code: [round(number, 6) for number in value]
                    for code, value in measured.values[symbol].items()
                    if code != WORLD and alpha2(code)
                },
            }
            for symbol in symbols
        ],
    }


def properties_block(properties: Content) -> Block:
    """A table of countries by name and properties, and what each says."""

    def text(texts: Any) -> str:
        return in_language(texts).text

    indicators = properties["indicators"]
    language = get_language() or "en"
    codes = {code for row in indicators for code in row["values"]}
    named = in_index_order((countries.name(alpha2(code), language), code) for code in codes)

    def cell(row: Content, code: str) -> str:
        value = row["values"].get(code)
        return "–" if value is None else indicator_value(value[0] * SCALES.get(row["unit"], 1), row["unit"])

    about = [
        _("%(property)s. %(indicator)s (%(sense)s). %(about)s")
        % {
            "property": text(row["property_name"]),
            "indicator": with_unit(text(row["title"]), text(row["unit_name"])),
            "sense": SENSES[row["sense"]],
            "about": text(row["about"]),
        }
        for row in indicators
    ]
    return Block(
        tables=[
            Table(
                header=(_("Country or region"), *(text(row["property_name"]) for row in indicators)),
                rows=[(name, *(cell(row, code) for row in indicators)) for name, code in named],
                numbers=tuple(range(1, len(indicators) + 1)),
                widths=("2fr", *("1fr" for _row in indicators)),
                means=_("%(year)s. Source: %(source)s.")
                % {"year": properties["year"], "source": sources([properties["citation"]])},
            )
        ],
        sentences=[_("Nine properties, one indicator for each. There is no rank and no sum of them."), *about],
    )
