"""The result of a scenario as data."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain.files import COLUMNS, rows
from serai.expo.insight.lab.domain.runs import run_of
from serai.expo.insight.lab.models import LabRun

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
