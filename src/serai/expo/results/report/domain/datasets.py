"""The figures of a fair as data: of its report and of its front page."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.fairs.edition.models import Edition
from serai.expo.results.report.domain.exporters import as_records
from serai.expo.results.report.domain.summary import figures

FIGURES = (
    Column("code", "string", "Code of the figure"),
    Column("title", "string", "Its name"),
    Column("value", "number", "Empty where it is not known, never for zero"),
    Column("unit", "string", "Unit of the value"),
    Column("definition", "string", "What is counted"),
    Column("version", "integer", "Version of the definition"),
    Column("as_of", "datetime", "When it was counted"),
)


@dataset(
    "report",
    title=_("Figures of the fair"),
    text=_("Every figure of the report, counted now, with its unit and definition."),
    tables={"figures": FIGURES},
)
def fair_figures(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    rows = [tuple(record[column.name] for column in FIGURES) for record in as_records(figures(edition))]
    return Numbers({"figures": rows}, timezone.now())
