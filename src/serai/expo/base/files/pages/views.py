"""The page that is a file."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from serai.expo.base.files.models import StoredFile
from serai.expo.base.files.pages.response import handed_out_to
from serai.expo.base.narrowed_files import width_asked


def stored_file(request: HttpRequest, token: str) -> FileResponse:
    """The file, as an attachment unless it is a picture, or 404 if the user may not read it."""
    file = get_object_or_404(StoredFile.objects.select_related("firm", "person"), token=token)
    return handed_out_to(request.user, file, width_asked(request.GET.get("width", "")))
