"""The folder of one instance, with its database, secret key and uploaded files.

``SERAI_HOME`` names it; by default it is ``serai-data`` in the current folder.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
"""The rights of everybody but the owner: what the instance keeps gives none of them."""

KEPT = ("*.sqlite3*", "secret-key", "demo-password", "audit-head", "files", "imports", "jobs", "locks", "backups")
"""What the instance keeps in its folder, in which something else may lie too."""


def home() -> Path:
    """The folder of this instance. It is made if it does not exist."""
    folder = Path(os.environ.get("SERAI_HOME") or "serai-data").resolve()
    folder.mkdir(0o700, parents=True, exist_ok=True)
    return folder


def open_to_others() -> list[Path]:
    """The folder of the instance and what it keeps there, as far as others on this machine can reach it."""
    return [path for path in _kept() if _mode(path) & OTHERS]


def close_to_others() -> None:
    """Take the rights of others from all of it. What belongs to another user is left as it is."""
    for path in open_to_others():
        with suppress(PermissionError, FileNotFoundError):
            path.chmod(_mode(path) & ~OTHERS)


def _mode(path: Path) -> int:
    """The rights of a file or folder; none of a link, and of what is gone by now."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return 0
    return 0 if stat.S_ISLNK(mode) else stat.S_IMODE(mode)


def _kept() -> Iterator[Path]:
    yield home()
    for path in (path for pattern in KEPT for path in home().glob(pattern)):
        yield path
        yield from path.rglob("*") if path.is_dir() and not path.is_symlink() else ()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that readers see its old content or the new, and never a part. Its owner alone may read it."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).replace(path)
    except OSError:  # the disk is full: this file would only lie about
        Path(unfinished).unlink()
        raise


def given_secret(name: str) -> str:
    """The secret from the variable ``name`` or from the file that ``name_FILE`` names; else the empty string."""
    if value := os.environ.get(name):
        return value
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def secret(name: str, file_name: str, *, length: int = 64) -> str:
    """The secret from the variable ``name``, from the file that ``name_FILE`` names, or from a file of the instance.

    That file is made once, with ``length`` hexadecimal digits.
    """
    if value := given_secret(name):
        return value
    path = home() / file_name
    if not path.exists():
        # The file is opened with its final rights, so that nobody else can read the secret even for a moment.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(length // 2))
    return path.read_text(encoding="utf-8").strip()
