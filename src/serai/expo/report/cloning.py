"""What of the reports is copied to a new edition: which parts they have, never what was published."""

from serai.expo.editions.cloning import copied
from serai.expo.report.models import NamedReport, ReportPart

copied(NamedReport, "reports")
copied(ReportPart, "reports")
