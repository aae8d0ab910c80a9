"""A backup of an instance: the database as it is at one moment, the files and the secrets, in one archive.

To restore it, unpack it into an empty SERAI_HOME; ``pg_restore`` reads a dump of PostgreSQL.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from serai.expo.base.home import home

NAME = "serai-%Y%m%d-%H%M%S.zip"
OTHERS = ("secret-key", "demo-password")


class BackupError(Exception):
    """A backup cannot be made; the message says why."""


def folder() -> Path:
    """Where backups are kept: SERAI_BACKUPS, else ``backups`` in the folder of the instance."""
    return Path(os.environ.get("SERAI_BACKUPS", "") or home() / "backups")


def latest() -> datetime | None:
    """The time of the newest backup, or None."""
    made = [path.stat().st_mtime for path in folder().glob("serai-*.zip")] if folder().is_dir() else []
    return datetime.fromtimestamp(max(made), UTC) if made else None


def make_backup(to: Path | None = None, *, database: Mapping[str, Any] | None = None) -> Path:
    """Write a backup while the site may run. Returns its path. Raises BackupError."""
    target = (to or folder()) / datetime.now(UTC).strftime(NAME)
    chosen = database or settings.DATABASES["default"]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            copy = _copy_of(chosen, Path(work))
            unfinished = Path(work) / target.name
            unfinished.touch(0o600)  # readable by the owner only, from the first byte: the secrets are in it
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(copy, copy.name)
                _add_files(archive)
            unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"The backup cannot be written to {target.parent}: {error}.") from None
    return target


def _copy_of(database: Mapping[str, Any], work: Path) -> Path:
    """The database in one file, as of one moment."""
    if "sqlite" in database["ENGINE"]:
        copy = work / Path(str(database["NAME"])).name
        with closing(sqlite3.connect(database["NAME"])) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy
    if (dump := shutil.which("pg_dump")) is None:
        raise BackupError("The database is PostgreSQL, and pg_dump is not installed here; install its client.")
    copy = work / "database.dump"
    password = {"PGPASSWORD": str(database.get("PASSWORD") or "")}
    asked = {"--host": "HOST", "--port": "PORT", "--username": "USER", "--dbname": "NAME"}
    options = [f"{option}={database[key]}" for option, key in asked.items() if database.get(key)]
    done = subprocess.run(  # noqa: S603  what it runs is pg_dump, with what the settings say
        [dump, "--format=custom", f"--file={copy}", *options],
        env=os.environ | password,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"pg_dump failed: {done.stderr.strip().splitlines()[0] if done.stderr else 'no reason'}.")
    return copy


def _add_files(archive: zipfile.ZipFile) -> None:
    for name in OTHERS:
        if (path := home() / name).exists():
            archive.write(path, name)
    kept = home() / "files"
    for path in sorted(kept.rglob("*")) if kept.is_dir() else ():
        if path.is_file():
            archive.write(path, path.relative_to(home()))
