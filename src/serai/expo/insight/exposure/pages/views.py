"""A firm's exposure on the screen and on paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.downloads import PDF, download
from serai.expo.insight.exposure.domain.paper import ask_paper
from serai.expo.insight.exposure.domain.results import exposure_of
from serai.expo.insight.exposure.domain.shown import page_of
from serai.expo.insight.exposure.models import ExposureResult
from serai.expo.insight.exposure.pages.guards import ExposureRequest, exposure_required
from serai.expo.insight.supply.domain.stored import FAILED


@exposure_required("GET")
def exposure(request: ExposureRequest) -> HttpResponse:
    """The stored exposure, or that it is being computed."""
    row = exposure_of(request.participation)
    is_waiting = row.state == ExposureResult.State.WAITING
    problem = _(FAILED) if row.state == ExposureResult.State.FAILED else ""
    shown = page_of(request.participation, row)
    page = {"result": row, "is_waiting": is_waiting, "problem": problem, "page": shown}
    return render(request, "insight/exposure/exposure.html", page)


@exposure_required("GET", "POST")
def paper(request: ExposureRequest) -> HttpResponse:
    """The paper for the firm's board. A POST asks for it; a GET gives it, or leads back where it is not set yet."""
    row = exposure_of(request.participation)
    if request.method == "GET" and row.paper:
        return download(bytes(row.paper), "exposure.pdf", PDF)
    if request.method == "POST":
        ask_paper(row)
    return redirect("own-exposure", request.edition.slug, request.participation.firm.identifier)
