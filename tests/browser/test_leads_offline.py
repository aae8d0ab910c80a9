"""Leads and contacts without a connection: the form opens, what is kept is sent, and nothing outlives signing out."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

READY = """async () => {
  const shelved = async () => (await (await caches.open("serai-leads")).keys()).length;
  const ready = async () => navigator.serviceWorker.controller !== null && await shelved() > 2;
  while (!await ready()) await new Promise((go) => setTimeout(go, 50));
}"""
KEPT = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  const workers = (await navigator.serviceWorker.getRegistrations()).length;
  return [names.includes("serai-leads"), (await caches.keys()).length, workers];
}"""


@pytest.fixture
def phone(browser: Browser, served_fair: Any) -> Iterator[Page]:
    """A page of an exhibitor, at the form of a new lead, with the worker in charge."""
    context = browser.new_context()
    page = _signed_in(context.new_page(), served_fair, "exhibitor")
    page.goto(served_fair.page("desk/"))
    page.get_by_role("link", name="Leads", exact=True).click()
    page.get_by_role("link", name="Write one in by hand").click()
    page.evaluate(READY)
    yield page
    context.close()


def _signed_in(page: Page, fair: Any, who: str) -> Page:
    page.goto(f"{fair.address}en/sign-in/")
    page.get_by_label("Mail address").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill(fair.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def _write(page: Page, person: str) -> None:
    page.get_by_label("Person").fill(person)
    page.get_by_label("Notes").fill("Wants prices")
    page.get_by_role("button", name="Save").click()


def test_a_lead_is_written_without_a_connection_and_sent_with_the_next(phone: Page) -> None:
    address = phone.url
    phone.context.set_offline(True)
    phone.goto(address)
    expect(phone.get_by_text("There is no connection.")).to_be_visible()
    _write(phone, "Amina Diallo")
    queue = phone.get_by_role("status").filter(has_text="Kept on this device")
    expect(queue).to_contain_text("Amina Diallo")
    phone.reload()
    expect(queue).to_contain_text("Amina Diallo")
    phone.context.set_offline(False)  # the page that is open is told of it, and sends what waits by itself
    expect(queue).to_contain_text("Sent and kept: 1")
    expect(queue).to_contain_text("Waiting for a connection: 0")
    phone.goto(address)
    phone.get_by_role("link", name="Leads", exact=True).click()
    expect(phone.get_by_role("link", name="Amina Diallo")).to_have_count(1)


def test_a_buyer_keeps_a_badge_without_a_connection_and_is_told_whom(
    phone: Page, browser: Browser, served_fair: Any
) -> None:
    phone.goto(served_fair.page("desk/"))
    phone.get_by_role("link", name="Badges", exact=True).first.click()
    card = phone.locator("main li.card").first
    code, position = card.locator("code").inner_text(), card.locator("p.quiet").inner_text().split(" · ")[-1]
    context = browser.new_context()
    page = _signed_in(context.new_page(), served_fair, "buyer")
    address = served_fair.page("buyer/contacts/new/")
    page.goto(address)
    page.evaluate(READY)
    context.set_offline(True)
    page.goto(address)
    expect(page.get_by_text("There is no connection.")).to_be_visible()
    page.get_by_label("Code of a badge").fill(code)
    page.get_by_label("Notes").fill("Two grades")
    page.get_by_role("button", name="Keep", exact=True).click()
    queue = page.get_by_role("status").filter(has_text="Kept on this device")
    expect(queue).to_contain_text(code)
    context.set_offline(False)
    expect(queue).to_contain_text("Sent and kept: 1")
    expect(queue).to_contain_text(position)
    expect(queue).to_contain_text("Waiting for a connection: 0")
    page.goto(served_fair.page("buyer/contacts/"))
    expect(page.locator("main")).to_contain_text("Two grades")
    context.close()


def test_signing_out_sends_what_waits_and_leaves_nothing_in_the_browser(phone: Page) -> None:
    phone.context.set_offline(True)
    _write(phone, "Bo Lindqvist")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    assert phone.evaluate(KEPT) == [False, 0, 0]


def test_signing_out_asks_before_it_discards_what_cannot_be_sent(phone: Page) -> None:
    phone.route("**/leads/new/", lambda route: route.abort())
    _write(phone, "Chen Yu")
    expect(phone.get_by_role("status").filter(has_text="Kept on this device")).to_contain_text("Chen Yu")
    leave = phone.get_by_role("button", name="Sign out")
    with phone.expect_event("dialog") as asked:
        leave.click()
    assert "would be lost: 1." in asked.value.message
    asked.value.dismiss()
    expect(leave).to_be_visible()
    with phone.expect_event("dialog") as asked:
        leave.click()
    asked.value.accept()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    assert phone.evaluate(KEPT) == [False, 0, 0]


def test_signing_out_asks_where_it_cannot_be_read_whether_something_waits(phone: Page) -> None:
    phone.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('broken'); }; }")
    leave = phone.get_by_role("button", name="Sign out")
    asked: list[str] = []
    phone.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    leave.click()
    expect(leave).to_be_enabled()
    assert ["cannot be read" in sentence for sentence in asked] == [True]
    phone.once("dialog", lambda dialog: dialog.accept())
    leave.click()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
