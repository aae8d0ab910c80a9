"""An exporter, a figure, a field, a page and a room are added as CONTRIBUTING.md says."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base import exporters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.results.figures import domain as figures
from serai.expo.venue.halls.models import Booth, Hall
from tests.contributing import ROOT, blocks, execute, write

pytestmark = pytest.mark.any_database

RIGHTS = "tests/expo/site/web/test_rights_of_every_page.py::test_"
EXPORTS = "tests/expo/results/exports/test_exports.py::test_"
ADDED_TESTS = (
    "tests/expo/added_field.py",
    "tests/expo/venue/facilities/test_facilities.py",
    f"{RIGHTS}every_page_is_declared",
    f"{RIGHTS}a_page_is_shown_to_those_it_is_declared_for_and_to_nobody_else",
    f"{EXPORTS}every_model_has_a_table_with_every_field_that_is_not_left_out_with_a_reason",
    "tests/expo/site/setup/test_next_fair.py::test_every_model_of_an_edition_is_copied_or_never",
)
"""What tries the field, the page and the room: tests of their own, and tests of every page and model."""


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a recipe declares is forgotten after its test."""
    for registry in (exporters.registry, figures.registry):
        monkeypatch.setattr(registry, "_declarations", dict(registry))


def test_an_exporter(edition: Edition, anonymous_client: Client) -> None:
    ((path, code),) = blocks("An exporter")
    execute(path, code)
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "West"})
        Booth.objects.create(edition=edition, hall=hall, code="=A1")
    assert "Booths as a table (CSV)" in anonymous_client.get(f"/en/{edition.slug}/report/").text
    file = anonymous_client.get(f"/en/{edition.slug}/report/booths.csv").content.decode("utf-8-sig")
    assert file.splitlines() == ["hall,booth", "W1,'=A1"]


def test_a_figure(edition: Edition, anonymous_client: Client, take_part: Callable[..., Participation]) -> None:
    ((path, code),) = blocks("A figure of the report")
    execute(path, code)
    lead = take_part(edition)
    take_part(edition, kind="co_exhibitor", lead=lead)
    take_part(edition, kind="co_exhibitor", lead=lead, state="cancelled")
    with scope(edition=edition):
        assert figures.registry["co_exhibitors"].count(edition) == 1
    assert "each firm counted once" in anonymous_client.get(f"/en/{edition.slug}/report/").text


@pytest.mark.slow
def test_a_field_a_page_and_a_room(tmp_path: Path) -> None:
    """In a copy of the project, with the migration and nothing else."""
    for folder in ("src/serai/expo", "tests/expo"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for place in (*ROOT.glob("src/serai/*"), *ROOT.glob("tests/*.py"), ROOT / "scripts", ROOT / "pyproject.toml"):
        if not (copy := tmp_path / place.relative_to(ROOT)).exists():
            copy.symlink_to(place)
    recipes = ("A field of a firm", "A page", "A room")
    for path, code in chain.from_iterable(map(blocks, recipes)):
        write(tmp_path, path, code)
    changed = sorted({path for recipe in recipes for path, _code in blocks(recipe) if path.endswith(".py")})
    environment = os.environ | {
        "SERAI_HOME": str(tmp_path / "home"),
        "SERAI_ROOMS": "venue/halls venue/facilities",
        "DJANGO_SETTINGS_MODULE": "serai.expo.settings",
        "PYTHONPATH": str(tmp_path / "src"),
    }
    for command in (
        ["ruff", "format", "--check", *changed],
        ["ruff", "check", *changed],
        ["serai.expo.manage", "makemigrations", "expo", "--name", "added"],
        ["pytest", "-q", "-p", "no:xdist", *ADDED_TESTS],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
