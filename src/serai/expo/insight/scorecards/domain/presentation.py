"""A scorecard as it is shown: for each property the indicator that stands for it, the others, and figures by year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.insight.pictures.domain import Line, Marked, Point, line_chart, range_chart, short
from serai.expo.insight.scorecards.domain.subjects import CHAIN, GROUP, INDUSTRY, Subject
from serai.expo.insight.scorecards.domain.words import (
    EXPLAINED,
    SENSES,
    SHARES,
    UNITS,
    name_of,
    reason_in_words,
)
from serai.expo.meetings.matchmaking.domain.source_values import PROPERTIES
from serai.world.measures import INDICATORS
from serai.world.scorecards import ONE_A_PROPERTY, YEARLY, yearly_source

PERCENT_UNITS = SHARES | {"1 (tariff equivalent)"}
SCALES = {"unit of the extension per unit of money": 1000}
"""By which values are multiplied for the unit that is shown: Mt for each million US$ as kg for each US$."""


@dataclass(frozen=True)
class Side:
    """A subject with the data of its scorecard; the second of two is what the first is set against."""

    subject: Subject
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Value:
    """A value in words: with its interval where it has one, its year, and the table that it is from."""

    text: str
    interval: str
    year: str
    table: str
    members: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture with its numbers: ``rows`` by year, a column a subject."""

    svg: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    source: str


@dataclass(frozen=True)
class Indicator:
    """An indicator of the subjects, a value or None each, and why there is none for the first."""

    symbol: str
    name: str
    language: str
    sense: str
    unit: str
    values: tuple[Value | None, ...]
    reason: str
    reason_language: str
    caution: str


@dataclass(frozen=True)
class Property:
    """A property with the indicator that is shown first, its picture, the further indicators and figures by year."""

    key: str
    title: str
    first: Indicator | None
    explained: str
    chart: Chart | None
    further: tuple[Indicator, ...]
    yearly: tuple[Chart, ...]


def properties(sides: Sequence[Side]) -> list[Property]:
    """The nine properties in the order of the mission."""
    return [_property(key, sides) for key in PROPERTIES]


def _property(key: str, sides: Sequence[Side]) -> Property:
    rows = [{row["symbol"]: row for row in side.data["rows"] if row["property"] == key} for side in sides]
    symbols = list(dict.fromkeys(symbol for of_side in rows for symbol in of_side))
    shown = {symbol: _indicator(symbol, [of_side.get(symbol) for of_side in rows], sides) for symbol in symbols}
    first = next((symbol for symbol in ONE_A_PROPERTY if symbol in shown), "")
    chart = _range(first, [of_side.get(first) for of_side in rows], sides) if first else None
    figures = [figure for figure in YEARLY.values() if figure.property == key]
    yearly = [_by_year(figure.key, sides) for figure in figures]
    over_tables = _over_tables(first, [of_side.get(first) for of_side in rows], sides) if first else None
    return Property(
        key,
        str(PROPERTIES[key]),
        shown.get(first),
        str(EXPLAINED.get(first, "")),
        chart,
        tuple(indicator for symbol, indicator in shown.items() if symbol != first),
        tuple(chart for chart in (over_tables, *yearly) if chart is not None),
    )


def is_percent(unit: str) -> bool:
    """Whether values of a unit are shown as percentages."""
    return unit in PERCENT_UNITS


def value_text(value: float, unit: str) -> str:
    """A value of the library with its unit."""
    return shown_text(value * SCALES.get(unit, 1), unit)


def shown_text(value: float, unit: str) -> str:
    """A value in the unit that is shown, with that unit."""
    if is_percent(unit):
        return short(value, percent=True)
    return f"{short(value)} {UNITS.get(unit, unit)}".strip()


def _indicator(symbol: str, rows: Sequence[Mapping[str, Any] | None], sides: Sequence[Side]) -> Indicator:
    declared = INDICATORS[symbol]
    name, language = name_of(symbol)
    reason, reason_language = reason_in_words(symbol, rows[0]["reason"]) if rows[0] and rows[0]["reason"] else ("", "")
    return Indicator(
        symbol,
        name,
        language,
        str(SENSES[declared.sense]),
        str(UNITS.get(declared.unit, declared.unit)),
        tuple(_value(row, declared.unit, side) for row, side in zip(rows, sides, strict=True)),
        reason,
        reason_language,
        rows[0]["caution"] if rows[0] else "",
    )


