"""A firm's exposure on the screen and on paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.base.datasets import FORMATS
from serai.expo.base.downloads import PDF, download
from serai.expo.insight.exposure.domain.files import EXPOSURE, numbers_of
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
    return redirect(f"{_own_page(request)}?paper")


@exposure_required("GET")
def exposure_file(request: ExposureRequest, ending: str) -> HttpResponse:
    """The stored exposure as CSV, JSON or a data package. Leads to its page where nothing is stored yet."""
    if ending not in FORMATS:
        raise Http404(_("There are no such data."))
    result = exposure_of(request.participation)
    if result.data is None:
        return redirect(_own_page(request))
    media, make = FORMATS[ending]
    return download(make(EXPOSURE, numbers_of(request.participation, result)), f"exposure.{ending}", media)


def _own_page(request: ExposureRequest) -> str:
    return reverse("own-exposure", args=[request.edition.slug, request.participation.firm.identifier])
