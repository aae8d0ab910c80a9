"""The way of the join: a buyer sees a safer source, asks it, meets it, and both confirm what came of it; the organiser
sees the figure of the chain move, and the public reads it in the report.

Three numbers on the way are computed again: by a call of the library, and by hand.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from serai.world.chains import builtin_chains
from serai.world.readers import MAKERS, read
from serai.world.supply import Link, difference, needs_of, source_values, supply_network
from tests.browser.join_fair import CHAIN, FIRMS, NODE, PASSWORD, SLUG

pytestmark = pytest.mark.browser

SECONDS_TO_START, SECONDS_TO_COMPUTE = 60, 180
CHINA, JAPAN = 0.85, 0.15
"""What the buyer declares of its sources."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small fair, served."""
    home = tmp_path_factory.mktemp("join")
    environment = os.environ | {"SERAI_HOME": str(home), "SERAI_SMTP": "smtp://127.0.0.1:9"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, Path(__file__).with_name("join_fair.py")], env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    up = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    server = subprocess.Popen(up, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}/en/{SLUG}/"
    finally:
        server.terminate()
        server.communicate(timeout=SECONDS_TO_START)


def signed_in(browser: Browser, address: str, who: str) -> Page:
    """A page of a visitor of its own, signed in."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Mail address").fill(f"{who}@join.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def computed(page: Page) -> None:
    """Wait until nothing on the page is being computed: it renews itself."""
    expect(page.locator("[data-awaited]")).to_have_count(0, timeout=SECONDS_TO_COMPUTE * 1000)


def test_a_buyer_gets_a_safer_source_and_the_figure_of_the_chain_moves(browser: Browser, address: str) -> None:
    buyer, maker = signed_in(browser, address, "buyer"), signed_in(browser, address, "maker")

    # The buyer says where it buys, and sees what depends on it and who would make it safer.
    buyer.get_by_role("link", name="Buyer", exact=True).click()
    buyer.get_by_role("link", name="Your exposure").first.click()
    computed(buyer)
    exposure = buyer.url
    buyer.get_by_role("link", name="Say where you buy it").click()
    for row, (country, share) in enumerate((("CN", CHINA), ("JP", JAPAN))):
        buyer.locator(f"[name=source-{row}-country]").select_option(country)
        buyer.locator(f"[name=source-{row}-share]").fill(f"{100 * share:.0f}")
    buyer.get_by_role("button", name="Keep").click()
    expect(buyer).to_have_url(exposure)
    computed(buyer)
    expect(buyer.locator("main")).to_contain_text("Single source: 85 % comes from one country, China.")

    # By hand: 1 / (.85^2 + .15^2) effective sources; a new one takes one share more than there are.
    part = 1 / (1 / (CHINA**2 + JAPAN**2) + 1)
    largest = CHINA * (1 - part)
    network = supply_network(*builtin_chains((CHAIN,)), table=read(question=MAKERS))
    own = needs_of(network, [(NODE, "DEU")], present={0: {"CHN": CHINA, "JPN": JAPAN}})
    values = source_values(network, own, ["KOR"])
    secure, stable = (values.figure(0, "KOR", name) for name in ("secure", "stable"))
    assert secure.present + secure.change[0] == pytest.approx(largest)
    assert stable.present + stable.change[0] == pytest.approx(largest, abs=0.01)  # nothing else of the chain goes in
    source = buyer.locator("details.source-value").first
    expect(source).to_contain_text("Your third source country for Graphite anodes")
    source.locator("summary").click()
    expect(source).to_contain_text(f"(today China): 85 % → {100 * largest:.0f} %")

    # It asks, the maker accepts, both say that they are there, one states what came of it and the other confirms.
    buyer.get_by_role("link", name="Ask for a meeting").first.click()
    buyer.locator("select[name=starts_at]").select_option(index=1)
    buyer.get_by_role("button", name="Send the request").click()
    maker.goto(f"{address}meetings/")
    maker.get_by_role("button", name="Accept").click()
    for page in (maker, buyer):
        page.goto(f"{address}meetings/")
        other = FIRMS["buyer"] if page is maker else FIRMS["maker"]
        page.locator("main").get_by_role("link", name=other[0]).first.click()
        page.get_by_role("button", name="It takes place").click()
    buyer.get_by_role("button", name="Contract").click()
    maker.goto(f"{address}outcomes/")
    maker.locator("main li.card a").first.click()
    maker.get_by_role("button", name="Yes, confirm").click()
    expect(maker.locator("main .facts")).to_contain_text("Confirmed")

    # The organiser sees the figure of the chain move.
    organiser = signed_in(browser, address, "organiser")
    organiser.goto(f"{address}organiser/sources/")
    computed(organiser)
    needs = needs_of(network, [(NODE, "DEU")])
    x = network.flows.shares[network.node(NODE), :, network.country("DEU")]
    part = 1 / (1 / (x**2).sum() + 1)
    moved = (1 - part) * x
    moved[network.country("KOR")] += part
    row = {row["figure"]: row for row in difference(network, needs, [Link(0, "KOR")]).records()}["effective"]
    by_hand = 1 / (x**2).sum(), 1 / (moved**2).sum()
    assert (row["before"], row["after"]) == pytest.approx(by_hand)
    shown = organiser.locator("tr", has_text="Source countries an input").first
    told = [float(text) for text in shown.locator("td.number").all_inner_texts()[:2]]
    assert told == pytest.approx(by_hand, abs=0.006)

    # The public reads it in the report, and on the map of the chain.
    organiser.goto(f"{address}organiser/reports/")
    organiser.get_by_role("button", name="Write the whole report").click()
    organiser.get_by_role("button", name="Publish").first.click()
    public = browser.new_context().new_page()
    public.goto(f"{address}report/fair/")
    expect(public.locator("main")).to_contain_text("Source countries an input")
    public.goto(f"{address}chains/{CHAIN}/")
    computed(public)
    expect(public.locator("#did")).to_be_visible()

    # Nobody else reads what the buyer declared.
    for page in (maker, organiser, public, signed_in(browser, address, "rival")):
        answer = page.goto(exposure)
        assert answer is not None
        assert answer.status in (403, 404) or "sign-in" in page.url
        for other in ("partners/", "meetings/", "outcomes/", "organiser/sources/", f"chains/{CHAIN}/?node={NODE}"):
            page.goto(address + other)
            assert "third source country" not in page.content()
