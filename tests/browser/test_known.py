"""A fault that is put into a page is found, though what the page was before is known."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.fitting import NARROWEST, WIDE, ZOOMED, fits, resize, width_of
from tests.browser.known import Known, look_at_what_is_new

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["en/sign-in/", "ar/sign-in/"])
def test_a_fault_is_found_that_shows_only_without_a_script(
    page: Page, served_fair: Any, axe: Callable[..., None], without_scripts: Callable[..., bool], path: str
) -> None:
    """Of two kinds: what stands in the place of a script, and what a script takes away, on a known page."""
    faults = {
        "<noscript><img src='/favicon.ico'></noscript>": "image-alt",
        "<button></button><script src='/mends.js'></script>": "button-name",
    }
    address = served_fair.address + path
    known = set[str]()
    page.goto(address)
    assert without_scripts(known)
    page.goto(address)
    assert not without_scripts(known)
    sent = page.request.get(address)
    parts = iter(faults)
    page.route("**/mends.js", lambda route: route.fulfill(body="document.querySelector('main button').remove()"))
    page.route(
        address,
        lambda route: route.fulfill(response=sent, body=sent.text().replace("</h1>", f"</h1>{next(parts)}", 1)),
        times=len(faults),
    )
    for fault in faults.values():
        page.goto(address)
        axe(page)
        assert without_scripts(known)
        with pytest.raises(AssertionError, match=fault):
            axe(page)


FAULTS = {
    "color-contrast": "document.querySelector('main p').style.color = '#bbb'",
    "color-contrast on a ground": "document.querySelector('main p').parentElement.style.backgroundColor = '#666'",
    "image-alt": "document.querySelector('main p').append(new Image())",
    "link-name": "document.querySelector('main a[href]').textContent = ' '",
    "heading-order": "document.querySelector('main h2').outerHTML = '<h4>Below nothing</h4>'",
    "label": "document.querySelector('main label').remove()",
    "list": "document.querySelector('main :is(ul, ol)').append(document.createElement('p'))",
    "aria-valid-attr-value": "document.querySelector('main p').setAttribute('aria-hidden', 'perhaps')",
    "landmark-no-duplicate-contentinfo": "document.body.append(document.createElement('footer'))",
    "html-lang-valid": "document.documentElement.lang = 'arabic'",
    "valid-lang": "document.querySelector('main p').lang = 'of-all'",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "document-title": "document.title = ''",
}
"""What is done to a page so that axe finds a fault of a name in it."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_on_a_page_that_is_known(
    page: Page, served_fair: Any, axe: Callable[..., None], fault: str
) -> None:
    known = Known()
    page.goto(served_fair.page("firms/"))
    look_at_what_is_new(page, axe, known, "directory")
    page.evaluate(FAULTS[fault])
    with pytest.raises(AssertionError, match=fault.partition(" ")[0]):
        look_at_what_is_new(page, axe, known, "directory")


def test_the_whole_of_a_page_is_looked_at_once(page: Page, served_fair: Any, axe: Callable[..., None]) -> None:
    known, looked_at = Known(), []

    def note(page: Page, **how: bool) -> None:
        looked_at.append(page.url)
        axe(page, **how)

    for path in ("firms/", "firms/", "halls/"):
        page.goto(served_fair.page(path))
        look_at_what_is_new(page, note, known, path)
    assert looked_at == [served_fair.page(path) for path in ("firms/", "halls/")]


PUT = """([width, style]) => {
    const part = document.createElement('div'), sheet = new CSSStyleSheet();
    part.className = 'put';
    part.textContent = 'A line that is longer than the two hundred pixels that there are for it';
    sheet.replaceSync(`@media (width: ${width}px) { .put { ${style} } }`);
    document.adoptedStyleSheets.push(sheet);
    document.querySelector('main .page').prepend(part);
}"""
"""Puts a part into the page that looks so at one width alone."""


@pytest.mark.parametrize("width", [WIDE, ZOOMED, NARROWEST])
@pytest.mark.parametrize(
    ("style", "fault"),
    [("width: 2000px", "wider than"), ("width: 200px; overflow: hidden; white-space: nowrap", "cuts text off at")],
)
def test_what_does_not_fit_at_one_width_is_found_from_either_side(
    page: Page, served_fair: Any, width: int, style: str, fault: str
) -> None:
    page.goto(served_fair.page("firms/"))
    fits(page)
    assert width_of(page) == NARROWEST
    fits(page)
    assert width_of(page) == WIDE
    page.evaluate(PUT, [width, style])
    for begins in (WIDE, NARROWEST):
        resize(page, begins)
        with pytest.raises(AssertionError, match=f"{fault} {width}"):
            fits(page)


def test_a_page_whose_scripts_change_nothing_is_tried_once(
    page: Page, served_fair: Any, without_scripts: Callable[[], bool]
) -> None:
    page.goto(f"{served_fair.address}en/accessibility/")  # a page outside of a fair has no search
    assert not without_scripts()
