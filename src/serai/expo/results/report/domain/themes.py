"""The part of a report on the four themes, from what is stored of them, for some countries."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from serai.expo.base.numbers import in_percent, rounded
from serai.expo.base.text import each_language, in_language
from serai.expo.insight.pictures.domain import Line, Point, line_chart
from serai.expo.insight.scorecards.domain.presentation import is_percent
from serai.expo.results.report.domain.blocks import (
    Block,
    Picture,
    Table,
    in_index_order,
    joined,
    listed,
    listed_with_commas,
    sourced,
    sources,
    with_unit,
)
from serai.expo.results.report.domain.theme_words import (
    ABOUT,
    NAMES,
    PUBLISHED_NAMES,
    REASONS,
    THEME_NAMES,
    UNIT_NAMES,
    cautions_in_words,
)
from serai.world.classifications import countries
from serai.world.classifications.countries import alpha2

type Content = dict[str, Any]

MOST_COUNTRIES = 12
"""Countries of which a fair's report prints the numbers; the data package has all."""

METHOD = gettext_lazy(
    "A number is the geometric mean of what the theme's indicators are in that year, measured by the base year, each "
    "with the same weight and turned round where less is better. Its interval holds every choice of weights. Only "
    "indicators take part that one source gives in both years; scores stand beside them. There is no score of a theme."
)


def themes_content(
    stored: Mapping[str, Any], chosen: Sequence[str], codes: Sequence[str] | None, languages: Sequence[str]
) -> list[Content]:
    """The chosen themes with titles in each language and the matrix of these countries (alpha-3), or of all.

    ``codes`` stand in the order in which they are taken where not all are printed.
    """

    def kept(by_country: Mapping[str, Any]) -> dict[str, Any]:
        return {code: value for code, value in by_country.items() if codes is None or code in codes}

    shown = []
    for name in (name for name in THEME_NAMES if name in chosen and name in stored):
        theme = stored[name]
        indicators = [
            row
            | {
                "title": _each(languages, NAMES, row["key"]),
                "unit_name": _each(languages, UNIT_NAMES, row["unit"]),
                "matrix": {key: part if key == "years" else kept(part) for key, part in row["matrix"].items()},
            }
            for row in theme["indicators"]
        ]
        not_measured = [
            {"key": key, "title": _each(languages, NAMES, key), "reason": _each(languages, REASONS, reason)}
            for key, reason in theme["not_measured"].items()
        ]
        words = {
            "theme": name,
            "title": _each(languages, THEME_NAMES, name),
            "about": _each(languages, ABOUT, name),
            "definition": each_language(languages, lambda: METHOD),
            "reason": _each(languages, REASONS, theme["reason"]) if theme["reason"] else {},
        }
        shown.append(
            theme
            | words
            | {"indicators": indicators, "not_measured": not_measured, "countries": kept(theme["countries"])}
            | ({} if codes is None else {"order": list(codes)})
        )
    return shown


def _each(languages: Sequence[str], names: Mapping[str, Any], key: str) -> dict[str, str]:
    words = names.get(key, key)
    return each_language(languages, lambda: str(words))


def theme_blocks(themes: Sequence[Content], *, most: int | None = MOST_COUNTRIES) -> Iterator[Block]:
    """The themes as they are read: the world's number, its chart beside the published index, the indicators; then the
    numbers of countries."""
    for theme in themes:
        yield Block(
            title=_text(theme["title"]),
            sentences=(_text(theme["about"]), *_world_sentences(theme)),
            pictures=tuple(_chart(theme)),
            tables=(_indicators(theme),),
            remark=_not_measured(theme),
        )
    if table := _of_countries(themes, most):
        yield Block(title=_("Countries and regions"), tables=(table,))


def _text(texts: Mapping[str, str]) -> str:
    return in_language(texts).text


def times(value: float) -> str:
    return rounded(value, 2)


def _world_sentences(theme: Content) -> Iterator[str]:
    if not theme["numbers"]:
        yield _text(theme["reason"])
    else:
        row = theme["numbers"][-1]
        yield _("World, %(base)s = 1: %(value)s in %(year)s. Over all weights: %(low)s to %(high)s.") % {
            "base": theme["base"],
            "year": row["year"],
            **{name: times(row[name]) for name in ("value", "low", "high")},
        }
    for printed in theme["published"]:
        yield _(
            "Beside it, of other indicators and weights that are not published: %(title)s of the CCPIT Academy, "
            "%(base)s = 1: %(value)s in %(year)s."
        ) % {
            **printed,
            "title": str(PUBLISHED_NAMES.get(printed["title"], printed["title"])),
            "value": times(printed["value"]),
        }


