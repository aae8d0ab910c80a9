"""Whatever can be reached by links, as each kind of visitor, is accessible, fits a telephone, and is complete.

The pages are found by following links from the front page, one of each address (the page of one firm stands for all
firms), so that a new page is tried without being named here.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VISITORS = {"anonymous": "", "organiser": "organiser@demo.example", "exhibitor": "exhibitor@demo.example"}
LANGUAGES = ("en", "zh-hans", "ar")
FILES = (".csv", ".ics", ".json", ".jsonl", ".pdf", ".svg", ".vcf", ".xlsx", ".xml", ".zip", ".geojson")
MOST = 200
"""More kinds of pages than the site has: what ends a walk that would not end by itself."""


def name_of(address: str) -> str:
    """The name of an address, without the language; empty where the site does not know it."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return found.view_name


def is_followed(address: str, site: str) -> bool:
    path = urlsplit(address).path
    return address.startswith(site) and path.startswith("/en/") and not path.endswith(FILES)


def walk(page: Page, start: str, site: str) -> Iterator[str]:
    """The address of one page of each name that links lead to, each once it is opened."""
    waiting, seen = [start], {name_of(start)}
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} is linked to and answers {answer.status}."
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        for link in page.eval_on_selector_all(
            "a[href]", "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
        ):
            target = urldefrag(link).url
            if is_followed(target, site) and (name := name_of(target)) and name not in seen:
                seen.add(name)
                waiting.append(target)
        yield address


def signed_in(page: Page, fair: Any, email: str) -> None:
    page.goto(fair.page())
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("Mail address").first.fill(email)
    page.get_by_label("Password").first.fill(fair.password)
    page.get_by_role("button", name="Sign in", exact=True).first.click()


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_that_links_lead_to_has_no_fault(
    page: Page, served_fair: Any, axe: Callable[[Page], None], visitor: str, subtests: pytest.Subtests
) -> None:
    """In English each; in Chinese and Arabic in turns, so that each page is tried in two of the three languages."""
    if VISITORS[visitor]:
        signed_in(page, served_fair, VISITORS[visitor])
    found = []
    for address in walk(page, served_fair.page(), served_fair.address):
        found.append(name_of(address))
        with subtests.test(page=address):
            axe(page)
            assert page.locator("h1").count() == 1
        other = LANGUAGES[1 + len(found) % 2]
        with subtests.test(page=address, language=other):
            page.set_viewport_size({"width": 390, "height": 844})
            page.goto(address.replace("/en/", f"/{other}/", 1))
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{page.url} is wider than a telephone"
            page.set_viewport_size({"width": 1440, "height": 900})
    assert len(found) == len(set(found)) >= {"anonymous": 15, "organiser": 40, "exhibitor": 30}[visitor]


def test_nothing_needs_a_script(browser: Browser, served_fair: Any, subtests: pytest.Subtests) -> None:
    """The public pages say the same words with and without JavaScript."""
    with_script, without = (browser.new_context(java_script_enabled=enabled) for enabled in (True, False))
    one, other = with_script.new_page(), without.new_page()
    for path in ("", "chains/", "firms/?q=battery", "halls/", "programme/", "report/"):
        with subtests.test(page=path):
            one.goto(served_fair.page(path))
            other.goto(served_fair.page(path))
            assert other.locator("main").inner_text() == one.locator("main").inner_text()
    with_script.close()
    without.close()


@pytest.mark.parametrize("path", ["", "firms/", "programme/"])
def test_at_twice_the_size_of_letters_nothing_is_cut_off(page: Page, served_fair: Any, path: str) -> None:
    """A browser's zoom of 200 % halves the width that a page has."""
    page.set_viewport_size({"width": 640, "height": 512})
    page.goto(served_fair.page(path))
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_a_visitor_finds_a_firm_by_keyboard_alone(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/firms/?q=battery*")
    assert page.locator("main .card").count() > 0
