"""What is done with a keyboard alone, from the first control of a page on."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MOST = 150
"""More presses than a page has controls."""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector means."""
    for _press in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"The keyboard does not come to {selector}.")


def test_an_offer_is_written_and_handed_in(page: Page, served_fair: Any) -> None:
    served_fair.sign_in(page, "exhibitor@demo.example")
    tab_to(page, "a[href$='/desk/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")
    tab_to(page, ".side a[href$='/offers/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers/")
    tab_to(page, "main a[href$='/offers/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers/new/")
    tab_to(page, "main [name=title_en]")
    page.keyboard.type("Film from the keyboard")
    tab_to(page, "main button[name=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers/")
    card = page.locator("main .card", has_text="Film from the keyboard")
    expect(card.locator(".tag").first).to_have_text("Waiting for review")
