"""What the report says of themes in words: their names, indicators beside those of scorecards, and why none is told."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import Text, apart
from serai.expo.insight.scorecards.domain.words import INDICATOR_NAMES, UNITS, YEARLY_NAMES
from serai.expo.results.report.domain.blocks import joined
from serai.world.measures.manufacturing import CAUTION as COMPLETENESS
from serai.world.readers.icio2022 import CAUTIONS
from serai.world.themes import TOO_FEW
from serai.world.themes.indicators import NOT_HAD
from serai.world.themes.matrix import NO_SOURCE

THEME_NAMES: Mapping[str, Text] = {
    "connectivity": _("Connectivity"),
    "resilience": _("Resilience"),
    "promotion": _("Promotion"),
    "innovation": _("Innovation"),
}

ABOUT: Mapping[str, Text] = {
    "connectivity": _(
        "How closely economies are tied to one another: trade, shipping, agreements, chains across borders."
    ),
    "resilience": _(
        "How much depends on few origins, and how far the trouble of one industry or country reaches. An effective "
        "number says: it is as concentrated as if so many countries of the same size shared it."
    ),
    "promotion": _("What makes cooperation easy: infrastructure, rules, tariffs, technology, finance."),
    "innovation": _(
        "What new things rest on: research, patents, high technology, digital content, breadth of industry."
    ),
}

NAMES: Mapping[str, Text] = {
    **INDICATOR_NAMES,
    **YEARLY_NAMES,
    "secure_servers": _("Secure internet servers"),
    "patents": _("Applications for patents"),
    "single_source_nodes": _("Nodes of chains with a single source"),
    "exporters_of_goods": _("Effective number of exporters of goods"),
    "importers_of_goods": _("Effective number of importers of goods"),
    "exporters_of_high_technology": _("Effective number of exporters of high technology"),
    "countries_with_ports": _("Effective number of countries by containers through ports"),
    "R2": _("Losses by disruptions of others"),
    "R4": _("Trade as a buffer"),
    "time_to_survive": _("Time to survive with the stocks at hand"),
    "finance": _("Finance of trade and of supply chains"),
}

UNIT_NAMES: Mapping[str, Text] = {**UNITS, "per million people": _("for each million people")}

PUBLISHED_NAMES: Mapping[str, Text] = {
    "Global Supply Chain Connectivity Index": _("Global Supply Chain Connectivity Index"),
    "Global Supply Chain Resilience Index": _("Global Supply Chain Resilience Index"),
    "Global Supply Chain Promotion Index": _("Global Supply Chain Promotion Index"),
    "Global Supply Chain Innovation Index": _("Global Supply Chain Innovation Index"),
}
"""By the titles that their publisher prints."""

REASONS: Mapping[str, Text] = {
    TOO_FEW: _("Fewer than three of its indicators are given by one source in two years, so it has no number."),
    NO_SOURCE: _("no source at hand gives it"),
    NOT_HAD["resilience"]["R2"]: _("it solves a model for one table: serai world measure --symbol R2"),
    NOT_HAD["resilience"]["R4"]: _("it solves a model for one table: serai world measure --symbol R4"),
    NOT_HAD["resilience"]["time_to_survive"]: _("nobody publishes the stocks that makers hold"),
    NOT_HAD["promotion"]["finance"]: _("no series by country is public under open terms"),
}
"""By the sentences of the library."""

CAUTION_WORDS: Mapping[str, Text] = {
    CAUTIONS["final_demand"]: _(
        "In the table of 2022, final demand by destination is estimated: proportional to inputs and balanced to known "
        "totals. Where the truth is known, values of countries are off by 0.01 to 0.06 on average."
    ),
    CAUTIONS["value_added"]: _(
        "In the table of 2022, value added holds taxes on products and what is bought from countries outside the table."
    ),
    COMPLETENESS: _("Classes of manufacturing are counted in 2017."),
}
"""By the sentences of the library, which names symbols."""
OF_A_YEAR: Mapping[str, Text] = {
    r"Complexity is of exports by heading of (?P<year>\d{4})\.": _("Complexity is of exports by heading of %(year)s."),
}
"""The same of sentences that name a year."""


def cautions_in_words(cautions: Iterable[str]) -> str:
    """Each sentence of some cautions once; what has no words here stays English."""
    shown: dict[str, None] = {}
    for caution in cautions:
        rest = caution
        for sentence, words in CAUTION_WORDS.items():
            if sentence in rest:
                shown[str(words)] = None
                rest = rest.replace(sentence, "")
        for sentence, words in OF_A_YEAR.items():
            for found in re.finditer(sentence, rest):
                shown[str(words) % found.groupdict()] = None
            rest = re.sub(sentence, "", rest)
        if rest.strip():
            shown[apart(" ".join(rest.split()))] = None
    return joined(shown)
