"""The files of a result: its numbers as CSV and JSON, its map as SVG and PNG."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from serai.expo.base.exporters import as_csv_file
from serai.expo.insight.lab.domain.presentation import shown
from serai.expo.insight.lab.models import LabRun
from serai.expo.insight.pictures.domain.png import png
from serai.expo.insight.supply.domain.stored_industries import name_of_industry

COLUMNS = ("of", "code", "name", "loss", "share", "low", "high", "step")


def rows(result: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Every number: losses by country, node and industry, and by step of time."""
    for row in result["countries"]:
        yield "country", row["country"] or row["label"], row["label"], row["loss"], row["share"], "", "", ""
    for row in result.get("nodes", []):
        yield "node", row["node"], row["title"].get("en", ""), "", "", row["loss_low"], row["loss_high"], ""
    for row in result.get("industries", []):
        yield "industry", row["label"], name_of_industry(row), row["loss"], row["share"], "", "", ""
    path = result["over_time"]
    if path:
        for step, value in zip(path["steps"], path["world"], strict=True):
            yield path["step"], "world", "world", value, "", "", "", step
        for row in path["countries"]:
            for step, value in zip(path["steps"], row["values"], strict=True):
                yield path["step"], row["country"] or row["label"], row["label"], value, "", "", "", step


def as_csv(run: LabRun) -> bytes:
    return as_csv_file([COLUMNS, *rows(run.result or {})])


def as_json(run: LabRun) -> bytes:
    document = {
        "scenario": run.scenario,
        "computed_at": run.ended_at.isoformat() if run.ended_at else None,
        "fingerprint": run.fingerprint,
        "result": run.result,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def as_svg(run: LabRun) -> bytes:
    return shown(run).map.encode()


def as_png(run: LabRun) -> bytes:
    return png(shown(run).map)


FORMATS: Mapping[str, tuple[str, Callable[[LabRun], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "svg": ("image/svg+xml", as_svg),
    "png": ("image/png", as_png),
}
"""Media type and maker of each format."""
