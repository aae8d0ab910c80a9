"""The reports in the registries: the organiser's desk and the copy of a fair."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.results.report.models import NamedReport, ReportPart

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
