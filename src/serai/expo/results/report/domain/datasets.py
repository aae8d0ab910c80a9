"""The figures of a fair as data: of its report, of its front page, and of each published issue."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.results.report.domain.exporters import as_records
from serai.expo.results.report.domain.files import rows_of
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
EFFECTS = (
    Column("chain", "string", "Chain, empty for all of them together"),
    Column("figure", "string", "Code of the figure"),
    Column("title", "string", "Its name"),
    Column("before", "number", "Without the confirmed links of the fair"),
    Column("after", "number", "With them"),
    Column("low", "number", "Lower end of the change: nine draws in ten lie between both"),
    Column("high", "number", "Upper end of the change"),
    Column("by_chance", "number", "Change by as many links drawn at random"),
    Column("claimed", "number", "After, if what is claimed were confirmed too"),
)
FINDINGS = (
    Column("code", "string", "Code of the finding"),
    Column("sentence", "string", "What it says"),
    Column("numbers", "object", "The numbers in it"),
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


@dataset(
    "report-issue",
    title=_("Figures of a report"),
    text=_("The figures, findings and effects on the chains of a published report, as they were counted for it."),
    tables={"figures": FIGURES, "effects": EFFECTS, "findings": FINDINGS},
)
def issue_figures(edition: Edition | None, slug: str, number: str) -> Numbers:
    found = public_issues(edition).filter(report__slug=slug, number=number_of(number) or 0) if edition else None
    issue = found.first() if found is not None else None
    if issue is None:
        raise LookupError
    content, language = issue.content, get_language() or "en"
    if language not in content["languages"]:
        language = content["languages"][0]
    rows = {kind: list(rows_of(content, kind, language)) for kind in ("figures", "effects", "findings")}
    return Numbers(rows, datetime.fromisoformat(content["as_of"]))
