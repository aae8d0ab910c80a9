"""Which tests belong to the files that differ from a revision: those of the same room, module or house.

A file of the product is tried by the tests that stand where it stands: ``expo/meetings/leads/domain.py`` by
``tests/expo/meetings/leads``, ``match/halls/geometry.py`` by ``tests/match/test_halls.py``. Where there are none so
deep, those of the next folder above are taken. What a change breaks elsewhere, the whole suite finds.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

SOURCE = "src/serai/"
ROOM = 3
"""Parts of the path of a room, as in ``expo/meetings/leads``: what is changed in a room is tried by all its tests."""
HOUSE = 1
"""Parts of the path of a house. Its own files are tried by its own tests, not by those of all its rooms."""
BROWSER = ("test_accessibility.py", "test_by_keyboard.py", "test_layout.py")
"""The browser's tests for a change of pages: not the walks of every page, which take minutes."""
ELSEWHERE = {
    "CONTRIBUTING.md": ("expo/test_contributing.py", "world/test_contributing.py"),
    "src/serai/expo/locale": ("expo/test_translations.py",),
    "src/serai/expo/migrations": ("expo/test_migrations.py",),
    "src/serai/cli": ("test_cli.py",),
    "benchmarks": ("benchmarks",),
    "faults": ("faults",),
    "docs/method": ("world/test_method_pages.py",),
    "docs/notebooks": ("world/charts",),
    "docs": ("test_make.py",),
    "requirements": ("test_make.py",),
    "scripts": ("test_make.py", "test_size.py"),
    "Makefile": ("test_make.py",),
    "pyproject.toml": ("test_make.py", "world/test_layers.py"),
}
"""Tests under ``tests`` of what stands outside of the houses or is tried elsewhere, by the beginning of the path."""


def changed_files(root: Path, revision: str = "") -> list[str]:
    """The files that differ from a revision, else from where the branch left ``main``, with those not yet added."""
    revision = revision or _output(root, "merge-base", "HEAD", "main") or "HEAD"
    differing = _output(root, "diff", "--name-only", "--no-renames", revision)
    new = _output(root, "ls-files", "--others", "--exclude-standard")
    return sorted({*differing.splitlines(), *new.splitlines()})


def _output(root: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=root, check=False, capture_output=True, text=True)
    # A clone may have no branch `main`; any other command that fails is a mistake in the revision.
    if done.returncode and command[0] != "merge-base":
        raise SystemExit(done.stderr)
    return done.stdout.strip()


def tests(root: Path, files: Iterable[str]) -> list[str]:
    """The arguments of pytest for the tests that belong to these files; empty where no test does."""
    chosen: set[Path] = set()
    for file in files:
        chosen |= _tests_of(root, PurePosixPath(file))
    apart = {path for path in chosen if not chosen & set(path.parents)}
    paths = sorted(str(path.relative_to(root)) for path in apart)
    return [*paths, "-m", "not slow"] if paths else []


def _tests_of(root: Path, file: PurePosixPath) -> set[Path]:
    tests = root / "tests"
    for beginning, names in ELSEWHERE.items():
        if file.is_relative_to(beginning):
            return {tests / name for name in names}
    if file.is_relative_to("tests"):
        at = root / file
        is_test = at.name.startswith("test_") and at.suffix == ".py"
        if is_test:
            return {at} if at.exists() else set()
        return _of_folder(tests, file.parent.relative_to("tests").parts)
    if not file.is_relative_to(SOURCE):
        return set()
    parts = [part for part in file.relative_to(SOURCE).with_suffix("").parts if part not in {"templates", "static"}]
    is_seen = bool({"pages", "templates", "static"} & set(file.with_suffix("").parts))
    return _of_module(tests, parts) | ({tests / "browser" / name for name in BROWSER} if is_seen else set())


def _of_module(tests: Path, parts: list[str]) -> set[Path]:
    """The tests of the deepest part of a path that has any."""
    parts = parts[:ROOM] if parts[0] == "expo" else parts
    for depth in range(len(parts), HOUSE, -1):
        *folders, name = parts[:depth]
        if (tests / Path(*parts[:depth])).is_dir():
            return _of_folder(tests, parts[:depth])
        if named := set(tests.joinpath(*folders).glob(f"test_{name}*.py")):
            return named
    return _of_folder(tests, parts[:HOUSE])


def _of_folder(tests: Path, parts: Iterable[str]) -> set[Path]:
    folder = tests.joinpath(*parts)
    while not folder.is_dir():
        folder = folder.parent
    depth = len(folder.relative_to(tests).parts)
    return {folder} if depth > HOUSE else set(folder.glob("test_*.py"))
