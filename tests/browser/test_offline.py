"""Without a connection: leads and contacts are written, pages for the halls read, and nothing outlives signing out."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

pytestmark = pytest.mark.browser

READY = """async () => {
  const active = async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated";
  const shelved = async () => (await (await caches.open("serai-leads")).keys()).map((one) => new URL(one.url));
  const all = async () => (await shelved()).some((one) => one.pathname.startsWith("/b/"));  // put there last
  for (let tries = 0; tries < 1200; tries++) {
    if (await active() && await all()) return;  // it opens the next page, whether or not it has this one
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`the worker is not ready: active ${await active()}, kept ${(await shelved()).map(String)}`);
}"""
KEPT = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  const workers = (await navigator.serviceWorker.getRegistrations()).length;
  return [names.includes("serai-leads"), (await caches.keys()).length, workers];
}"""

_number = count()


@pytest.fixture
def phone(browser: Browser, served_fair: Any) -> Iterator[Page]:
    """A page of an exhibitor, at the form of a new lead, with the worker in charge."""
    context = browser.new_context()
    page = _signed_in(context.new_page(), served_fair, "exhibitor")
    page.goto(served_fair.page("desk/"))
    page.get_by_role("link", name="Leads", exact=True).last.click()
    page.get_by_role("link", name="Write one in by hand").click()
    page.evaluate(READY)
    yield page
    context.close()


