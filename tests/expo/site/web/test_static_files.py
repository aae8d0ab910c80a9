"""Files of pages are kept by browsers for a year, under names that change with what they hold."""

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.web.pages import middleware


def test_every_file_that_a_page_names_is_kept_for_a_year(client: Client, edition: Edition) -> None:
    page = client.get(f"/en/{edition.slug}/").text
    named = re.findall(r'"(/static/[^"]+)"', page)
    assert len(named) > 5
    for address in named:
        assert client.get(address).getvalue(), address
        assert client.head(address)["Cache-Control"] == "max-age=31536000, public, immutable", address


def test_a_file_under_its_own_name_is_asked_for_again(client: Client) -> None:
    assert client.head("/static/serai/base.css")["Cache-Control"] == "max-age=3600, public"


def test_the_name_changes_with_what_the_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = tmp_path / "sheet.css"
    monkeypatch.setattr(finders, "find", lambda _name: str(sheet))
    names = set()
    for text in ("a {}", "b {}"):
        sheet.write_text(text)
        middleware.hashed.cache_clear()
        names.add(middleware.hashed("serai/sheet.css"))
    middleware.hashed.cache_clear()
    assert len(names) == 2
    assert all(re.fullmatch(r"serai/sheet\.[0-9a-f]{12}\.css", name) for name in names)


def test_while_debugging_a_file_keeps_its_own_name(settings: Any) -> None:
    settings.DEBUG = True
    assert static("serai/base.css") == "/static/serai/base.css"


def test_no_file_of_the_package_names_another_file() -> None:
    """Else its hashed copy would lead to a name that is not kept."""
    files = [file for file in resources.files("serai.expo").joinpath("static/serai").iterdir() if file.is_file()]
    assert len(files) > 10
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|^import |import\(|/static/\w", text, re.MULTILINE), file.name
