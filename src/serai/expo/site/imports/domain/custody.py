"""The state and the file of an import: whoever reads, applies or takes it back is alone with it, at most until the
process ends.

What an import writes is written in parts, so its state says what was begun. A state that says so while nobody
holds the import is that of one which was interrupted. The file is stored under its hash until the import is
applied or discarded.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.requests import new_request, request_id
from serai.expo.base.home import home
from serai.expo.site.imports.models import Import

State = Import.State
BEGUN = (State.READING, State.APPLYING, State.UNDOING)
"""The states of an import that is being worked on, or was when its process ended."""

WRITING = "writing"
"""The hold that those share who write rows of the fair: two lists at once would make the firms of both twice."""


class ImportStateError(Exception):
    """The state of the import does not allow this; the message says why."""


@contextmanager
def held(import_: Import, *states: str, writing: bool = False) -> Iterator[Import]:
    """The import as it is stored, held, in one of the states and in the scope of its edition. Raises ImportStateError.

    ``writing`` is for whoever writes rows of the fair.
    """
    with ExitStack() as stack:
        stack.enter_context(scope(edition=import_.edition))
        if writing and not stack.enter_context(_alone(WRITING)):
            raise ImportStateError(_("Another import is being applied or taken back. Try again when it is done."))
        if not stack.enter_context(_alone(str(import_.pk))):
            raise ImportStateError(_("This import is being worked on. Look at it again in a moment."))
        stored = Import.objects.filter(pk=import_.pk).first()
        if stored is None or stored.state not in states:
            raise ImportStateError(
                _("This import has been applied, taken back or discarded meanwhile. Look at it anew.")
            )
        stored.edition = import_.edition
        if not request_id():
            stack.enter_context(new_request())
        yield stored


def is_interrupted(import_: Import) -> bool:
    """Whether its work was begun and nobody goes on with it."""
    if import_.state not in BEGUN:
        return False
    with _alone(str(import_.pk)) as free:
        return free


def set_state(import_: Import, state: State, **more: object) -> None:
    """Say in its row what is done with the import now."""
    import_.state = state
    for name, value in more.items():
        setattr(import_, name, value)
    with transaction.atomic():
        import_.save(update_fields=["state", *more])


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether no other process and thread has the hold of this name; it is ours then. It ends with the process."""
    place = home() / "locks" / f"import-{name}"
    place.parent.mkdir(exist_ok=True)
    with place.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


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
