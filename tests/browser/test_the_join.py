"""The way of the join: a buyer sees a safer source, asks it, meets it, and both confirm what came of it; the organiser
sees the figure of the chain move, and the public reads it in the report. Once with JavaScript, once on a telephone
without.

Three numbers on the way are computed again: by a call of the library, and by hand.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from serai.world.chains import builtin_chains
from serai.world.readers import MAKERS, read
from serai.world.supply import Link, SupplyNetwork, difference, needs_of, source_values, supply_network
from tests.browser.join_fair import CHAIN, FIRMS, NODE, PASSWORD, SLUGS

pytestmark = pytest.mark.browser

SECONDS_TO_START, SECONDS_TO_COMPUTE = 60, 180
CHINA, JAPAN = 0.85, 0.15
"""What the buyer declares of its sources."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The two small fairs, served."""
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
        yield f"http://127.0.0.1:{port}/en/"
    finally:
        server.terminate()
        server.communicate(timeout=SECONDS_TO_START)


@pytest.fixture(scope="module")
def network() -> SupplyNetwork:
    return supply_network(*builtin_chains((CHAIN,)), table=read(question=MAKERS))


def visitor(browser: Browser, *, scripts: bool) -> Page:
    """A page of a visitor of its own: at a desk, or on a telephone without JavaScript."""
    size = {"width": 1440 if scripts else 390, "height": 900}
    page = browser.new_context(viewport=size, java_script_enabled=scripts).new_page()
    page.set_default_timeout(60_000)
    return page


def signed_in(browser: Browser, fair: str, who: str, *, scripts: bool) -> Page:
    """The same, signed in to a fair."""
    page = visitor(browser, scripts=scripts)
    page.goto(fair)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Mail address").fill(f"{who}@{fair.split('/')[-2]}.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def computed(page: Page, *, scripts: bool) -> None:
    """Wait until nothing on the page is being computed: it renews itself, and without JavaScript its reader does so."""
    awaited = page.locator("[data-awaited]")
    ends = time.monotonic() + SECONDS_TO_COMPUTE
    while not scripts and awaited.count() and time.monotonic() < ends:
        time.sleep(1)
        page.reload()
    expect(awaited).to_have_count(0, timeout=SECONDS_TO_COMPUTE * 1000)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_buyer_gets_a_safer_source_and_the_figure_of_the_chain_moves(
    browser: Browser, address: str, network: SupplyNetwork, slug: str
) -> None:
    fair, scripts = f"{address}{slug}/", slug == SLUGS[0]
    buyer, maker, rival, organiser = (
        signed_in(browser, fair, who, scripts=scripts) for who in ("buyer", "maker", "rival", "organiser")
    )
    public = visitor(browser, scripts=scripts)
    exposure = sees_a_safer_source(buyer, network, scripts=scripts)
    meet_and_confirm(buyer, maker, fair)
    sees_the_figure_move(organiser, network, fair, scripts=scripts)
    reads_the_report(public, organiser, fair, scripts=scripts)
    for page in (maker, organiser, public, rival):
        reads_nothing_of_it(page, exposure)
    for page in (maker, rival):
        for other in ("partners/", "meetings/", "outcomes/", f"chains/{CHAIN}/?node={NODE}"):
            page.goto(fair + other)
            assert "third source country" not in page.content()
    for page, there in ((buyer, exposure), (public, f"{fair}report/fair/"), (public, f"{fair}chains/{CHAIN}/")):
        speaks_chinese_and_arabic(page, there)
    for page in (buyer, maker, organiser, public, rival):
        page.context.close()


def sees_a_safer_source(buyer: Page, network: SupplyNetwork, *, scripts: bool) -> str:
    """The buyer says where it buys, and sees what depends on it and who would make it safer. Returns the address."""
    buyer.get_by_role("link", name="My meetings").first.click()
    if not scripts:  # on a telephone the side of the desk is folded
        buyer.locator("#side summary").first.click()
    buyer.get_by_role("link", name="Your exposure").first.click()
    computed(buyer, scripts=scripts)
    exposure = buyer.url
    buyer.get_by_role("link", name="Say where you buy it").click()
    for row, (country, share) in enumerate((("CN", CHINA), ("JP", JAPAN))):
        buyer.locator(f"[name=source-{row}-country]").select_option(country)
        buyer.locator(f"[name=source-{row}-share]").fill(f"{100 * share:.0f}")
    buyer.get_by_role("button", name="Save").click()
    expect(buyer).to_have_url(exposure)
    computed(buyer, scripts=scripts)
    expect(buyer.locator("main")).to_contain_text("Single source: 85 % comes from one country, China.")

    # By hand: 1 / (.85^2 + .15^2) effective sources; a new one takes one share more than there are.
    part = 1 / (1 / (CHINA**2 + JAPAN**2) + 1)
    largest = CHINA * (1 - part)
    own = needs_of(network, [(NODE, "DEU")], present={0: {"CHN": CHINA, "JPN": JAPAN}})
    values = source_values(network, own, ["KOR"])
    for name in ("secure", "stable"):  # nothing else of the chain goes into this node: both are the largest share
        figure = values.figure(0, "KOR", name)
        assert (figure.present, figure.present + figure.change[0]) == pytest.approx((CHINA, largest), abs=1e-6)
    source = buyer.locator("details.source-value").first
    title = network.chain.nodes[network.node(NODE)].title["en"]
    expect(source).to_contain_text(f"Your third source country for {title}")
    source.locator("summary").click()
    expect(source).to_contain_text(f"(today China): 85 % → {100 * largest:.0f} %")
    return exposure


