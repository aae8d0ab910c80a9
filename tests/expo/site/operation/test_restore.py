"""A backup comes back whole in an empty instance; anything else is refused before anything is touched."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.operation.domain.backup import (
    RestoreError,
    _require_the_secret_key,
    _restored_file,
    _unpacked,
    restore,
)

type Serai = Callable[..., str]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but for what SQLite leaves beside a database."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(home / "serai.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


@pytest.mark.any_database
def test_a_backup_comes_back_whole_and_only_into_an_empty_instance(
    instance: Path, serai: Serai, tmp_path: Path
) -> None:
    serai(instance, "backup", "--to", tmp_path)
    (archive,) = tmp_path.glob("serai-*.zip")
    again = tmp_path / "again"
    said = serai(again, "restore", archive)
    assert said == f"The database, 1 files and the secrets of {archive.name} are back. Now run: serai up\n"
    assert rows(again) == rows(instance)
    assert (again / "files" / "ab" / "token").read_bytes() == b"%PDF-1.7"
    assert (again / "secret-key").read_text() == (instance / "secret-key").read_text()
    before = contents(again)
    assert "is not empty; nothing is put over what is there" in serai(again, "restore", archive, code=1)
    assert contents(again) == before


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """A backup with what is given, and a manifest of what is said of it."""

    def make(manifest: object = None, **content: str) -> Path:
        path = tmp_path / "backup.zip"
        with zipfile.ZipFile(path, "w") as zipped:
            for name, text in content.items():
                zipped.writestr(name, text)
            if manifest is not None:
                zipped.writestr("manifest.json", json.dumps(manifest))
        return path

    return make


A_HASH = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # of "a"


@pytest.mark.parametrize(
    ("manifest", "content", "sentence"),
    [
        (None, {"serai.sqlite3": "a"}, "It is no backup that 'serai backup' has made"),
        ({"sha256": {"serai.sqlite3": A_HASH}}, {"serai.sqlite3": "b"}, "serai.sqlite3 in the backup is not as it was"),
        ({"sha256": {}}, {"serai.sqlite3": "a"}, "does not hold what its manifest says"),
        ({"sha256": {"files/ab/c": A_HASH}}, {"files/ab/c": "a"}, "does not hold what its manifest says"),
        (
            {"sha256": {"serai.sqlite3": A_HASH, "files/../../c": A_HASH}},
            {"serai.sqlite3": "a", "files/../../c": "a"},
            "does not hold what its manifest says",
        ),
        ({"sha256": 7}, {"serai.sqlite3": "a"}, "It is no backup"),
    ],
)
def test_what_is_not_as_it_was_written_is_refused(
    archive: Callable[..., Path], tmp_path: Path, manifest: object, content: dict[str, str], sentence: str
) -> None:
    with pytest.raises(RestoreError, match=sentence):
        _unpacked(archive(manifest, **content), tmp_path / "work")


def test_what_is_no_archive_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.zip").write_text("Name,Country")
    for name, sentence in (("list.zip", "It is no backup"), ("nothing.zip", "No such file")):
        with pytest.raises(RestoreError, match=sentence):
            _unpacked(tmp_path / name, tmp_path / "work")


@pytest.mark.django_db
def test_an_instance_with_a_fair_is_not_empty(edition: Edition, archive: Callable[..., Path]) -> None:
    with pytest.raises(RestoreError, match="is not empty"):
        restore(archive())


@pytest.mark.django_db
def test_an_instance_with_a_file_is_not_empty(
    archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "token").touch()
    with pytest.raises(RestoreError, match="is not empty"):
        restore(archive())


@pytest.mark.any_database
def test_a_damaged_database_and_a_later_one_are_refused(tmp_path: Path) -> None:
    later, damaged = tmp_path / "later.sqlite3", tmp_path / "damaged.sqlite3"
    with closing(sqlite3.connect(later)) as database:
        database.execute("CREATE TABLE django_migrations (app, name)")
        database.execute("INSERT INTO django_migrations VALUES ('expo', '0001_initial'), ('expo', '9999_later')")
        database.commit()
    with pytest.raises(RestoreError, match="A later version made this backup \\(it knows 9999_later\\)"):
        _restored_file(later)
    damaged.write_bytes(b"SQLite format 3" + bytes(2000))
    with pytest.raises(RestoreError, match="cannot be read"):
        _restored_file(damaged)


def test_a_secret_key_that_is_given_has_to_be_that_of_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "another")
    (tmp_path / "secret-key").write_text("the one")
    with pytest.raises(RestoreError, match="another secret key"):
        _require_the_secret_key(tmp_path / "secret-key")
