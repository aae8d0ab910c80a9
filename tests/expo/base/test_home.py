"""What the instance keeps is open to its owner only."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from serai.expo.base.home import close_to_others, home, open_to_others


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an instance of an earlier version, in which others can read."""
    folder = tmp_path / "home"
    (folder / "files" / "ab").mkdir(parents=True)
    for path in (folder / "serai.sqlite3", folder / "serai.sqlite3-wal", folder / "files" / "ab" / "token"):
        path.touch()
        path.chmod(0o644)
    for path in (folder, folder / "files", folder / "files" / "ab"):
        path.chmod(0o755)
    monkeypatch.setenv("SERAI_HOME", str(folder))
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_rights_of_others_are_taken_from_what_it_keeps_and_from_nothing_else(shared: Path) -> None:
    (shared / "notes-of-the-operator").touch()
    (shared / "notes-of-the-operator").chmod(0o644)
    elsewhere = shared.parent / "elsewhere"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    (shared / "files" / "link").symlink_to(elsewhere)
    assert len(open_to_others()) == 6
    close_to_others()
    assert open_to_others() == []
    assert (mode(shared), mode(shared / "files" / "ab"), mode(shared / "serai.sqlite3")) == (0o700, 0o700, 0o600)
    assert (mode(shared / "notes-of-the-operator"), mode(elsewhere)) == (0o644, 0o644)


def test_a_new_folder_is_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path / "new"))
    before = os.umask(0)
    try:
        assert mode(home()) == 0o700
    finally:
        os.umask(before)


def test_every_process_that_loads_the_settings_makes_files_for_its_owner_only(tmp_path: Path) -> None:
    made = "import os, serai.expo.settings; open('made', 'w'); os.mkdir('folder')"
    environment = os.environ | {"SERAI_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", made], cwd=tmp_path, env=environment, check=True)
    assert (mode(tmp_path / "made"), mode(tmp_path / "folder")) == (0o600, 0o700)
