"""Reports as jobs: publishing one counts everything, and a PDF is typeset."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.fairs.jobs.domain.files import write_file
from serai.expo.fairs.jobs.domain.kinds import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.results.report.domain import builder
from serai.expo.results.report.domain.builder import ReportError
from serai.expo.results.report.domain.content import content
from serai.expo.results.report.domain.files import report_pdf
from serai.expo.results.report.domain.story import AWAITED, is_awaited
from serai.expo.results.report.models import NamedReport
from serai.world.progress import Progress


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
