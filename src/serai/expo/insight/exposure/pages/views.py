"""A firm's exposure on the screen and on paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from serai.expo.base.downloads import PDF, download
from serai.expo.insight.exposure.domain.paper import ask_paper
from serai.expo.insight.exposure.domain.results import exposure_of
from serai.expo.insight.exposure.domain.shown import page_of
from serai.expo.insight.exposure.models import ExposureResult
from serai.expo.insight.exposure.pages.guards import ExposureRequest, exposure_required


@exposure_required("GET")
def exposure(request: ExposureRequest) -> HttpResponse:
    """The stored exposure, or that it is being computed."""
    row = exposure_of(request.participation)
    is_waiting = row.state == ExposureResult.State.WAITING
    page = {"result": row, "is_waiting": is_waiting, "page": page_of(request.participation, row)}
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
