"""Badges as the answer of a page: made into a file, and noted as printed."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.programme.badges.domain.badges import note_printed
from serai.expo.programme.badges.domain.documents import badges_pdf
from serai.expo.programme.badges.models import Badge

MOST_AT_ONCE = 400
"""So many badges are made into one file at once."""


def sheets_of(request: UserRequest, printed: list[Badge]) -> HttpResponse:
    """The badges as PDF, four a sheet. Raises Http404 where there are none."""
    if not printed:
        raise Http404(_("There are no badges to print."))
    made = badges_pdf(
        printed, lambda token: request.build_absolute_uri(reverse("badge-seen", args=[request.edition.slug, token]))
    )
    note_printed(printed, user=request.user)
    headers = {"Content-Disposition": 'inline; filename="badges.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
