"""A room that nothing needs can be left out: without its folder the rest starts, has its tables and serves a page."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from serai.expo.base.rooms import WINGS
from tests.layers import ROOT

pytestmark = pytest.mark.any_database

EXPO = ROOT / "src/serai/expo"
LARGE = ("world/data", "match/data", "expo/locale", "expo/static")
LEAVES = (
    "participants/invitations",
    "venue/floor",
    "site/assistants",
    "site/buyer_desk",
    "site/cockpit",
    "site/demonstration",
    "site/directory",
    "site/exhibitor_desk",
    "site/imports",
    "site/retention",
    "site/search",
    "site/trail",
)
"""Rooms that no other room of the fair imports; the command line names them only inside of a command."""

PROBE = """
import os, sys, tempfile
import django.test, ninja, openpyxl, babel.dates, serai.match.partners, serai.match.timetable, serai.world.shocks
source, *rooms = sys.argv[1:]
for room in rooms:
    folder = f"{source}/serai/expo/{room}"
    os.rename(folder, f"{source}/aside")
    if not (child := os.fork()):
        os.environ["SERAI_HOME"] = tempfile.mkdtemp(dir=source)
        django.setup()
        from django.core.management import call_command
        call_command("check")
        call_command("migrate", verbosity=0)
        answer = django.test.Client().get("/en/", HTTP_HOST="127.0.0.1")
        os._exit(answer.status_code != 200)
    if os.waitpid(child, 0)[1]:
        print("FAILED", room)
    os.rename(f"{source}/aside", folder)
"""
"""Tries each room in a child of one process, which has loaded before what no room changes."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the houses, with what is large as links."""
    copy = tmp_path_factory.mktemp("copy") / "serai"
    left_out = {(ROOT / "src/serai" / place) for place in LARGE}
    shutil.copytree(
        ROOT / "src/serai",
        copy,
        ignore=lambda place, names: [n for n in names if n == "__pycache__" or Path(place, n) in left_out],
    )
    for place in LARGE:
        (copy / place).symlink_to(ROOT / "src/serai" / place)
    return copy.parent


@pytest.mark.slow
def test_the_rest_works_without_a_room_that_nothing_imports(source: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(source), "DJANGO_SETTINGS_MODULE": "serai.expo.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", PROBE, str(source), *LEAVES]
    done = subprocess.run(command, env=environment, cwd=source, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stdout.splitlines() if "FAILED" in line]) == (0, []), done.stderr


def test_every_room_that_nothing_imports_is_tried() -> None:
    rooms = {path.parent.relative_to(EXPO).as_posix() for wing in WINGS for path in EXPO.glob(f"{wing}/*/__init__.py")}
    imported = {room for file in EXPO.rglob("*.py") for room in _rooms_of(file) if not file.is_relative_to(EXPO / room)}
    assert rooms - imported - NEEDED_BY_NAME == set(LEAVES)


NEEDED_BY_NAME = {
    "site/open_data",  # a library of template tags
    "site/operation",  # error pages, the command line
    "insight/lab",  # the schema names a function of its models
}
"""Rooms that the settings or the schema name instead of an import."""


def _rooms_of(file: Path) -> set[str]:
    names = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    ]
    return {"/".join(name.split(".")[2:4]) for name in names if name.startswith("serai.expo.")}