def _signed_in(page: Page, fair: Any, who: str) -> Page:
    page.goto(f"{fair.address}en/sign-in/")
    page.get_by_label("Mail address").fill(f"{who}@demo.example")
    page.get_by_label("Password").fill(fair.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(f"{fair.address}en/sign-in/")
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
    phone.get_by_role("link", name="Leads", exact=True).last.click()
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
    page.get_by_role("button", name="Save", exact=True).click()
    queue = page.get_by_role("status").filter(has_text="Kept on this device")
    expect(queue).to_contain_text(code)
    context.set_offline(False)
    expect(queue).to_contain_text("Sent and kept: 1")
    expect(queue).to_contain_text(position)
    expect(queue).to_contain_text("Waiting for a connection: 0")
    page.goto(served_fair.page("buyer/contacts/"))
    expect(page.locator("main")).to_contain_text("Two grades")
    context.close()


@pytest.fixture
def badge_of_a_buyer(browser: Browser, served_fair: Any) -> str:
    """The code of a badge that is not of the exhibitor's team, as the organiser prints it; each time of another."""
    context = browser.new_context()
    page = _signed_in(context.new_page(), served_fair, "organiser")
    page.goto(served_fair.page("organiser/badges/?kind=buyer&state=granted"))
    code = page.locator("tbody code").nth(next(_number)).inner_text()
    context.close()
    return str(code)


def test_the_square_of_a_badge_opens_the_form_without_a_connection_and_the_lead_is_kept_once(
    phone: Page, badge_of_a_buyer: str, served_fair: Any
) -> None:
    square = f"{served_fair.address}b/{served_fair.edition}/{badge_of_a_buyer}/"
    phone.context.set_offline(True)
    for note in ("Wants a sample", "And a price"):  # scanned twice, as it happens at a booth
        phone.goto(square)
        expect(phone.get_by_text("There is no connection.")).to_be_visible()
        expect(phone.get_by_label("Code of a badge")).to_have_value(badge_of_a_buyer)
        phone.get_by_label("Notes").fill(note)
        phone.get_by_role("button", name="Save").click()
        expect(phone.get_by_role("status").filter(has_text="Kept on this device")).to_contain_text(badge_of_a_buyer)
    assert "/desk/" in phone.url
    phone.context.set_offline(False)
    queue = phone.get_by_role("status").filter(has_text="Kept on this device")
    expect(queue).to_contain_text("Sent and kept: 2")
    expect(queue).to_contain_text("Waiting for a connection: 0")
    phone.goto(square)  # with a connection the same square opens the lead that was kept
    expect(phone.get_by_text("You have met this person before.")).to_be_visible()
    expect(phone.get_by_label("Notes")).to_have_value("Wants a sample\nAnd a price")
    person = phone.locator("h1").inner_text()
    phone.get_by_role("link", name="Leads", exact=True).last.click()
    expect(phone.get_by_role("link", name=person, exact=True)).to_have_count(1)


CAMERA = """(read) => {
  const canvas = document.createElement("canvas");
  setInterval(() => canvas.getContext("2d").fillRect(0, 0, 8, 8), 40);  // a picture that changes, as a camera's
  navigator.mediaDevices.getUserMedia = async () => {
    if (window.refused) throw new DOMException("", "NotAllowedError");
    return (window.shown = canvas.captureStream(25));
  };
  window.reads = read;
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return window.reads ? [{ rawValue: window.reads }] : []; }
  };
}"""


def _with_camera(page: Page, read: str = "") -> None:
    """A browser that reads squares: no browser on this machine has a camera or BarcodeDetector, so both are played."""
    expect(page).to_have_url(re.compile("/leads/$"))
    page.add_init_script(f"({CAMERA})({read!r})")
    page.reload()


def test_a_badge_is_scanned_within_the_page(phone: Page, badge_of_a_buyer: str, served_fair: Any) -> None:
    phone.get_by_role("link", name="Leads", exact=True).last.click()
    _with_camera(phone, "https://elsewhere.example/")
    phone.get_by_role("button", name="Scan with the camera").click()
    expect(phone.get_by_text("This is not a badge of this fair.")).to_be_visible()
    phone.get_by_role("button", name="Close the camera").click()
    assert phone.evaluate("() => window.shown.getTracks().map((one) => one.readyState)") == ["ended"]
    phone.get_by_role("button", name="Scan with the camera").click()
    phone.evaluate("(read) => { window.reads = read; }", f"HTTP://FAIR/b/{served_fair.edition}/{badge_of_a_buyer}/")
    expect(phone).to_have_url(re.compile(rf"/leads/new/\?badge={badge_of_a_buyer}$"))
    expect(phone.get_by_role("button", name="Save")).to_be_visible()


def test_who_refuses_the_camera_is_told_and_types_the_code(phone: Page) -> None:
    phone.get_by_role("link", name="Leads", exact=True).last.click()
    scan = phone.get_by_role("button", name="Scan with the camera")
    expect(scan).to_be_hidden()  # this browser reads no squares by itself
    _with_camera(phone)
    phone.evaluate("() => { window.refused = true; }")
    scan.click()
    expect(phone.get_by_text("The camera may not be used.")).to_be_visible()
    expect(phone.get_by_label("Code of a badge")).to_be_visible()


def test_what_waits_is_sent_from_another_page_too(phone: Page, served_fair: Any) -> None:
    phone.route("**/leads/new/", lambda route: route.abort())
    _write(phone, "Dina Haddad")
    expect(phone.get_by_role("status").filter(has_text="Kept on this device")).to_contain_text("Dina Haddad")
    phone.unroute("**/leads/new/")

    def is_sent(answer: Any) -> bool:
        return answer.request.method == "POST" and answer.url.endswith("/leads/new/")

    with phone.expect_response(is_sent) as sent:
        phone.goto(served_fair.page("desk/"))
    assert sent.value.ok


def test_signing_out_sends_what_waits_and_leaves_nothing_in_the_browser(phone: Page) -> None:
    phone.context.set_offline(True)
    _write(phone, "Bo Lindqvist")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    assert phone.evaluate(KEPT) == [False, 0, 0]


def _asked_on_leaving(page: Page, *, discard: bool) -> str:
    """What is asked of who signs out, answered so. In a handler: until it is answered, the click waits for it."""
    page.once("dialog", lambda dialog: dialog.accept() if discard else dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("button", name="Sign out").click()
    return str(asked.value.message)


def test_signing_out_asks_before_it_discards_what_cannot_be_sent(phone: Page) -> None:
    phone.route("**/leads/new/", lambda route: route.abort())
    _write(phone, "Chen Yu")
    expect(phone.get_by_role("status").filter(has_text="Kept on this device")).to_contain_text("Chen Yu")
    assert "would be lost: 1." in _asked_on_leaving(phone, discard=False)
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    _asked_on_leaving(phone, discard=True)
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()
    assert phone.evaluate(KEPT) == [False, 0, 0]


def test_signing_out_asks_where_it_cannot_be_read_whether_something_waits(phone: Page) -> None:
    phone.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('broken'); }; }")
    assert "cannot be read" in _asked_on_leaving(phone, discard=False)
    expect(phone.get_by_role("button", name="Sign out")).to_be_enabled()
    _asked_on_leaving(phone, discard=True)
    expect(phone.get_by_role("link", name="Sign in").first).to_be_visible()


