"""What asks first opens over the page that it is asked on, and titles are changed where a list shows them.

Each is tried in a browser with JavaScript, and in one without, where it is a page like all others.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

IS_THE_SAME = "window.isTheSame === true"
"""Whether the page was not loaded anew since ``stays`` marked it."""


@pytest.fixture(params=[True, False], ids=["with-scripts", "without"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def visitor(browser: Browser, scripts: bool) -> Iterator[Page]:
    """A page of a visitor of its own. Faults are no faults here: a refused form answers with 400, which is logged."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def stays(page: Page) -> None:
    """Mark the page, to tell later whether it is still the same."""
    page.evaluate("window.isTheSame = true")


@pytest.fixture
def asked(visitor: Page, served_fair: Any, scripts: bool) -> Page:
    """Somebody whom others have asked for a meeting, at the list of what waits: another in each browser."""
    served_fair.sign_in(visitor, f"{'exhibitor' if scripts else 'buyer'}@demo.example")
    visitor.goto(served_fair.page("meetings/"))
    return visitor


def test_a_request_is_declined_over_the_list_that_it_stands_in(asked: Page, scripts: bool) -> None:
    listed, title = asked.url, asked.title()
    waiting = asked.locator("section[aria-labelledby=received] li.card")
    before = waiting.count()
    opens = waiting.first.get_by_role("link", name="Another time, or decline")
    stays(asked)
    opens.click()
    dialog = asked.locator("dialog[open]" if scripts else "main")
    expect(dialog.get_by_role("heading", level=1)).to_have_text("Request for a meeting")
    if scripts:
        assert asked.evaluate("document.querySelector('dialog').contains(document.activeElement)")
        asked.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opens).to_be_focused()
        assert (asked.url, asked.title()) == (listed, title)
        opens.click()
        expect(dialog).to_be_visible()
    # What is refused stays where it was asked.
    words = dialog.get_by_label("Message to them")
    words.evaluate("field => field.value = 'x'.repeat(301)")
    dialog.get_by_role("button", name="Decline").click()
    refused = dialog.locator("[aria-invalid=true]")
    expect(refused).to_have_count(1)
    if scripts:
        expect(refused).to_be_focused()
        assert asked.evaluate(IS_THE_SAME)
        assert (asked.url, asked.title()) == (listed, title)
    # What is done leads back to the list, which says so.
    refused.fill("No")
    dialog.get_by_role("button", name="Decline").click()
    expect(asked.locator("main #messages")).to_contain_text("You have declined.")
    assert asked.url == listed
    expect(asked.locator("dialog[open]")).to_have_count(0)
    expect(waiting).to_have_count(before - 1)


def test_a_title_is_changed_in_its_list(visitor: Page, served_fair: Any, scripts: bool) -> None:
    served_fair.sign_in(visitor)
    visitor.goto(served_fair.page("organiser/floor/"))
    listed = visitor.url
    row = visitor.locator("#halls tbody tr").first
    before = row.locator("th").inner_text().strip()
    code, _space, title = before.partition(" ")
    stays(visitor)
    for name in ("Hall of the test", title):
        row.locator("a.rename").click()
        field = visitor.locator("#halls form [name=title_en]")
        if scripts:
            expect(field).to_be_focused()
        field.fill(name)
        field.press("Enter")
        expect(row.locator("th")).to_contain_text(f"{code} {name}")
        expect(visitor.locator("#halls form")).to_have_count(0)
        expect(visitor.locator("#messages")).to_contain_text("Saved.")
        assert visitor.url == listed
        assert bool(visitor.evaluate(IS_THE_SAME)) is scripts


def test_a_refused_title_says_why_in_the_list_and_is_left_again(visitor: Page, served_fair: Any, scripts: bool) -> None:
    served_fair.sign_in(visitor)
    visitor.goto(served_fair.page("organiser/floor/W1/"))
    listed = visitor.url
    rows = visitor.locator("#booth-list tbody tr")
    first, second = (rows.nth(number).locator("th bdi").inner_text() for number in (0, 1))
    stays(visitor)
    rows.first.locator("a.rename").click()
    visitor.locator("#booth-list form [name=code]").fill(second)
    visitor.locator("#booth-list form").get_by_role("button", name="Save").click()
    expect(visitor.locator("#booth-list form [role=alert]")).to_have_count(1)
    visitor.locator("#booth-list form").get_by_role("link", name="Cancel").click()
    expect(visitor.locator("#booth-list form")).to_have_count(0)
    expect(rows.first.locator("th bdi")).to_have_text(first)
    assert visitor.url.partition("?")[0] == listed
    assert bool(visitor.evaluate(IS_THE_SAME)) is scripts
