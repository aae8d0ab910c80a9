"""The files of a scorecard: its picture as SVG and PNG, its numbers as CSV and JSON.

The picture to share has the nine properties on one card of 1200 x 630, as social networks show it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from serai.expo.base.data_packages import as_json_document
from serai.expo.base.exporters import CSV, as_csv_file
from serai.expo.insight.pictures.domain import LINE, Marked, mark, picture, png, range_marks, text, wrapped
from serai.expo.insight.scorecards.domain.presentation import SCALES, Side, is_percent, properties
from serai.expo.insight.scorecards.domain.words import name_of
from serai.world.measures import INDICATORS
from serai.world.scorecards import YEARLY, yearly_source

WIDTH, HEIGHT = 1200.0, 630.0
MARGIN, TOP, FOOT = 40.0, 104.0, 34.0
ACROSS = 3
NAME_COLUMNS, REASON_COLUMNS = 44, 46
"""Half-widths in a line of a panel."""


def share_picture(side: Side, fair: str) -> str:
    """The card as SVG. Each panel names its indicator, since another choice is as good."""
    shown = properties([side])
    width = (WIDTH - 2 * MARGIN) / ACROSS
    height = (HEIGHT - TOP - FOOT) / ACROSS
    marks = [
        text(side.subject.title, MARGIN, 52, size=34, font_weight=700),
        text(_("Nine properties of its supply chains"), MARGIN, 82, kind="quiet", size=18),
    ]
    points = {row["symbol"]: row["points"][-1] for row in side.data["rows"] if row["points"]}
    for place, shown_property in enumerate(shown):
        x, y = MARGIN + place % ACROSS * width, TOP + place // ACROSS * height
        marks.append(mark("line", "rule", x1=x, x2=x + width - 24, y1=y, y2=y, stroke=LINE))
        marks.append(text(shown_property.title, x, y + 26, size=18, font_weight=700))
        first = shown_property.first
        if first is None:
            marks.append(text(_("not measured"), x, y + 52, kind="quiet", size=15))
            continue
        marks.append(text(wrapped(first.name, NAME_COLUMNS)[0], x, y + 48, kind="quiet", size=13))
        value = first.values[0]
        if value is None:
            marks.append(text(_("not measured"), x, y + 74, size=15))
            for line, words in enumerate(wrapped(first.reason, REASON_COLUMNS)[:3]):
                marks.append(text(words, x, y + 96 + 18 * line, kind="quiet", size=13))
            continue
        marks.append(text(value.text, x, y + 80, size=24, font_weight=700))
        marks.append(
            text(
                f"{value.interval} · {value.year}" if value.interval else value.year,
                x,
                y + 100,
                kind="quiet",
                size=13,
            )
        )
        point = points[first.symbol]
        unit = INDICATORS[first.symbol].unit
        scale = SCALES.get(unit, 1)
        middle = (point["middle"][0] * scale, point["middle"][1] * scale) if point["middle"] else None
        marked = [Marked(point["value"] * scale, point["low"] * scale, point["high"] * scale)]
        percent = is_percent(unit)
        marks += range_marks(marked, middle, x, y + 104, width - 60, percent=percent)
    foot = " · ".join(filter(None, [fair, "; ".join(t["title"] for t in side.data["tables"].values())]))
    marks.append(text(foot[:150], MARGIN, HEIGHT - 12, kind="quiet", size=12))
    told = [
        f"{p.title}: {p.first.values[0].text if p.first and p.first.values[0] else _('not measured')}" for p in shown
    ]
    return picture(marks, WIDTH, HEIGHT, side.subject.title, "; ".join(told))


COLUMNS = (
    *("subject", "property", "indicator", "name", "year", "value", "low", "high", "unit", "countries"),
    *("middle_low", "middle_high", "sense", "table", "source", "reason", "caution"),
)


def records(side: Side) -> Iterator[dict[str, Any]]:
    """Every number of a scorecard, one record each, and one for each indicator that is not measured."""
    subject, data = side.subject.key, side.data
    for row in data["rows"]:
        declared = INDICATORS[row["symbol"]]
        about = {
            "subject": subject,
            "property": row["property"],
            "indicator": row["symbol"],
            "name": name_of(row["symbol"])[0],
            "unit": declared.unit,
            "sense": declared.sense,
            "reason": row["reason"],
            "caution": row["caution"],
        }
        if not row["points"]:
            yield about
        for point in row["points"]:
            low, high = point["middle"] or (None, None)
            numbers = {key: point[key] for key in ("year", "value", "low", "high", "table")}
            more = {"countries": point["members"], "middle_low": low, "middle_high": high}
            yield about | numbers | more | {"source": data["tables"][point["table"]]["citation"]}
    for key, by_year in data.get("yearly", {}).items():
        figure = YEARLY[key]
        for year, (value, count) in by_year.items():
            yield {
                "subject": subject,
                "property": figure.property,
                "indicator": key,
                "name": name_of(key)[0],
                "unit": figure.unit,
                "sense": figure.sense,
                "year": int(year),
                "value": value,
                "countries": count,
                "source": yearly_source(figure),
            }


def as_csv(side: Side) -> bytes:
    return as_csv_file([COLUMNS, *([record.get(column, "") for column in COLUMNS] for record in records(side))])


def as_json(side: Side, fair: str) -> bytes:
    rest = {key: value for key, value in side.data.items() if key not in {"rows", "yearly"}}
    subject = {"kind": side.subject.kind, "code": side.subject.code, "title": side.subject.title}
    document = {"subject": subject, "fair": fair, "values": list(records(side)), **rest}
    return as_json_document(document)


FORMATS: Mapping[str, tuple[str, Callable[[Side, str], bytes]]] = {
    "svg": ("image/svg+xml", lambda side, fair: share_picture(side, fair).encode()),
    "png": ("image/png", lambda side, fair: png(share_picture(side, fair))),
    "csv": (CSV, lambda side, _fair: as_csv(side)),
    "json": ("application/json", as_json),
}
"""Media type and maker of each format."""
