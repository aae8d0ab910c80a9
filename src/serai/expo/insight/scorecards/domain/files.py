"""The files of a scorecard: its picture as SVG and PNG, its numbers as CSV and JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from serai.expo.base.exporters import as_csv_file
from serai.expo.insight.pictures.domain.png import png
from serai.expo.insight.scorecards.domain.presentation import Side
from serai.expo.insight.scorecards.domain.share_picture import share_picture
from serai.expo.insight.scorecards.domain.words import name_of
from serai.world.measures import INDICATORS
from serai.world.scorecards import YEARLY, yearly_source

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


def as_csv(side: Side, _fair: str) -> bytes:
    return as_csv_file([COLUMNS, *([record.get(column, "") for column in COLUMNS] for record in records(side))])


def as_json(side: Side, fair: str) -> bytes:
    rest = {key: value for key, value in side.data.items() if key not in {"rows", "yearly"}}
    subject = {"kind": side.subject.kind, "code": side.subject.code, "title": side.subject.title}
    document = {"subject": subject, "fair": fair, "values": list(records(side)), **rest}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_svg(side: Side, fair: str) -> bytes:
    return share_picture(side, fair).encode()


def as_png(side: Side, fair: str) -> bytes:
    return png(share_picture(side, fair))


FORMATS: Mapping[str, tuple[str, Callable[[Side, str], bytes]]] = {
    "svg": ("image/svg+xml", as_svg),
    "png": ("image/png", as_png),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
}
"""Media type and maker of each format."""
