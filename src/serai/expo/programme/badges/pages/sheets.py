"""Printed documents as the answer of a page."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import UserRequest
from serai.expo.programme.badges.domain.badges import note_printed
from serai.expo.programme.badges.domain.documents import badges_pdf
from serai.expo.programme.badges.models import Badge

MOST_AT_ONCE = 400
"""Limit of badges in one file."""


def sheets_of(request: UserRequest, printed: list[Badge]) -> HttpResponse:
    """The badges as PDF, four a sheet, noted as printed. Raises Http404 for no badges."""
    if not printed:
        raise Http404(_("There are no badges to print."))
    made = badges_pdf(
        printed, lambda token: request.build_absolute_uri(reverse("badge-seen", args=[request.edition.slug, token]))
    )
    note_printed(printed, user=request.user)
    return pdf(made, 'inline; filename="badges.pdf"')


def pdf(content: bytes, disposition: str) -> HttpResponse:
    """A private file, which no cache keeps."""
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