# Pages for the halls


PAGES = """async () => {
  const whole = (await caches.has("serai-pages")) ? await (await caches.open("serai-pages")).keys() : [];
  return whole.map((one) => new URL(one.url).pathname);
}"""


@pytest.fixture
def visitor(browser: Browser, served_fair: Any) -> Iterator[Page]:
    """A page of a visitor of the fair who has opened the agenda, which is kept with the pages that it leads to."""
    context = browser.new_context()
    page = _signed_in(context.new_page(), served_fair, "exhibitor")
    page.goto(served_fair.page("agenda/"))
    _kept(page, "/desk/")  # the badges of the firm, fetched last
    yield page
    context.close()


def _kept(page: Page, part: str) -> list[str]:
    """The addresses that are kept once one with this part is among them."""
    kept: list[str] = []
    for _try in range(1200):
        kept = page.evaluate(PAGES)
        if any(part in path for path in kept):
            return kept
        page.wait_for_timeout(50)
    raise AssertionError(kept)


def _shows_nothing(page: Page, address: str) -> bool:
    """Whether the browser has only its own words for this address without a connection."""
    page.context.set_offline(True)
    with pytest.raises(Error, match="net::ERR_"):
        page.goto(address)
    page.context.set_offline(False)
    return True


def test_the_agenda_and_its_meetings_are_read_without_a_connection(visitor: Page) -> None:
    meeting = visitor.get_by_role("link", name=re.compile("^Meeting: ")).first
    title = meeting.inner_text().removeprefix("Meeting: ")
    assert meeting.get_attribute("href") in _kept(visitor, str(meeting.get_attribute("href")))
    visitor.context.set_offline(True)
    visitor.reload()
    expect(visitor.get_by_text("There is no connection. You read this page as it was at")).to_be_visible()
    meeting.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(title)
    expect(visitor.get_by_text("This form needs a connection.").first).to_be_visible()
    expect(visitor.locator("main form button:enabled")).to_have_count(0)


def test_what_was_kept_is_gone_after_signing_out(visitor: Page, served_fair: Any) -> None:
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_role("link", name="Sign in").first).to_be_visible()
    assert visitor.evaluate(KEPT) == [False, 0, 0]
    assert _shows_nothing(visitor, served_fair.page("agenda/"))


def test_who_signs_in_after_a_session_that_ended_gets_nothing_of_it(visitor: Page, served_fair: Any) -> None:
    of_exhibitor = visitor.evaluate(PAGES)
    visitor.context.clear_cookies()
    visitor.goto(served_fair.page("agenda/"))
    expect(visitor.get_by_label("Password")).to_be_visible()
    assert visitor.evaluate(PAGES) == []
    _signed_in(visitor, served_fair, "buyer")
    expect(visitor.get_by_role("button", name="Sign out")).to_be_visible()
    visitor.goto(served_fair.page("agenda/"))
    _kept(visitor, "/badges/")
    assert _shows_nothing(visitor, served_fair.address[:-1] + next(path for path in of_exhibitor if "/desk/" in path))
