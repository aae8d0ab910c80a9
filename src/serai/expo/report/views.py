"""The report of an edition and its exports."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.editions.access import EditionRequest
from serai.expo.report import exporters  # noqa: F401  (importing it declares its exports)
from serai.expo.report.domain import figures
from serai.expo.report.exporting import registry

GROUPS = {
    "fair": gettext_lazy("The fair"),
    "ledger": gettext_lazy("From wish to outcome"),
    "assist": gettext_lazy("Assistance"),
}


def report(request: EditionRequest) -> HttpResponse:
    counted = figures(request.edition)
    groups = [
        (GROUPS.get(group, group), list(members))
        for group, members in groupby(counted, key=lambda figure: figure.definition.group)
    ]
    organises = request.user.has_perm("expo.organise_edition", request.edition)
    offered = [exporter for exporter in registry.values() if exporter.public or organises]
    return render(request, "report/report.html", {"groups": groups, "as_of": counted[0].as_of, "exporters": offered})


def export(request: EditionRequest, file_name: str) -> HttpResponse:
    """One export as a file. What isn't public is for organisers."""
    if file_name not in registry:
        raise Http404(_("There is no such export."))
    exporter = registry[file_name]
    if not exporter.public and not request.user.has_perm("expo.organise_edition", request.edition):
        raise PermissionDenied
    return HttpResponse(
        exporter.export(request.edition),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f'attachment; filename="{request.edition.slug}-{exporter.file_name}"'},
    )
