"""Signing in with a passkey, with a key that the browser simulates, and what is seen where there is no script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def with_key(browser: Browser) -> Iterator[Page]:
    """A page of a browser with a passkey of its own."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()


def test_a_passkey_is_added_signs_in_and_is_removed(with_key: Page, served_fair: Any) -> None:
    page = with_key
    site = served_fair.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to a number
    page.goto(f"{site}en/sign-in/")
    page.get_by_label("Mail address").fill(served_fair.email)
    page.get_by_label("Password").fill(served_fair.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(f"{site}en/account/security/passkeys/add/")
    page.get_by_label("Password").fill(served_fair.password)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()  # once the device has forgotten its leads

    page.goto(f"{site}en/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    # The fair is shared with other tests, who sign in by password alone.
    page.goto(f"{site}en/account/security/passkeys/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_label("Password").fill(served_fair.password)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey.")).to_be_visible()


def test_without_a_key_the_page_says_what_to_do(browser: Browser, served_fair: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    site = served_fair.address.replace("127.0.0.1", "localhost")
    page.goto(f"{site}en/sign-in/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('refused')) }")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("have a code sent to you")
    context.close()


def test_everything_but_the_passkey_works_without_a_script(browser: Browser, served_fair: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served_fair.address}en/sign-in/")
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("Email").fill("nobody@demo.example")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    expect(page.get_by_text("A code is on its way")).to_be_visible()
    context.close()
