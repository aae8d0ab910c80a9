"""`make check` runs what belongs to the files that differ: a room, a module, a house, small browser tests."""

import subprocess
from pathlib import Path

import pytest

from scripts import touched

ROOT = Path(__file__).parents[1]
QUICK = ["-m", "not slow"]
BROWSER = [f"tests/browser/{name}" for name in touched.BROWSER]


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("src/serai/expo/meetings/leads/domain.py", ["tests/expo/meetings/leads"]),
        ("src/serai/expo/meetings/timetable/domain/clusters.py", ["tests/expo/meetings/timetable"]),
        ("src/serai/expo/meetings/leads/pages.py", [*BROWSER, "tests/expo/meetings/leads"]),
        ("src/serai/expo/templates/meetings/leads/lead.html", [*BROWSER, "tests/expo/meetings/leads"]),
        ("src/serai/expo/base/money.py", ["tests/expo/base/test_money.py"]),
        ("src/serai/expo/locale/fr/LC_MESSAGES/django.po", ["tests/expo/test_translations.py"]),
        ("src/serai/match/halls/geometry.py", ["tests/match/test_halls.py"]),
        ("src/serai/match/ranking.py", ["tests/match/test_ranking.py"]),
        ("src/serai/world/shocks/nothing_of_this_name.py", ["tests/world/shocks"]),
        ("tests/expo/meetings/leads/test_leads.py", ["tests/expo/meetings/leads/test_leads.py"]),
        ("tests/expo/meetings/outcomes/conftest.py", ["tests/expo/meetings/outcomes"]),
        ("Makefile", ["tests/test_make.py"]),
    ],
)
def test_a_file_is_tried_by_the_tests_that_stand_where_it_stands(file: str, tests: list[str]) -> None:
    assert touched.tests(ROOT, [file]) == [*tests, *QUICK]


def test_a_house_is_tried_by_its_own_tests_and_not_by_those_of_all_rooms() -> None:
    *paths, _, _ = touched.tests(ROOT, ["src/serai/expo/urls.py"])
    assert "tests/expo/test_settings.py" in paths
    assert {Path(path).parent for path in paths} == {Path("tests/expo")}


def test_what_lies_in_a_folder_that_is_tried_is_not_named_twice() -> None:
    files = ["src/serai/expo/meetings/leads/domain.py", "tests/expo/meetings/leads/test_leads.py"]
    assert touched.tests(ROOT, files) == ["tests/expo/meetings/leads", *QUICK]


def test_what_no_test_belongs_to_runs_none() -> None:
    assert touched.tests(ROOT, ["NOTICE", "tests/match/test_that_was_removed.py"]) == []


def test_changed_are_the_files_that_differ_and_those_not_yet_added(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    for name in ("kept", "changed", "removed", "on-the-branch"):
        (tmp_path / name).write_text("one")
    git("add", ".")
    git("commit", "--message=One")
    assert touched.changed_files(tmp_path) == []
    git("switch", "--create=branch")
    (tmp_path / "on-the-branch").write_text("two")
    git("commit", "--all", "--message=Two")
    (tmp_path / "changed").write_text("two")
    (tmp_path / "removed").unlink()
    (tmp_path / "new").write_text("one")
    assert touched.changed_files(tmp_path) == ["changed", "new", "on-the-branch", "removed"]
    assert touched.changed_files(tmp_path, "HEAD") == ["changed", "new", "removed"]
    with pytest.raises(SystemExit, match="unknown"):
        touched.changed_files(tmp_path, "unknown")
