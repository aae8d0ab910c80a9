"""The report of an edition."""

from itertools import groupby

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from serai.expo.editions.access import EditionRequest
from serai.expo.report.domain import figures
from serai.expo.report.exporting import as_records

GROUPS = {"fair": _("The fair"), "ledger": _("From wish to outcome")}


def report(request: EditionRequest) -> HttpResponse:
    counted = figures(request.edition)
    groups = [
        (GROUPS.get(group, group), list(members))
        for group, members in groupby(counted, key=lambda figure: figure.definition.group)
    ]
    return render(request, "report/report.html", {"groups": groups, "as_of": counted[0].as_of})


def report_json(request: EditionRequest) -> HttpResponse:
    """The same figures for a program to read."""
    return JsonResponse(
        {"edition": request.edition.slug, "figures": as_records(figures(request.edition))},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
