"""The audit trail of an edition, for its organisers."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from serai.expo.base.audit.domain.words import done, in_words
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.firms.record.domain.masks import readable
from serai.expo.results.exports.domain.record_titles import record_title
from serai.expo.site.trail.domain import entries, kinds
from serai.expo.site.trail.pages.forms import LookForm

ENTRIES_A_PAGE = 50


@organiser_required("GET")
def audit_trail(request: OrganiserRequest) -> HttpResponse:
    """Entries narrowed by the query string, each with what changed in words."""
    user, edition = request.user, request.edition
    form = LookForm(request.GET.dict(), *kinds(user, edition))
    valid = form.is_valid()
    # A wrong field does not narrow: cleaned_data holds the others.
    page = Paginator(entries(user, edition, form.cleaned_data), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    states = readable(page, edition)
    worded = in_words([(entry.object_type, *states[entry.pk]) for entry in page])
    listed = [
        {"entry": entry, "record": record_title(entry.object_type), "done": done(entry.action), "changes": changed}
        for entry, changed in zip(page, worded, strict=True)
    ]
    return render(
        request,
        "site/trail/trail.html",
        {"form": form, "page": page, "listed": listed},
        status=200 if valid else 400,
    )
