"""The numbers of a page as a file, and the catalogue of all of a fair in the words of DCAT."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from serai.expo.base.datasets import FORMATS, datasets
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.site.open_data.pages.linked import catalogue_of

LOOK_SECONDS = 3


def dataset_file(request: HttpRequest, page: str, place: str) -> HttpResponse:
    """The numbers of a page: ``place`` is what its address has, and ``data`` with the ending of the format.

    While they are being computed the answer is 503, to be asked again.
    """
    *arguments, name = place.split("/")
    declared, ending = datasets().get(page), name.removeprefix("data.")
    is_file = ending in FORMATS and name == f"data.{ending}"
    if declared is None or not is_file or len(arguments) != len(declared.names):
        raise Http404(_("There are no such data."))
    try:
        numbers = declared.read(getattr(request, "edition", None), *arguments)
    except LookupError:
        raise Http404(_("There are no such data.")) from None
    if numbers is None:
        waiting = HttpResponse(_("It is being computed. Ask again in some seconds."), "text/plain; charset=utf-8", 503)
        waiting["Retry-After"] = str(LOOK_SECONDS)
        return waiting
    media, make = FORMATS[ending]
    answer = HttpResponse(make(declared, numbers), media)
    file_name = "-".join([page, *arguments]) + f".{ending}"
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=file_name))
    return answer


def catalogue(request: EditionRequest) -> HttpResponse:
    """Every dataset of the fair that needs no choice, and that of each of its chains."""
    content = json.dumps(catalogue_of(request, request.edition), ensure_ascii=False, indent=1)
    return HttpResponse(content, content_type="application/ld+json")
