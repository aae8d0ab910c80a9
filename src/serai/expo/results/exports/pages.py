"""Tables of a fair as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from serai.expo.base.export_tables import tables
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.fairs.jobs.domain import start
from serai.expo.fairs.jobs.pages import follow
from serai.expo.results.exports.domain.formats import FORMATS


@organiser_required("GET")
def export_list(request: OrganiserRequest) -> HttpResponse:
    """Every table with its filters and formats, and the archive of all."""
    views, records = ([table for table in tables().values() if table.record is record] for record in (False, True))
    shown = {"tables": views, "records": records, "formats": list(FORMATS)}
    return render(request, "results/exports/list.html", shown)


@organiser_required("POST")
def export_table(request: OrganiserRequest, key: str) -> HttpResponse:
    """Have one table written as a file. A POST, since who took what is written down."""
    made_as = request.POST.get("format", "")
    if key not in tables() or made_as not in FORMATS:
        raise Http404(_("There is no such export."))
    offered = tables()[key].offered
    filters = {name: str(value) for name, value in request.POST.items() if value and name in offered}
    return follow(start(request.edition, "export", user=request.user, table=key, format=made_as, filters=filters))


@organiser_required("POST")
def export_everything(request: OrganiserRequest) -> HttpResponse:
    """Have all of the edition written as one archive."""
    return follow(start(request.edition, "export-of-all", user=request.user))


urlpatterns = [
    path("organiser/exports/", export_list, name="export-list"),
    path("organiser/exports/everything/", export_everything, name="export-everything"),
    path("organiser/exports/<slug:key>/", export_table, name="export-table"),
]
