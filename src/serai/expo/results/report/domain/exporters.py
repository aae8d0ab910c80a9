"""Figures of the report as files and data, and the job that makes a report."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_scopes import scope
from openpyxl import Workbook

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.exporters import as_csv_file, exporter, harmless_rows
from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended, write_file
from serai.expo.fairs.jobs.models import Job
from serai.expo.firms.record.domain.visibility import shown as shown_field
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain import builder
from serai.expo.results.report.domain.builder import ReportError, public_issues
from serai.expo.results.report.domain.content import content
from serai.expo.results.report.domain.files import COLUMNS, report_pdf, rows_of
from serai.expo.results.report.domain.properties import figures
from serai.expo.results.report.domain.story import AWAITED, is_awaited
from serai.expo.results.report.models import NamedReport
from serai.world.progress import Progress

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_records(counted: Iterable[Figure]) -> list[dict[str, Any]]:
    """Each figure with its unit, definition, version and time."""
    return [
        {
            "code": figure.code,
            "title": str(figure.definition.title),
            "value": figure.value,
            "unit": str(figure.definition.unit),
            "definition": str(figure.definition.text),
            "version": figure.definition.version,
            "as_of": figure.as_of.isoformat(),
        }
        for figure in counted
    ]


@exporter("figures.json", title=gettext_lazy("Figures as data (JSON)"), media_type=JSON, public=True)
def figures_json(edition: Edition) -> bytes:
    document = {"edition": edition.slug, "figures": as_records(figures(edition))}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


@exporter("figures.csv", title=gettext_lazy("Figures as a table (CSV)"), media_type=CSV, public=True)
def figures_csv(edition: Edition) -> bytes:
    records = as_records(figures(edition))
    return as_csv_file([list(records[0]), *(list(record.values()) for record in records)])


@exporter("exhibitors.csv", title=gettext_lazy("Exhibitors as a table (CSV)"), media_type=CSV, public=True)
def exhibitors_csv(edition: Edition) -> bytes:
    return as_csv_file(_exhibitors(edition))


@exporter("exhibitors.xlsx", title=gettext_lazy("Exhibitors as a workbook"), media_type=XLSX, public=True)
def exhibitors_xlsx(edition: Edition) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Exhibitors"))
    for row in harmless_rows(_exhibitors(edition)):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _exhibitors(edition: Edition) -> list[Sequence[object]]:
    """A header that the import can read, and a row for each exhibitor."""
    shown = (
        exhibitors(edition)
        .select_related("firm", "section")
        .prefetch_related("booths__hall", Prefetch("offers", Offer.objects.filter(PUBLISHED)))
    )
    header = ("identifier", "name", "name (zh)", "country", "kind", "section", "hall", "booth", "website", "offers")
    return [
        header,
        *(
            (
                participation.firm.identifier,
                participation.firm.name.get("en") or participation.firm.legal_name,
                participation.firm.name.get("zh-hans", ""),
                participation.firm.country,
                participation.kind,
                participation.section.slug if participation.section else "",
                "; ".join(booth.hall.code for booth in participation.booths.all()),
                "; ".join(booth.code for booth in participation.booths.all()),
                shown_field(participation.firm, "website"),
                "; ".join(offer.title.get("en", "") for offer in participation.offers.all()),
            )
            for participation in shown
        ),
    ]


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
    title=gettext_lazy("Figures of the fair"),
    text=gettext_lazy("Every figure of the report, counted now, with its unit and definition."),
    tables={"figures": FIGURES},
)
def fair_figures(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    rows = [tuple(record[column.name] for column in FIGURES) for record in as_records(figures(edition))]
    return Numbers({"figures": rows}, timezone.now())


@dataset(
    "report-issue",
    title=gettext_lazy("Figures of a report"),
    text=gettext_lazy(
        "The figures, findings and effects on the chains of a published report, as they were counted for it."
    ),
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


def publish(job: Job, progress: Progress) -> Ended:
    """Publish the report as its next issue, in one transaction with the end of the job."""
    progress(_("Counting the figures"), 0.0)
    if job.asked_by is None:
        raise ReportError(_("Who asked for it has no account any more."))
    report = _report(job)
    if is_awaited(report):
        raise ReportError(str(AWAITED))
    issue = builder.publish(report, user=job.asked_by)
    page = reverse("report-issue", args=[job.edition.slug, job.given["slug"], issue.number])
    return Ended(_("Issue %d is published.") % issue.number, page, issue.number)


def typeset(job: Job, progress: Progress) -> Ended:
    """The report as it would be published now, as a PDF in one language."""
    progress(_("Counting the figures"), 0.0)
    slug, language = job.given["slug"], job.given["language"]
    draft = content(_report(job))
    progress(_("Setting the type"), 0.5)
    write_file(job, [report_pdf(draft, language)])
    return Ended(_("The file is ready."), file_name=f"{job.edition.slug}-{slug}-{language}.pdf")


def _report(job: Job) -> NamedReport:
    with scope(edition=job.edition):
        report = NamedReport.objects.select_related("edition").filter(slug=job.given["slug"]).first()
    if report is None:
        raise ReportError(_("There is no such report."))
    return report
