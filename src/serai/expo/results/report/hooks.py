"""The reports in the registries: the organiser's desk and the copy of a fair."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.jobs.domain import job
from serai.expo.results.report.domain import exporters
from serai.expo.results.report.domain.builder import ReportError
from serai.expo.results.report.domain.exporters import publish, typeset
from serai.expo.results.report.models import NamedReport, ReportPart

__all__ = ["exporters"]

card(
    "report",
    "after",
    title=_("Report"),
    text=_("The figures of the fair, each with its definition."),
    order=10,
)
card(
    "report-builder",
    "after",
    title=_("Reports of your own"),
    text=_("Choose figures, groups, chains and words; look at them, publish them, as PDF and data."),
    order=15,
)


copied(NamedReport, "reports")
copied(ReportPart, "reports")

job("report-publication", title=_("Publishing a report"), refusals=(ReportError,), atomic=True)(publish)
job("report-pdf", title=_("A report as PDF"), refusals=(ReportError,))(typeset)
