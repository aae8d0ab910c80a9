"""Files that people send. Their type is read from their first bytes, never from their name alone."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from serai.expo.base.pictures import PictureRefusedError, without_metadata

PICTURES: Mapping[str, bytes] = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
}
DOCUMENTS: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "application/zip": b"PK\x03\x04",  # the files of office programs are archives of this kind
    **PICTURES,
}
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/zip": (".docx", ".xlsx", ".pptx"),
}
MOST_BYTES = 5_000_000


class UploadRefusedError(ValueError):
    """Why a file is not taken, in the reader's language."""


def cleaned(file: UploadedFile[Any], media_type: str) -> UploadedFile[Any]:
    """The file to keep: a picture without its metadata, any other file unchanged. Raises UploadRefusedError."""
    if media_type not in PICTURES:
        return file
    file.seek(0)
    try:
        content = without_metadata(file.read(), media_type)
    except PictureRefusedError as error:
        raise UploadRefusedError(str(error)) from error
    return SimpleUploadedFile(file.name or "picture", content, media_type)


def media_type_of(content: bytes, kinds: Mapping[str, bytes]) -> str | None:
    """The media type by the first bytes of a file, or None if it is none of ``kinds``."""
    media_type = next((kind for kind, start in kinds.items() if content.startswith(start)), None)
    return None if media_type == "image/webp" and content[8:12] != b"WEBP" else media_type


def check_upload(file: UploadedFile[Any], kinds: Mapping[str, bytes], *, most: int = MOST_BYTES) -> str:
    """The media type of a file. Raises UploadRefusedError if it is none of ``kinds``, empty or too large."""
    size = file.size or 0
    if size > most:
        raise UploadRefusedError(
            _("The file has %(size)d MB; at most %(most)d MB are taken. Make it smaller and send it again.")
            % {"size": -(-size // 1_000_000), "most": most // 1_000_000}
        )
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    name = (file.name or "").lower()
    media_type = media_type_of(head, kinds)
    if media_type is not None and name.endswith(ENDINGS[media_type]):
        return media_type
    endings = ", ".join(ending.lstrip(".").upper() for kind in kinds for ending in ENDINGS[kind])
    raise UploadRefusedError(_("This is not a file of a kind that is taken here: %s.") % endings)
