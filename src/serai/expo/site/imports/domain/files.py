"""The file of an import, stored under its hash until the import is applied or discarded."""

import hashlib
import shutil
from pathlib import Path

from serai.expo.base.home import home
from serai.expo.site.imports.models import Import


def sha256(path: Path) -> str:
    """The hash under which a file is kept, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept(digest: str) -> Path:
    """Where the file with this hash is kept."""
    return home() / "imports" / digest


def keep(path: Path, digest: str) -> None:
    """Keep a copy of the file."""
    place = kept(digest)
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        partial = place.with_suffix(".partial")
        shutil.copyfile(path, partial)
        partial.replace(place)  # nobody reads half of a file


def forget(digest: str) -> None:
    """Delete the file unless another preview, of whichever fair, needs it."""
    needing = (Import.State.READING, Import.State.PREVIEWED, Import.State.APPLYING)
    if not Import._base_manager.filter(sha256=digest, state__in=needing).exists():
        kept(digest).unlink(missing_ok=True)
