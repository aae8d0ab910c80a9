"""No page loads more script than it needs, by the bytes of the files that its templates name."""

import re
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from serai.expo.fairs.edition.models import Edition

TEMPLATES = Path(str(resources.files("serai.expo").joinpath("templates")))
ANY_PAGE, A_TOOL, FRONT_PAGE = 60_000, 70_000, 150_000
"""Bytes as they lie on the disk: all scripts of a page, those of a page with a tool of its own, a whole front page."""
TOOLS = {"chain-map.js", "drawing.js", "leads.js", "plan.js", "scan.js", "onload.js"}
"""The map of a chain, the editor of a plan, leads without a connection, the plan of a hall, the camera, passkeys."""


@cache
def size_of(static_name: str) -> int:
    path = finders.find(static_name)
    assert isinstance(path, str), static_name
    return Path(path).stat().st_size


def scripts_of(template: str) -> set[str]:
    """The scripts that a template names, with those of what it extends and includes; of the two kinds of leads one."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    named = set(re.findall(r"""<script src="{% static '([^']+)' %}""", text))
    for other in re.findall(r"""{% (?:extends|include) ["']([^"']+)["']""", text):
        if (TEMPLATES / other).exists():
            named |= scripts_of(other)
    return named - {"serai/offline-loader.js"} if "{% block leads %}" in text and "serai/leads.js" in named else named


PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if re.search(r"{% extends ", path.read_text(encoding="utf-8"))
)


def test_no_page_loads_more_script_than_it_needs() -> None:
    assert len(PAGES) > 150
    weights = {page: scripts_of(page) for page in PAGES}
    too_heavy = {
        page: total
        for page, scripts in weights.items()
        if (total := sum(map(size_of, scripts)))
        > (A_TOOL if TOOLS & {name.rpartition("/")[2] for name in scripts} else ANY_PAGE)
    }
    assert too_heavy == {}


@pytest.mark.django_db
def test_the_front_page_is_light(edition: Edition, client: Client) -> None:
    """With its sheets, scripts and pictures of the package, before any is packed."""
    page = client.get(f"/en/{edition.slug}/").text
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    scripts = {address for address in named if address.endswith(".js")}
    weights = {address: len(client.get(address).getvalue()) for address in named}
    assert sum(weights[address] for address in scripts) <= ANY_PAGE
    assert len(page.encode()) + sum(weights.values()) <= FRONT_PAGE
