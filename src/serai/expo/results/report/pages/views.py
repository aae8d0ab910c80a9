"""The report of an edition, its exports and its published issues."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.exporters import registry
from serai.expo.base.rows import or_404
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.results.report.domain import exporters  # noqa: F401  (importing it declares its exports)
from serai.expo.results.report.domain.builder import public_issues, visible_to
from serai.expo.results.report.domain.files import file_of, offered_files
from serai.expo.results.report.domain.presentation import shown_parts
from serai.expo.results.report.domain.properties import figures
from serai.expo.results.report.models import ReportIssue

# In the order in which they stand on the page; what a plugin adds comes after them.
GROUPS = {
    "fair": gettext_lazy("The fair"),
    "ledger": gettext_lazy("From wish to outcome"),
    "assist": gettext_lazy("Assistance"),
}


def report(request: EditionRequest) -> HttpResponse:
    order = {group: place for place, group in enumerate(GROUPS)}
    counted = sorted(figures(request.edition), key=lambda figure: order.get(figure.definition.group, len(order)))
    groups = [
        (GROUPS.get(group, group), list(members))
        for group, members in groupby(counted, key=lambda figure: figure.definition.group)
    ]
    organises = request.user.has_perm("expo.read_results", request.edition)
    offered = [exporter for exporter in registry.values() if exporter.public or organises]
    latest: dict[int, ReportIssue] = {}
    for issue in public_issues(request.edition):
        latest.setdefault(issue.report_id, issue)
    shown = {"groups": groups, "as_of": counted[0].as_of, "exporters": offered, "issues": list(latest.values())}
    return render(request, "results/report/report.html", shown)


def export(request: EditionRequest, file_name: str) -> HttpResponse:
    """One export as a file. Only organisers get those that are not public."""
    if file_name not in registry:
        raise Http404(_("There is no such export."))
    exporter = registry[file_name]
    if not exporter.public and not request.user.has_perm("expo.read_results", request.edition):
        raise PermissionDenied
    return HttpResponse(
        exporter.export(request.edition),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f'attachment; filename="{request.edition.slug}-{exporter.file_name}"'},
    )


def issue(request: EditionRequest, slug: str, number: int = 0) -> HttpResponse:
    """A published report: the latest issue, or one by its number."""
    shown = _issue(request, slug, number)
    parts = shown_parts(shown.content)
    files = offered_files(shown.content["languages"])
    context = {"report": shown.report, "said": shown.content, "parts": parts, "issue": shown, "files": files}
    return render(request, "results/report/issue.html", context)


def issue_file(request: EditionRequest, slug: str, number: int, file_name: str) -> HttpResponse:
    """A published report as a file: ``report-<language>.pdf`` or ``.html``, ``press-<language>.pdf``, ``data.zip``."""
    content, name = _issue(request, slug, number).content, f"{request.edition.slug}-{slug}"
    offered_by_name = {file.name: file for file in offered_files(content["languages"])}
    offered = or_404(offered_by_name.get(file_name), _("There is no such export."))
    disposition = f'attachment; filename="{name}-{number}-{file_name}"'
    return HttpResponse(
        file_of(content, offered, name=name, number=number),
        content_type=offered.media_type,
        headers={"Content-Disposition": disposition},
    )


def _issue(request: EditionRequest, slug: str, number: int) -> ReportIssue:
    """An issue that the reader may see: organisers see withdrawn ones too."""
    issues = visible_to(request.user, request.edition).filter(report__slug=slug)
    wanted = issues.filter(number=number) if number else issues.filter(withdrawn_at__isnull=True)
    if (issue := wanted.first()) is None:
        raise Http404(_("There is no such report."))
    return issue
