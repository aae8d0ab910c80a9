"""What is done with a keyboard alone, from the first control of a page on."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.focus import SHOWS_FOCUS

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


FOCUSED = f"""() => {{
    const part = document.activeElement, box = part.getBoundingClientRect();
    return {{at: part === document.body ? '' : part.outerHTML.slice(0, 100), shown: ({SHOWS_FOCUS})(part),
        there: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight}};
}}"""


@pytest.mark.parametrize(
    ("visitor", "name"),
    [
        ("anonymous", "edition"),
        ("anonymous", "chain"),
        ("anonymous", "directory"),
        ("anonymous", "programme"),
        ("anonymous", "hall"),
        ("anonymous", "sign-in"),
        ("buyer", "my-wishes"),
        ("exhibitor", "desk-offer-new"),
        ("organiser", "organiser"),
        ("organiser", "timetable"),
    ],
)
def test_the_keyboard_goes_from_one_control_to_the_next_and_is_seen_where_it_is(
    page: Page, served_fair: Any, visits: Mapping[str, Any], visitor: str, name: str
) -> None:
    served_fair.enter(page.context, visits[visitor]["cookie"])
    page.goto(served_fair.address.rstrip("/") + visits[visitor]["pages"][name])
    assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0, "an order of its own"
    for _press in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["at"]:
            break  # past the last control
        assert focused["shown"], f"where the focus is does not show: {focused['at']}"
        assert focused["there"], f"the focus is out of sight: {focused['at']}"


def test_the_search_of_every_page_is_entered_walked_and_left_by_keyboard(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("firms/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("battery")
    page.wait_for_selector("#finder-list [role=option]", timeout=120_000)  # the first search loads the model
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator("#finder-list [aria-selected=true]").get_attribute("id") == chosen
    assert page.locator("#told").inner_text() != ""
    address = str(page.locator(f"#{chosen}").get_attribute("href"))
    page.keyboard.press("Escape")
    assert page.locator("#finder-list").is_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_a_list_is_narrowed_in_place_and_its_address_says_how(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("firms/"))
    page.evaluate("window.same = true")
    page.fill("#q", "battery")
    page.wait_for_url("**/firms/?q=battery")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("window.same")
    assert page.locator("#told").inner_text() == page.locator("#found").inner_text()


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
