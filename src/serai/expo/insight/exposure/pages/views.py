"""A firm's exposure on the screen and on paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from serai.expo.base.downloads import PDF, download
from serai.expo.insight.exposure.domain.paper import content_of, paper_of
from serai.expo.insight.exposure.domain.results import exposure_of
from serai.expo.insight.exposure.domain.shown import page_of
from serai.expo.insight.exposure.pages.guards import ExposureRequest, exposure_required


@exposure_required("GET")
def exposure(request: ExposureRequest) -> HttpResponse:
    """The stored exposure, or that it is being computed; with ``?paper`` the paper too."""
    result = exposure_of(request.participation)
    page = {
        "result": result,
        "paper": paper_of(request.participation) if "paper" in request.GET and result.data else None,
        "page": page_of(request.participation, result),
    }
    return render(request, "insight/exposure/exposure.html", page)


@exposure_required("GET", "POST")
def paper(request: ExposureRequest) -> HttpResponse:
    """The paper for the firm's board. A POST asks for it; a GET gives it, or leads back where it is not set yet."""
    setting = paper_of(request.participation)
    if request.method == "GET" and setting.is_current and setting.data:
        return download(content_of(setting), "exposure.pdf", PDF)
    back = reverse("own-exposure", args=[request.edition.slug, request.participation.firm.identifier])
    return redirect(f"{back}?paper")
