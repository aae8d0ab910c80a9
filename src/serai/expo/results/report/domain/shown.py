"""The content of a report as read in one language: pictures drawn, numbers written, empty parts left out."""

from collections.abc import Iterator, Sequence

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.results.report.domain.blocks import Block, listed, listed_with_commas
from serai.expo.results.report.domain.chain_tables import chain_block
from serai.expo.results.report.domain.effect_tables import effect_block
from serai.expo.results.report.domain.method import method_block
from serai.expo.results.report.domain.properties import properties_block
from serai.expo.results.report.domain.story import Content, chart_picture
from serai.expo.results.report.domain.themes import MOST_COUNTRIES, theme_blocks

LISTS = ("figures", "groups", "chains", "findings", "charts", "maps", "effects", "themes", "properties", "method")
"""What parts hold beside their words."""


def shown_parts(content: Content) -> list[Content]:
    """The parts that tell something, in the reader's language where the report is written in it, else in its first."""
    languages: Sequence[str] = content["languages"]
    reader = get_language() or "en"
    language = reader if reader in languages else languages[0]
    return [
        part
        | {
            "charts": [_chart(chart, language) for chart in part.get("charts", ())],
            **_figures(part),
            "blocks": list(_blocks(part, language, content)),
        }
        for part in content["parts"]
        if any(part["text"].values()) or any(part.get(name) for name in LISTS)
    ]


def _figures(part: Content) -> Content:
    """The figures that are more than nothing; the others are named in a sentence each."""
    if not part.get("figures"):
        return {}
    zero = [figure for figure in part["figures"] if figure["value"] == 0]
    unknown = [figure for figure in part["figures"] if figure["value"] is None]
    remarks = [
        words % listed_with_commas(in_language(figure["title"]).text for figure in figures)
        for words, figures in ((_("Zero: %s."), zero), (_("Not known: %s."), unknown))
        if figures
    ]
    return {"figures": [figure for figure in part["figures"] if figure["value"]], "remarks": remarks}


def _blocks(part: Content, language: str, content: Content) -> Iterator[Block]:
    for place, effect in enumerate(part.get("effects", ())):
        yield effect_block(effect, defines=place == 0)
    yield from (chain_block(shown, language) for shown in part.get("maps", ()))
    # An edition of the world tells every country, the report of a fair those of its exhibitors.
    yield from theme_blocks(part.get("themes", ()), most=MOST_COUNTRIES if content.get("fair") else None)
    yield from (properties_block(properties) for properties in part.get("properties", ()))
    yield from (method_block(method) for method in part.get("method", ()))


def _chart(chart: Content, language: str) -> Content:
    words = listed(f"{label} {number_format(value, force_grouping=True)}" for label, value in chart["rows"][language])
    shown, of_all = len(chart["rows"][language]), chart.get("of", 0)
    note = _("The %(shown)s with the most, of %(all)s.") % {"shown": shown, "all": of_all} if of_all > shown else ""
    return chart | {
        "svg": chart_picture(chart, language),
        "narrow": chart_picture(chart, language, is_narrow=True),
        "words": words,
        "note": note,
    }
