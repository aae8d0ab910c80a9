"""Keeping a file that was handed in: only known kinds, of a bounded size, under a name that nobody guesses."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.base.home import home
from serai.expo.base.pictures import PictureRefusedError, without_metadata

if TYPE_CHECKING:
    from serai.expo.firms.record.models import Firm
    from serai.expo.people.account.models import Organisation, User


MOST_BYTES = 8 * 1024**2
KINDS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        "application/pdf": (b"%PDF-",),
        "image/png": (b"\x89PNG\r\n\x1a\n",),
        "image/jpeg": (b"\xff\xd8\xff",),
        "image/webp": (b"RIFF",),
    }
)
"""What may be handed in, by how its content begins; what the browser says of it is not believed."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})


class FileRefusedError(ValueError):
    """Why a file is not taken, in the reader's language."""


def place(file: StoredFile) -> Path:
    """Where the file lies.

    Evidence of outcomes lay one folder higher once. It is looked for there too and not moved, as a backup of that time
    may be restored at any day, long after every migration has been run.
    """
    now, once = (folder / file.token for folder in (home() / "files" / file.token[:2], home() / "files"))
    return once if once.is_file() and not now.exists() else now


def write(file: StoredFile, content: bytes) -> None:
    """Put the content where the file lies, for the owner of the process alone to read."""
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
    """Keep an uploaded file, a picture without what its camera wrote into it.

    Raises FileRefusedError for one that is too large, empty, damaged or of another kind.
    """
    if not upload.size:
        raise FileRefusedError(_("The file is empty. Choose another."))
    if upload.size > MOST_BYTES:
        raise FileRefusedError(_("The file has more than %d MB. Make it smaller.") % (MOST_BYTES // 1024**2))
    content = upload.read()
    media_type = kind_of(content)
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
    path = place(file)
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def kind_of(content: bytes) -> str | None:
    """The media type that the content begins like, or None."""
    found = next((kind for kind, heads in KINDS.items() if content.startswith(heads)), None)
    return None if found == "image/webp" and content[8:12] != b"WEBP" else found
