"""The way of the data as people go it.

A visitor goes from the front page to a firm's matches, an organiser from a workbook to the timetable and the report.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_visitor_goes_from_the_front_page_along_a_chain_to_a_firm_and_its_matches(
    page: Page, served_fair: Any
) -> None:
    page.goto(served_fair.address)
    expect(page).to_have_url(served_fair.page())

    page.locator(".card-chain[data-chain=clean-energy] a").first.click()
    expect(page.get_by_role("heading", name="Chain map")).to_be_visible()
    expect(page.locator(".chain-map svg a").first).to_be_visible()

    link = page.locator("td a[href*='/firms/']:not([href*='?'])").first
    firm = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(firm)

    page.get_by_role("link", name="Partners along the chain").click()
    expect(page.locator("main .lead")).to_contain_text(firm)
    partner = page.locator("main li.card").first
    expect(partner.get_by_role("heading")).not_to_have_text(firm)
    expect(partner.locator("li").first).to_have_text(re.compile(r"\b(need|offer).*\.$"))


def test_exhibitors_of_the_demonstration_offer_something_at_all_nodes_but_five(page: Page, served_fair: Any) -> None:
    told = page.request.get(served_fair.page("report/figures.json")).json()
    assert {figure["code"]: figure["value"] for figure in told["figures"]}["gaps"] == 5


def test_a_wrong_password_is_refused_in_words(page: Page, served_fair: Any) -> None:
    page.goto(f"{served_fair.address}en/sign-in/")
    page.get_by_label("Mail address").fill(served_fair.email)
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook of two firms, and one row in which no firm is named."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Company", "Country", "Product"])
    sheet.append(["Saffron Separators Ltd", "Kenya", "Battery separator film"])
    sheet.append(["Cardamom Cathodes Ltd", "China", "Cathode material"])
    sheet.append(["", "China", "Copper foil"])
    path = tmp_path / "firms.xlsx"
    book.save(path)
    return path


def test_an_organiser_goes_from_a_workbook_to_the_timetable_and_the_report(
    page: Page, served_fair: Any, workbook: Path
) -> None:
    served_fair.sign_in(page)
    page.get_by_role("link", name="Organiser", exact=True).click()

    group = page.locator("details.side-group", has=page.locator("a[href$='organiser/imports/']"))
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    group.get_by_role("link", name="Import", exact=True).click()
    page.get_by_role("link", name="Import a workbook").click()
    page.locator("input[type=file]").set_input_files(workbook)
    page.get_by_role("button", name="Read and preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("firms.xlsx", timeout=60_000)
    expect(page.get_by_role("navigation", name="Rows by state")).to_contain_text(re.compile(r"Rejected\s*1"))
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("main .facts")).to_contain_text("Applied", timeout=60_000)
    page.goto(served_fair.page("firms/?q=saffron"))
    expect(page.get_by_role("link", name="Saffron Separators Ltd")).to_be_visible()

    page.goto(served_fair.page("organiser/timetable/"))
    page.get_by_role("button", name=re.compile("Make")).click()
    expect(page.get_by_role("status")).to_contain_text("seated", timeout=180_000)
    seated = page.locator("dt", has_text="Meetings seated").locator("xpath=following-sibling::dd[1]").inner_text()
    placed, wished = (int(number.replace(",", "")) for number in re.findall(r"[\d,]+", seated))
    assert 0 < placed <= wished
    expect(page.locator("table tbody tr").first).to_be_visible()

    page.get_by_role("link", name="Report").first.click()
    exhibitors = page.locator("#exhibitors")
    assert int(exhibitors.locator("td.number").inner_text().replace(",", "")) > 2
    expect(exhibitors).to_contain_text("Confirmed participations")


def test_pages_need_no_script(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("firms/"))
    assert page.locator("script:not([src^='/static/'], [type='application/ld+json'])").count() == 0
