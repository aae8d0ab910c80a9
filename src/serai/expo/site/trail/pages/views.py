"""The audit trail of an edition, for its organisers."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.masks import readable
from serai.expo.site.trail.domain import changes, entries, kinds
from serai.expo.site.trail.pages.forms import LookForm

ENTRIES_A_PAGE = 50


@organiser_required("GET")
def audit_trail(request: OrganiserRequest) -> HttpResponse:
    """Entries narrowed by the query string, each with both states side by side."""
    user, edition = request.user, request.edition
    form = LookForm(request.GET.dict(), *kinds(user, edition))
    valid = form.is_valid()
    # A wrong field does not narrow: cleaned_data holds the others.
    page = Paginator(entries(user, edition, form.cleaned_data), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    states = readable(page, edition)
    return render(
        request,
        "site/trail/trail.html",
        {"form": form, "page": page, "listed": [(entry, changes(*states[entry.pk])) for entry in page]},
        status=200 if valid else 400,
    )
