"""A calendar as the answer of a page."""

from collections.abc import Iterable

from django.http import HttpResponse

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.programme.sessions.domain.calendar import MEDIA_TYPE, Entry, calendar_of


def as_calendar(request: EditionRequest, entries: Iterable[Entry], what: str) -> HttpResponse:
    """The entries as a file that a calendar program subscribes to."""
    name = in_language(request.edition.name).text
    made = calendar_of(request.edition, name, entries, request.build_absolute_uri)
    file_name = f"{request.edition.slug}-{what}.ics"
    return HttpResponse(made, MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{file_name}"'})
