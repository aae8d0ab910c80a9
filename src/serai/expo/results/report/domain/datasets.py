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
from serai.expo.results.report.domain.files import COLUMNS, rows_of
from serai.expo.results.report.domain.summary import figures


def _columns(kind: str, *texts: str) -> tuple[Column, ...]:
    """The columns of a table of the data package, with what each holds."""
    return tuple(Column(name, of, text) for (name, of), text in zip(COLUMNS[kind], texts, strict=True))


FIGURES = _columns(
    "figures",
    "Code of the figure",
    "Its name",
    "Empty where it is not known, never for zero",
    "Unit of the value",
    "What is counted",
    "Version of the definition",
    "When it was counted",
)
OF_AN_ISSUE = {
    "figures": FIGURES,
    "effects": _columns(
        "effects",
        "Chain, empty for all of them together",
        "Code of the figure",
        "Its name",
        "Without the confirmed links of the fair",
        "With them",
        "Lower end of the change: nine draws in ten lie between both",
        "Upper end of the change",
        "Change by as many links drawn at random",
        "After, if what is claimed were confirmed too",
    ),
    "findings": _columns("findings", "Code of the finding", "What it says", "The numbers in it"),
}


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
    tables=OF_AN_ISSUE,
)
def issue_figures(edition: Edition | None, slug: str, number: str) -> Numbers:
    if edition is None:
        raise LookupError
    issue = public_issues(edition).filter(report__slug=slug, number=number_of(number) or 0).first()
    if issue is None:
        raise LookupError
    content, language = issue.content, get_language() or "en"
    if language not in content["languages"]:
        language = content["languages"][0]
    rows = {kind: list(rows_of(content, kind, language)) for kind in OF_AN_ISSUE}
    return Numbers(rows, datetime.fromisoformat(content["as_of"]))