def _value(row: Mapping[str, Any] | None, unit: str, side: Side) -> Value | None:
    """The value of the latest table."""
    if not row or not row["points"]:
        return None
    point = row["points"][-1]
    interval = ""
    if point["low"] != point["high"]:
        bounds = {"low": value_text(point["low"], unit), "high": value_text(point["high"], unit)}
        interval = _("%(low)s to %(high)s") % bounds
    members = ""
    if point["members"] > 1:
        members = ngettext("%(count)d country", "%(count)d countries", point["members"]) % {"count": point["members"]}
    table = side.data["tables"][point["table"]]["title"]
    return Value(value_text(point["value"], unit), interval, str(point["year"]), table, members)


def interval_in_words(subject: Subject) -> str:
    """What the interval of a value is, for this kind of subject."""
    if subject.kind == GROUP:
        return _("Values are means over the members by value added. The interval is the lowest and the highest member.")
    if subject.kind in (INDUSTRY, CHAIN):
        return _("Values are the world's, or the median of all countries with their middle half as the interval.")
    return _(
        "The interval is that of the indicator's own parameter, such as an elasticity. "
        "A value without one is a plain calculation from the table."
    )


def _range(symbol: str, rows: Sequence[Mapping[str, Any] | None], sides: Sequence[Side]) -> Chart | None:
    """The values of the latest table on a scale; a subject of which that table says nothing has no mark."""
    points = [(place, row["points"][-1]) for place, row in enumerate(rows) if row and row["points"]]
    if not points:
        return None
    unit = INDICATORS[symbol].unit
    latest = points[0][1]["table"]
    scale = SCALES.get(unit, 1)
    marked = [
        Marked(p["value"] * scale, p["low"] * scale, p["high"] * scale, place)
        for place, p in points
        if p["table"] == latest
    ]
    middle = points[0][1]["middle"]
    name = name_of(symbol)[0]
    told = [
        f"{sides[place].subject.title}: {value_text(p['value'], unit)}" for place, p in points if p["table"] == latest
    ]
    if middle:
        bounds = {"low": value_text(middle[0], unit), "high": value_text(middle[1], unit)}
        told.append(_("middle half of all countries: %(low)s to %(high)s") % bounds)
    svg = range_chart(
        marked,
        (middle[0] * scale, middle[1] * scale) if middle else None,
        name,
        "; ".join(told),
        percent=is_percent(unit),
    )
    note = _("The grey band is the middle half of all countries.") if middle else ""
    return Chart(svg, "", note, (), (), "")


def _over_tables(symbol: str, rows: Sequence[Mapping[str, Any] | None], sides: Sequence[Side]) -> Chart | None:
    """The first indicator by year, where one publisher's tables give it for several years."""
    unit = INDICATORS[symbol].unit
    lines = []
    for place, (row, side) in enumerate(zip(rows, sides, strict=True)):
        families: dict[str, list[Point]] = {}
        for p in row["points"] if row else ():
            families.setdefault(p["table"].partition("/")[0], []).append(
                Point(p["year"], *(p[end] * SCALES.get(unit, 1) for end in ("value", "low", "high")))
            )
        lines += [Line(side.subject.title, tuple(points), place) for points in families.values() if len(points) > 1]
    if not lines:
        return None
    citations = {
        side.data["tables"][p["table"]]["citation"]
        for row, side in zip(rows, sides, strict=True)
        if row
        for p in row["points"]
    }
    return _chart(lines, name_of(symbol)[0], unit, "; ".join(sorted(citations)))


def _by_year(key: str, sides: Sequence[Side]) -> Chart | None:
    """A figure by year of the subjects that have one."""
    figure = YEARLY[key]
    lines = []
    for place, side in enumerate(sides):
        by_year = side.data.get("yearly", {}).get(key, {})
        points = tuple(Point(int(year), value, value, value) for year, (value, _count) in by_year.items())
        if points:
            lines.append(Line(side.subject.title, points, place))
    if not lines:
        return None
    return _chart(lines, name_of(key)[0], figure.unit, yearly_source(figure))


def _chart(lines: Sequence[Line], name: str, unit: str, source: str) -> Chart:
    """Lines with their numbers; the values are in the unit that is shown."""
    percent = is_percent(unit)
    told = [
        _("%(subject)s: %(first)s in %(since)s, %(last)s in %(until)s")
        % {
            "subject": line.name,
            "first": shown_text(line.points[0].value, unit),
            "since": line.points[0].year,
            "last": shown_text(line.points[-1].value, unit),
            "until": line.points[-1].year,
        }
        for line in lines
    ]
    svg = line_chart(lines, name, "; ".join(told), percent=percent)
    years = sorted({point.year for line in lines for point in line.points})
    by_year = [{point.year: point.value for point in line.points} for line in lines]
    rows = tuple(
        (str(year), tuple(shown_text(values[year], unit) if year in values else "–" for values in by_year))
        for year in years
    )
    note = "" if percent else str(UNITS.get(unit, unit))
    return Chart(svg, name, note, tuple(line.name for line in lines), rows, source)
