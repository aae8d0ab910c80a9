"""Handing out a file to who may read it."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from serai.expo.files.domain import PICTURES, place
from serai.expo.files.models import StoredFile
from serai.expo.files.rules import is_of_its_organisation, is_public
from serai.expo.firms.visibility import RANK, reads_as
from serai.expo.people.photo import sees


def stored_file(request: HttpRequest, token: str) -> FileResponse:
    """The file, as an attachment unless it is a picture; who may not read it is told that there is none."""
    file = get_object_or_404(StoredFile.objects.select_related("firm", "person"), token=token)
    user = request.user
    allowed = is_public(user, file) or is_of_its_organisation(user, file)
    if not allowed and file.firm is not None:
        allowed = RANK[reads_as(user, file.firm)] >= RANK[file.audience]
    if not allowed and file.person is not None:
        allowed = sees(user, file.person, file.audience)
    path = place(file)
    if not allowed or not path.exists():
        raise Http404(_("There is no such file."))
    answer = FileResponse(
        path.open("rb"), as_attachment=file.media_type not in PICTURES, filename=file.name, content_type=file.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "public, max-age=86400" if is_public(user, file) else "private, no-store"
    return answer
