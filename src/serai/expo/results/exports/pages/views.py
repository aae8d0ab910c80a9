"""The page of exports, and the files."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.export_tables import tables
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.results.exports.domain.downloads import take, take_all
from serai.expo.results.exports.domain.formats import FORMATS


@organiser_required("GET")
def export_list(request: OrganiserRequest) -> HttpResponse:
    """Every table with its filters and formats, and the archive of all."""
    views, records = ([table for table in tables().values() if table.record is record] for record in (False, True))
    shown = {"tables": views, "records": records, "formats": list(FORMATS)}
    return render(request, "results/exports/list.html", shown)


@organiser_required("POST")
def export_table(request: OrganiserRequest, key: str) -> StreamingHttpResponse:
    """One table as a file. A POST, since who took what is written down."""
    made_as = FORMATS.get(request.POST.get("format", ""))
    if key not in tables() or made_as is None:
        raise Http404(_("There is no such export."))
    wanted = {name: str(value) for name, value in request.POST.items()}
    pieces = take(tables()[key], made_as, request.edition, wanted, user=request.user)
    return _file(request, pieces, f"{key}.{made_as.ending}", made_as.media_type)


@organiser_required("POST")
def export_everything(request: OrganiserRequest) -> StreamingHttpResponse:
    """All of the edition as one archive."""
    return _file(request, take_all(request.edition, user=request.user), "everything.zip", "application/zip")


def _file(request: OrganiserRequest, pieces: Iterator[bytes], name: str, media_type: str) -> StreamingHttpResponse:
    name = f"{request.edition.slug}-{timezone.localdate():%Y%m%d}-{name}"
    return StreamingHttpResponse(
        pieces, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
