"""The files of a result: its numbers as CSV, JSON and a dataset, its map as SVG and PNG."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.data_packages import as_json_document
from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.exporters import CSV, as_csv_file
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.presentation import shown
from serai.expo.insight.lab.domain.runs import run_of
from serai.expo.insight.lab.models import LabRun
from serai.expo.insight.pictures.domain import png
from serai.expo.insight.supply.domain.stored_results import name_of_industry

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


def as_json(run: LabRun) -> bytes:
    document = {
        "scenario": run.scenario,
        "computed_at": run.ended_at.isoformat() if run.ended_at else None,
        "fingerprint": run.fingerprint,
        "result": run.result,
    }
    return as_json_document(document)


FORMATS: Mapping[str, tuple[str, Callable[[LabRun], bytes]]] = {
    "csv": (CSV, lambda run: as_csv_file([COLUMNS, *rows(run.result or {})])),
    "json": ("application/json", as_json),
    "svg": ("image/svg+xml", lambda run: shown(run).map.encode()),
    "png": ("image/png", lambda run: png(shown(run).map)),
}
"""Media type and maker of each format."""


MEANS = {
    "of": ("string", "country, node or industry, or the step of time"),
    "code": ("string", "Code of the country, node or industry"),
    "name": ("string", "Its name"),
    "loss": ("number", "Value added lost, in the unit of the table"),
    "share": ("number", "The same relative to its own, 0 to 1"),
    "low": ("number", "Part of a node that is missing, lower bound, 0 to 1"),
    "high": ("number", "Upper bound"),
    "step": ("integer", "Step of time"),
}
LOSSES = tuple(Column(name, *MEANS[name]) for name in COLUMNS)


@dataset(
    "lab-run",
    title=_("Result of a scenario"),
    text=_("What is lost by country, node and industry, and over time."),
    tables={"losses": LOSSES},
)
def losses(edition: Edition | None, code: str) -> Numbers | None:
    run = run_of(edition, code) if edition else None
    if run is None:
        raise LookupError
    if run.ended != LabRun.State.DONE or run.result is None:
        return None
    return Numbers({"losses": list(rows(run.result))}, run.ended_at or timezone.now(), run.result.get("sources", ()))
