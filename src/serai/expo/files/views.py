"""Handing out a file to who may read it."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from serai.expo.files.handing_out import handed_out
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
    if not allowed:
        raise Http404(_("There is no such file."))
    return handed_out(file)
