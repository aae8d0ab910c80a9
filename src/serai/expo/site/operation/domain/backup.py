"""A backup of an instance: the database as it is at one moment, the files and the secrets, in one archive.

``manifest.json`` has the SHA-256 of each. ``restore`` puts them into an empty instance.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

import serai
from serai.expo.base.home import home

NAME = "serai-%Y%m%d-%H%M%S.zip"
DUMP = "database.dump"
"""The database in the archive where it is PostgreSQL."""
SECRETS = ("secret-key", "demo-password")
MANIFEST = "manifest.json"
PIECE = 1024**2


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
                hashes = {copy.name: _add(archive, copy, copy.name)}
                hashes |= {name: _add(archive, path, name) for name, path in _kept()}
                about = {"serai": serai.__version__, "made_at": datetime.now(UTC).isoformat(), "sha256": hashes}
                archive.writestr(MANIFEST, json.dumps(about, indent=1))
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
    copy = work / DUMP
    if failure := run_on(database, [dump, "--format=custom", f"--file={copy}"]):
        raise BackupError(f"pg_dump failed: {failure}.")
    return copy


def run_on(database: Mapping[str, Any], command: list[str]) -> str:
    """Run a program of PostgreSQL on a database. Returns the first line of what it complained of, or nothing."""
    asked = {"--host": "HOST", "--port": "PORT", "--username": "USER", "--dbname": "NAME"}
    options = [f"{option}={database[key]}" for option, key in asked.items() if database.get(key)]
    done = subprocess.run(  # noqa: S603  what it runs is a program of PostgreSQL, with what the settings say
        [*command, *options],
        env=os.environ | {"PGPASSWORD": str(database.get("PASSWORD") or "")},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stderr.strip() or "no reason").splitlines()[0] if done.returncode else ""


def _kept() -> Iterator[tuple[str, Path]]:
    """The secrets and files of the instance, by their names in the archive."""
    for name in SECRETS:
        if (path := home() / name).exists():
            yield name, path
    files = home() / "files"
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        if path.is_file():
            yield path.relative_to(home()).as_posix(), path


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    """Add a file. Returns its SHA-256 as it was written."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()
