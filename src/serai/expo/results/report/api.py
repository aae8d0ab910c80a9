"""The figures of the report, each with its definition and version, and the published reports with their files."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import or_404
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Moment, Texts
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.results.report.domain.files import offered_files
from serai.expo.results.report.domain.properties import figures
from serai.expo.results.report.models import ReportIssue

room = Room(_("Report"))

COUNTED = _("Counted from the records of this fair, by the definition beside it")


class FigureShown(Schema):
    code: str
    group: str
    title: str
    definition: str
    version: int
    unit: str
    value: float | None = Field(description="null means that it cannot be said, never that it is zero")
    as_of: Moment = Field(description="When it was counted")
    source: str


def figure(row: Figure) -> FigureShown:
    definition = row.definition
    return FigureShown(
        code=row.code,
        group=definition.group,
        title=str(definition.title),
        definition=str(definition.text),
        version=definition.version,
        unit=str(definition.unit),
        value=row.value,
        as_of=row.as_of,
        source=str(COUNTED),
    )


@room.list("/figures", _("Figures"), FigureShown, figure)
def figures_(_request: Call, edition: Edition) -> Any:
    """The figures of the report, counted now."""
    return figures(edition)


@room.get("/figures/{code}", _("A figure"), FigureShown)
def figure_(_request: Call, edition: Edition, code: str) -> Any:
    row = or_404(next(iter(figures(edition, codes=[code])), None), _("There is no figure of this code."))
    return figure(row)


class ReportFileShown(Schema):
    name: str
    title: str
    media_type: str
    language: str = Field(description="Empty for the data package, which holds every language")
    address: str = Field(description="Where it is read, without a key")


class ReportShown(Schema):
    report: str
    issue: int
    title: dict[str, str] = Field(description="By language")
    summary: dict[str, str] = Field(description="By language")
    published_at: datetime
    address: str
    files: list[ReportFileShown]


def published(issue: ReportIssue) -> ReportShown:
    name = [issue.edition.slug, issue.report.slug, issue.number]
    files = [
        ReportFileShown(
            name=file.name,
            title=file.title,
            media_type=file.media_type,
            language=file.language,
            address=reverse("report-file", args=[*name, file.name]),
        )
        for file in offered_files(issue.content["languages"])
    ]
    return ReportShown(
        report=issue.report.slug,
        issue=issue.number,
        title=issue.content["title"],
        summary=issue.content["summary"],
        published_at=issue.published_at,
        address=reverse("report-issue", args=name),
        files=files,
    )


@room.list("/reports", _("Published reports"), ReportShown, published)
def reports_(_request: Call, edition: Edition) -> Any:
    """Every published issue that is not withdrawn, the latest of each report first."""
    return public_issues(edition).select_related("edition")


class FindingShown(Schema):
    code: str
    text: Texts = Field(description="A sentence made from the numbers")


class PublishedFigureShown(Schema):
    code: str
    title: Texts
    definition: Texts
    unit: Texts
    version: int
    value: float | None
    as_of: datetime


class ReportInFull(ReportShown):
    as_of: datetime = Field(description="When everything in it was counted; later counts change nothing in it")
    findings: list[FindingShown]
    figures: list[PublishedFigureShown]


@room.get("/reports/{report}", _("A published report"), ReportInFull)
def report_(_request: Call, edition: Edition, report: str) -> Any:
    """Its latest issue: findings in sentences, and figures with their definitions."""
    issues = public_issues(edition).filter(report__slug=report).select_related("edition")
    issue = or_404(issues.first(), _("There is no such report."))
    parts = issue.content["parts"]
    return ReportInFull(
        as_of=issue.content["as_of"],
        findings=[finding for part in parts for finding in part.get("findings", ())],
        figures=[figure for part in parts for figure in part.get("figures", ())],
        **published(issue).model_dump(),
    )
