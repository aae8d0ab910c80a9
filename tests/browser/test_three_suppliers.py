"""A buyer asks three suppliers for what it needs in six presses from the moment that it is signed in."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

MOST = 6
COUNTER = """addEventListener('pointerdown', () => {
    sessionStorage.presses = 1 + Number(sessionStorage.presses || 0);
}, true)"""
"""Counts in the page what is pressed, over all pages of a visit."""


@pytest.mark.parametrize(("width", "scripts"), [(1440, True), (390, False)], ids=["desk", "telephone-without-scripts"])
def test_three_suppliers_are_asked_in_six_presses(
    browser: Browser, served_fair: Any, width: int, scripts: bool
) -> None:
    """Without JavaScript none of the site's scripts reaches the browser; the counter is the test's own."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.add_init_script(COUNTER)
    if not scripts:
        context.route("**/*.js", lambda route: route.abort())
    served_fair.sign_in(page, "buyer@demo.example")
    page.evaluate("sessionStorage.clear()")

    page.locator(".masthead").get_by_role("link", name="My meetings").click()
    page.locator("#side" if width > 1000 else "main").get_by_role("link", name="Suggested meetings").click()
    suppliers = page.locator("main li.card", has=page.locator(".choice-of-firm"))
    names = [suppliers.nth(number).locator("h2").inner_text() for number in range(3)]
    for number in range(3):
        suppliers.nth(number).locator(".choice-of-firm").click()
    page.get_by_role("button", name="Ask the chosen firms").click()
    expect(page.locator("main #messages")).to_contain_text("3 firms are asked.")
    assert int(page.evaluate("sessionStorage.presses")) == MOST
    assert page.evaluate("window.htmx !== undefined") is scripts

    for name in names:  # each has its own request, which is taken back for the next run
        page.goto(served_fair.page("meetings/"))
        page.locator("section[aria-labelledby=sent]").get_by_role("link", name=name).click()
        page.get_by_role("button", name="Withdraw the request").click()
        expect(page.locator("main #messages")).to_contain_text("Your request has been withdrawn.")
    context.close()
