"""What a page looks like after a question or a mistake has no fault that axe finds, in a language of each direction.

The pages themselves are walked by test_every_page.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from serai.expo.site.demonstration.domain.edition import first_day

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "zh-hans", "ar")
ASKED = (
    "firms/?chain=clean-energy",
    "firms/?q=battery",
    "firms/?q=nobodysellsthis",
    "halls/W1/?from=W1-A01&booth=W1-C05",
    "programme/?q=battery",
    "programme/?day={second_day}&kind=side_event",
    "programme/?kind=booth_event",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_to_a_question_has_a_fault(
    page: Page, served_fair: Any, axe: Callable[[Page], None], language: str, subtests: pytest.Subtests
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    second_day = first_day("before", datetime.now(ZoneInfo("Asia/Shanghai")).date()) + timedelta(days=1)
    for path in ASKED:
        with subtests.test(page=path):
            page.goto(served_fair.page(path.format(second_day=second_day), language))
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_refused_form_has_a_fault(
    page: Page, served_fair: Any, axe: Callable[[Page], None], without_scripts: Callable[[], bool], language: str
) -> None:
    page.goto(f"{served_fair.address}{language}/sign-in/")
    page.locator("input[name=login]").first.fill("nobody@demo.example")
    page.locator("input[name=password]").first.fill("not the password")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main [role=alert]:visible")).to_have_count(1)
    axe(page)
    assert without_scripts()
    expect(page.locator("main [role=alert]:visible")).to_have_count(1)
    axe(page)


def test_a_menu_opens_without_a_script_and_stays_on_the_screen(page: Page, served_fair: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served_fair.page("programme/", "ar"))
    page.locator("details.languages > summary").click()
    box = page.locator("details.languages ul").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_url("**/en/**/programme/")


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_masthead_is_wider_than_a_telephone_in_any_language(
    page: Page, served_fair: Any, signed_in: bool, subtests: pytest.Subtests
) -> None:
    """In a fair and outside of it, where the name of who is signed in stands beside the sign-out."""
    if signed_in:
        served_fair.sign_in(page)
    for language in ("en", "zh-hans", "ar", "fr", "es", "ru"):
        for address in (served_fair.page("halls/", language), f"{served_fair.address}{language}/"):
            page.goto(address)
            for width in (360, 390):
                with subtests.test(page=address, width=width):
                    page.set_viewport_size({"width": width, "height": 800})
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
                    row = page.locator(".masthead-row")
                    assert row.evaluate("row => row.scrollWidth - row.clientWidth") == 0
                    for part in (".wordmark", ".masthead-end"):
                        box = page.locator(f".masthead-row > {part}").bounding_box()
                        assert box is not None
                        assert box["x"] >= 0
                        assert box["x"] + box["width"] <= width
