"""The accessibility statement says what tests hold, is public, and every page leads to it."""

import ast
from pathlib import Path

from django.test import Client

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.web.domain.accessibility import HELD, LIMITS

REPOSITORY = Path(__file__).parents[4]


def test_each_sentence_names_tests_that_exist() -> None:
    for held in HELD:
        assert held.tests, held.text
        for name in held.tests:
            file, _colon, test = name.partition("::")
            tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
            functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert test in functions if test else any(function.startswith("test_") for function in functions), name


def test_it_is_public_and_linked_from_every_page(edition: Edition, anonymous_client: Client) -> None:
    assert 'href="/en/accessibility/"' in anonymous_client.get(f"/en/{edition.slug}/").text
    page = anonymous_client.get("/en/accessibility/").text
    for text in (*(held.text for held in HELD), *LIMITS):
        assert str(text) in page
    assert (
        "https://testserver/en/accessibility/"
        in anonymous_client.get(f"/sitemap-{edition.slug}.en.xml", secure=True).text
    )