def press(page: Page, name: str) -> None:
    """Press a button and wait for its answer, as another visitor who looks at once would not see what it did."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=name).first.click()


def meet_and_confirm(buyer: Page, maker: Page, fair: str) -> None:
    """The buyer asks, the maker accepts, both say that they met; one states what came of it and the other confirms."""
    buyer.get_by_role("link", name="Ask for a meeting").first.click()
    buyer.locator("select[name=starts_at]").select_option(index=1)
    press(buyer, "Send the request")
    maker.goto(f"{fair}meetings/")
    press(maker, "Accept")
    for page in (maker, buyer):
        page.goto(f"{fair}meetings/")
        other = FIRMS["buyer"] if page is maker else FIRMS["maker"]
        page.locator("main").get_by_role("link", name=other[0]).first.click()
        press(page, "It takes place")
    press(buyer, "Contract")
    maker.goto(f"{fair}outcomes/")
    maker.locator("main li.card a").first.click()
    maker.get_by_role("button", name="Yes, confirm").click()
    expect(maker.locator("main .facts")).to_contain_text("Confirmed")


def sees_the_figure_move(organiser: Page, network: SupplyNetwork, fair: str, *, scripts: bool) -> None:
    """The organiser reads how many source countries an input has, as the library and a sum by hand say."""
    organiser.goto(f"{fair}organiser/sources/")
    computed(organiser, scripts=scripts)
    x = network.flows.shares[network.node(NODE), :, network.country("DEU")]
    part = 1 / (1 / (x**2).sum() + 1)
    moved = (1 - part) * x
    moved[network.country("KOR")] += part
    needs = needs_of(network, [(NODE, "DEU")])
    row = {row["figure"]: row for row in difference(network, needs, [Link(0, "KOR")]).records()}["effective"]
    by_hand = 1 / (x**2).sum(), 1 / (moved**2).sum()
    assert (row["before"], row["after"]) == pytest.approx(by_hand)
    shown = organiser.locator("tr", has_text="Source countries of an input").first
    told = [float(text) for text in shown.locator("td.number").all_inner_texts()[:2]]
    assert told == pytest.approx(by_hand, abs=0.006)


def reads_the_report(public: Page, organiser: Page, fair: str, *, scripts: bool) -> None:
    """The organiser publishes the report; the public reads the figure there, and on the map of the chain."""
    organiser.goto(f"{fair}organiser/reports/")
    organiser.get_by_role("button", name="Write the whole report").click()
    build, ends = f"{fair}organiser/reports/fair/", time.monotonic() + SECONDS_TO_COMPUTE
    expect(organiser).to_have_url(build)
    while time.monotonic() < ends:  # it is refused while what it tells of the chains is being computed
        organiser.goto(build)
        press(organiser, "Publish")
        answer = public.goto(f"{fair}report/fair/")
        if answer is not None and answer.ok:
            break
        time.sleep(1)
    expect(public.locator("main")).to_contain_text("Source countries of an input")
    public.goto(f"{fair}chains/{CHAIN}/")
    computed(public, scripts=scripts)
    expect(public.locator("#did")).to_be_visible()


def reads_nothing_of_it(page: Page, exposure: str) -> None:
    """Nobody but the buyer opens its exposure."""
    answer = page.goto(exposure)
    assert answer is not None
    assert answer.status in (403, 404) or "sign-in" in page.url


def speaks_chinese_and_arabic(page: Page, there: str) -> None:
    """The page is there in both, in its own direction."""
    for language, direction in (("zh-hans", "ltr"), ("ar", "rtl")):
        page.goto(there.replace("/en/", f"/{language}/"))
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator("html").get_attribute("dir") == direction
