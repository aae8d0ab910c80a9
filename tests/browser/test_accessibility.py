"""No page has a fault that axe finds, in a language of each direction and script, and all fit a telephone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "zh-hans", "ar")
PUBLIC_PAGES = (
    "",
    "chains/",
    "chains/clean-energy/",
    "chains/clean-energy/battery-cells/",
    "firms/",
    "firms/?chain=clean-energy",
    "firms/?q=battery",
    "halls/",
    "halls/W1/?from=W1-A01&booth=W1-C05",
    "programme/",
    "programme/1/",
    "report/",
)
ORGANISER_PAGES = (
    "organiser/",
    "organiser/imports/",
    "organiser/imports/new/",
    "organiser/matching/",
    "organiser/timetable/",
    "organiser/applications/",
    "organiser/phases/",
    "organiser/meeting-rules/",
    "organiser/setup/edition/",
    "organiser/floor/",
    "organiser/exports/",
    "organiser/audit/",
    "organiser/segments/new/",
    "organiser/mail/templates/new/",
    "organiser/assistance/",
    "agenda/",
    "organiser/buyers/",
    "organiser/buyers/terms/",
    "organiser/delegations/",
    "organiser/meetings/",
    "organiser/no-shows/",
    "organiser/outcomes/",
)
BUYER_PAGES = (
    "meetings/",
    "meetings/wishes/",
    "buyer/",
    "buyer/register/",
    "buyer/needs/new/",
    "buyer/contacts/",
    "buyer/delegation/",
    "outcomes/",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_an_accessibility_fault(
    page: Page, served_fair: Any, axe: Callable[[Page], None], language: str, subtests: pytest.Subtests
) -> None:
    page.goto(served_fair.page("firms/", language))
    firm = page.locator("main .card a").first.get_attribute("href")
    assert firm is not None
    firm = firm.partition(f"/{served_fair.edition}/")[2]
    for path in (*PUBLIC_PAGES, firm, f"{firm}partners/"):
        with subtests.test(page=path):
            page.goto(served_fair.page(path, language))
            axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_organiser_has_an_accessibility_fault(
    page: Page, served_fair: Any, axe: Callable[[Page], None], language: str, subtests: pytest.Subtests
) -> None:
    page.goto(f"{served_fair.address}{language}/sign-in/")
    axe(page)
    served_fair.sign_in(page)
    for path in ORGANISER_PAGES:
        with subtests.test(page=path):
            page.goto(served_fair.page(path, language))
            axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_a_telephone(page: Page, served_fair: Any, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PUBLIC_PAGES:
        page.goto(served_fair.page(path, language))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_buyer_has_an_accessibility_fault_or_is_wider_than_a_telephone(
    page: Page, served_fair: Any, axe: Callable[[Page], None], language: str, subtests: pytest.Subtests
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served_fair.address}{language}/sign-in/")
    page.locator("input[name=login]").fill("buyer@demo.example")
    page.locator("input[name=password]").fill(served_fair.password)
    page.locator("main form button[type=submit]").last.click()
    for path in BUYER_PAGES:
        with subtests.test(page=path):
            answer = page.goto(served_fair.page(path, language))
            assert answer is not None
            assert answer.status == 200
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
