"""A backup of an instance: the database as it is at one moment, the files and the secrets, in one archive.

``manifest.json`` has the SHA-256 of each. A backup is put back into an empty instance only, and only after all
of it was verified.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

import serai
from serai.expo.base.home import given_secret, home
from serai.expo.site.operation.domain.instance import is_empty

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


_OTHER = "It is no backup that 'serai backup' has made, or it is damaged"


class RestoreError(Exception):
    """A backup cannot be put back, and nothing was changed; the message says why."""


def restore(path: Path) -> int:
    """Put the backup at ``path`` into this instance. Returns how many files it held. Raises RestoreError.

    Nothing else may use the instance meanwhile.
    """
    _require_empty()
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        work = Path(folder)
        names = _unpacked(path, work)
        (database,) = [name for name in names if name not in SECRETS and "/" not in name]
        _require_the_secret_key(work / SECRETS[0])
        put_back = _restored_dump(work / database) if database == DUMP else _restored_file(work / database)
        if (work / "files").exists():
            shutil.rmtree(home() / "files", ignore_errors=True)  # folders without a file
            (work / "files").rename(home() / "files")
        for name in SECRETS:
            if (work / name).exists():
                (work / name).replace(home() / name)
        put_back()
    return len([name for name in names if "/" in name])


def _require_empty() -> None:
    files = home() / "files"
    try:
        empty = is_empty() and not any(path.is_file() for path in files.rglob("*"))
    except OperationalError as error:
        raise RestoreError(f"The database does not answer: {str(error).strip().splitlines()[0]}.") from None
    if not empty:
        raise RestoreError(
            f"The instance in {home()} is not empty; nothing is put over what is there. Set SERAI_HOME to a new folder "
            "(and DATABASE_URL, if you use it, to a new database)."
        )


def _unpacked(path: Path, work: Path) -> list[str]:
    """Unpack an archive; the names of what is in it. Each has the hash that the manifest says."""
    try:
        with zipfile.ZipFile(path) as archive:
            hashes: dict[str, str] = json.loads(archive.read(MANIFEST))["sha256"]
            names = [name for name in archive.namelist() if name != MANIFEST]
            databases = [name for name in names if name not in SECRETS and "/" not in name]
            strange = [name for name in names if "/" in name and not _is_of_files(name)]
            if set(names) != set(hashes) or len(databases) != 1 or strange:
                raise RestoreError(f"{path} does not hold what its manifest says. {_OTHER}.")
            for name in names:
                _unpack(archive, name, work / name, hashes[name])
    except OSError as error:
        raise RestoreError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        raise RestoreError(f"{path} cannot be read ({error}). {_OTHER}.") from None
    return names


def _is_of_files(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "files" and ".." not in parts and "\\" not in name


def _unpack(archive: zipfile.ZipFile, name: str, to: Path, expected: str) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with archive.open(name) as source, to.open("wb") as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    if digest.hexdigest() != expected:
        raise RestoreError(f"{name} in the backup is not as it was written (its SHA-256 differs).")


def _require_the_secret_key(kept: Path) -> None:
    given = given_secret("SECRET_KEY")
    if given and kept.exists() and kept.read_text(encoding="utf-8").strip() != given:
        raise RestoreError(
            "The backup has another secret key than SECRET_KEY says, and what was sealed with it could not be read. "
            "Unset SECRET_KEY, or set it to the one in the backup."
        )


def _restored_file(copy: Path) -> Callable[[], None]:
    """What puts a database of SQLite in its place."""
    if connection.vendor != "sqlite":
        raise RestoreError(
            "This backup is of SQLite, and DATABASE_URL names another database: restore it without DATABASE_URL, then "
            "run 'serai move-database'."
        )
    try:
        with closing(sqlite3.connect(copy)) as made:
            sound = made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            applied = {name for (name,) in made.execute("SELECT name FROM django_migrations WHERE app = 'expo'")}
    except sqlite3.Error as error:
        raise RestoreError(f"The database in the backup cannot be read: {error}.") from None
    if not sound:
        raise RestoreError("The database in the backup is damaged.")
    if unknown := sorted(applied - {name for app, name in MigrationLoader(None).disk_migrations if app == "expo"}):
        raise RestoreError(f"A later version made this backup (it knows {unknown[0]}): install that version first.")

    def put_back() -> None:
        place = Path(settings.DATABASES["default"]["NAME"])
        connection.close()
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        copy.replace(place)

    return put_back


def _restored_dump(dump: Path) -> Callable[[], None]:
    """What reads a dump into the database of PostgreSQL."""
    if connection.vendor != "postgresql":
        raise RestoreError("This backup is of PostgreSQL: set DATABASE_URL to a new database of PostgreSQL first.")
    if (program := shutil.which("pg_restore")) is None:
        raise RestoreError("The backup is of PostgreSQL, and pg_restore is not installed here; install its client.")

    def put_back() -> None:
        with connection.cursor() as cursor:
            # What making the tables left in the empty database, which the dump brings along.
            cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE starts_with(proname, 'expo_')")
            made = [f"FUNCTION {name}" for (name,) in cursor.fetchall()]
            tables = map(connection.ops.quote_name, connection.introspection.table_names())
            for kind in (*made, *(f"TABLE {name}" for name in tables)):
                cursor.execute(f"DROP {kind} CASCADE")
        connection.close()
        command = [program, "--no-owner", "--single-transaction", str(dump)]
        if failure := run_on(connection.settings_dict, command):
            raise RestoreError(f"pg_restore failed, and the database is empty now: {failure}.")

    return put_back