def _chart(theme: Content) -> Iterator[Picture]:
    """The world's number by year with its interval, and the published index as a line of its own."""
    if len(theme["numbers"]) < 2:
        return
    title = _text(theme["title"])
    own = [Point(row["year"], row["value"], row["low"], row["high"]) for row in theme["numbers"]]
    lines = [Line(title, tuple(own))]
    for place, printed in enumerate(theme["published"], 1):
        points = ((printed["base"], 1.0), (printed["year"], printed["value"]))
        lines.append(Line(printed["title"], tuple(Point(year, at, at, at) for year, at in points), place))
    data = listed(f"{row['year']}: {times(row['value'])}" for row in theme["numbers"])
    caption = _(
        "Line with a band: this report, with the interval over all weights. Dashes: the index of the CCPIT Academy."
    )
    svg = SafeString(line_chart(lines, title, data))  # its texts are escaped
    title = _("%(theme)s, %(base)s = 1") % {"theme": title, "base": theme["base"]}
    yield Picture(svg, title=title, alt=data, caption=caption)


def _indicators(theme: Content) -> Table:
    def value(row: Content, at: str) -> str:
        return "–" if row[at] is None else indicator_value(row[at], row["unit"])

    rows = []
    told_of_world = _one_source_each(theme["indicators"])
    for row in told_of_world:
        unit = _text(row["unit_name"])
        relative = (theme["numbers"][-1]["relatives"] if theme["numbers"] else {}).get(row["key"])
        told = relative if row["base"] is not None else None
        where = number_format(row["members"], force_grouping=True) if row["members"] else _("world")
        rows.append(
            (
                with_unit(_text(row["title"]), unit),
                value(row, "base"),
                value(row, "value"),
                str(row["year"]),
                "–" if told is None else times(told),
                where,
            )
        )
    base = str(theme["base"]) if theme["base"] else _("Base year")
    return Table(
        header=(_("Indicator"), base, _("Latest"), _("Year"), _("Better by, as a factor"), _("Countries")),
        rows=tuple(rows),
        numbers=(1, 2, 3, 4, 5),
        widths=("1fr", "auto", "auto", "auto", "auto", "auto"),
        means=joined(
            [
                sourced(sources(row["source"] for row in told_of_world)),
                cautions_in_words(row["caution"] for row in told_of_world),
            ]
        ),
    )


def _one_source_each(indicators: Sequence[Content]) -> list[Content]:
    """The indicators with a value of the world, each by one source: the one with the base year, else the latest."""
    chosen: dict[str, Content] = {}
    for row in indicators:
        if row["value"] is None:
            continue
        other = chosen.get(row["key"])
        if other is None or (row["base"] is not None, row["year"]) > (other["base"] is not None, other["year"]):
            chosen[row["key"]] = row
    return list(chosen.values())


def indicator_value(value: float, unit: str) -> str:
    """A value of an indicator as its unit asks: a share in per cent, a large number whole."""
    if unit == "1" and abs(value) <= 1:
        return in_percent(rounded(100 * value, 1))
    if is_percent(unit) and unit != "1":
        return in_percent(rounded(100 * value, 0))
    return rounded(value, 0 if abs(value) >= 100 else 2)


def _not_measured(theme: Content) -> str:
    if not theme["not_measured"]:
        return ""
    told = listed_with_commas(with_unit(_text(row["title"]), _text(row["reason"])) for row in theme["not_measured"])
    return _("Not measured: %s.") % told


def _of_countries(themes: Sequence[Content], most: int | None) -> Table | None:
    """The latest number of each country in each theme that has any; ordered by name, as there is no rank."""
    with_numbers = [theme for theme in themes if theme["countries"]]
    codes = sorted({code for theme in with_numbers for code in theme["countries"]})
    language = get_language() or "en"
    first = _first(codes, with_numbers, most)
    named = in_index_order((countries.name(alpha2(code), language), code) for code in first)
    if not named:
        return None
    about = {"shown": len(first), "all": len(codes)}
    cut = _("Those with the most exhibitors here, %(shown)s of %(all)s; the data package has all.") % about

    def cell(theme: Content, code: str) -> str:
        row = theme["countries"].get(code)
        if row is None:
            return "–"
        told = {name: times(row[name]) for name in ("value", "low", "high")} | {"year": row["year"]}
        return _("%(value)s (%(low)s to %(high)s), %(year)s") % told

    return Table(
        header=(
            _("Country or region"),
            *(
                _("%(theme)s, %(base)s = 1") % {"theme": _text(theme["title"]), "base": theme["base"]}
                for theme in with_numbers
            ),
        ),
        rows=tuple((name, *(cell(theme, code) for theme in with_numbers)) for name, code in named),
        numbers=tuple(range(1, len(with_numbers) + 1)),
        widths=("1fr", *("auto" for _theme in with_numbers)),
        means=joined(
            [
                cut if len(first) < len(codes) else "",
                _("In brackets the interval over all weights. A dash: fewer than three indicators. %s")
                % _text(themes[0]["definition"]),
            ]
        ),
    )


def _first(codes: Sequence[str], themes: Sequence[Content], most: int | None) -> Sequence[str]:
    """Those with the most exhibitors, where not all are printed."""
    if most is None or len(codes) <= most:
        return codes
    order = [code for code in themes[0].get("order", ()) if code in codes]
    return (order or codes)[:most]
