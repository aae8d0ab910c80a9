"""Files that people hand in: only known kinds, of limited size, under a name that nobody can guess."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.home import home
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.base.pictures import PictureRefusedError, without_metadata
from serai.expo.base.uploads import DOCUMENTS, PICTURES, media_type_of

if TYPE_CHECKING:
    from serai.expo.firms.record.models import Firm
    from serai.expo.people.account.models import Organisation, User


MOST_BYTES = 8 * 1024**2
KINDS: Mapping[str, bytes] = MappingProxyType({"application/pdf": DOCUMENTS["application/pdf"], **PICTURES})
"""The media types that may be handed in, with the first bytes of each. The type that the browser sends is ignored."""


class FileRefusedError(ValueError):
    """Why a file is not accepted, in the reader's language."""


def place(file: StoredFile) -> Path:
    """Where the file lies.

    Evidence of outcomes lay one folder higher once. It is looked for there too and not moved, as a backup of that time
    may be restored at any day, long after every migration has been run.
    """
    now, once = (folder / file.token for folder in (home() / "files" / file.token[:2], home() / "files"))
    return once if once.is_file() and not now.exists() else now


def size_of_picture(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture in points, read from its header; None if it is none."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except OSError:
        return None


@lru_cache(maxsize=4096)  # a file never changes under its token
def picture_size(token: str) -> tuple[int, int] | None:
    """Width and height of a stored picture in points; None if it is none."""
    return size_of_picture(place(StoredFile(token=token)))


def write(file: StoredFile, content: bytes) -> None:
    """Write the content of a file. Only the owner of the process may read it."""
    path = place(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)


@transaction.atomic
def keep(
    upload: "UploadedFile[bytes]",
    *,
    firm: "Firm | None" = None,
    person: "User | None" = None,
    organisation: "Organisation | None" = None,
    user: "User | None" = None,
    audience: str = Audience.ORGANISER,
    pictures_only: bool = False,
) -> StoredFile:
    """Store an uploaded file, a picture without its metadata.

    Raises FileRefusedError if it is too large, empty, damaged or of another kind.
    """
    if not upload.size:
        raise FileRefusedError(_("The file is empty. Choose another."))
    if upload.size > MOST_BYTES:
        raise FileRefusedError(_("The file has more than %d MB. Make it smaller.") % (MOST_BYTES // 1024**2))
    content = upload.read()
    media_type = media_type_of(content, KINDS)
    if media_type is None or (pictures_only and media_type not in PICTURES):
        wanted = "PNG, JPEG, WebP" if pictures_only else "PDF, PNG, JPEG, WebP"
        raise FileRefusedError(_("This kind of file is not taken. Hand in one of: %s.") % wanted)
    if media_type in PICTURES:
        try:
            content = without_metadata(content, media_type)
        except PictureRefusedError as error:
            raise FileRefusedError(str(error)) from error
    name = Path((upload.name or "").replace("\\", "/")).name[-200:] or "file"
    file = StoredFile(
        name="".join(character for character in name if character.isprintable()),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        firm=firm,
        organisation=organisation,
        person=person,
        uploaded_by=user,
        audience=audience,
    )
    write(file, content)
    file.save()
    record("file.kept", file, after=state(file), user=user)
    return file


@transaction.atomic
def discard(file: StoredFile, *, user: "User | None" = None) -> None:
    """Delete a file and its row."""
    record("file.discarded", file, before=state(file), user=user)
    delete_on_commit(place(file))
    file.delete()
