"""Stored files as they are handed out: their answer, their address."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from serai.expo.base.files.domain import place
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.files.rules import may_read
from serai.expo.base.narrowed_files import narrowed_file, width_asked
from serai.expo.base.uploads import PICTURES


def handed_out_to(user: Any, file: StoredFile, width: int | None = None) -> FileResponse:
    """The content of a file for a user who may read it. Raises Http404 for others, as if there were no file."""
    if not may_read(user, file):
        raise Http404(_("There is no such file."))
    return handed_out(file, width)


def handed_out(file: StoredFile, width: int | None = None) -> FileResponse:
    """The content of a file, as an attachment unless it is a picture, of ``width`` points where that is narrower.

    The caller checks who may read it.

    Raises Http404 if the content is not there any more.
    """
    path = place(file)
    if not path.exists():
        raise Http404(_("There is no such file."))
    if file.media_type in PICTURES:
        path = narrowed_file(path, width)
    answer = FileResponse(
        path.open("rb"), as_attachment=file.media_type not in PICTURES, filename=file.name, content_type=file.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    public = file.audience == Audience.PUBLIC
    answer["Cache-Control"] = "public, max-age=86400" if public else "private, no-store"
    return answer


def stored_file(request: HttpRequest, token: str) -> FileResponse:
    """The file, as an attachment unless it is a picture, or 404 if the user may not read it."""
    file = get_object_or_404(StoredFile.objects.select_related("firm", "person"), token=token)
    return handed_out_to(request.user, file, width_asked(request.GET.get("width", "")))


outside_of_editions = [path("files/<str:token>/", stored_file, name="stored-file")]
