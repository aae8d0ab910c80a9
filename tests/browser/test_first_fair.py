"""An organiser alone, in a browser, from an empty instance to a published fair with a list of firms: no shell."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

SECONDS_TO_START = 60

pytestmark = pytest.mark.browser

MOST_CLICKS = 12
CODE = re.compile(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)
LIST = "Firma;Land;Produkt\n" + "".join(f"Maschinenbau {name} GmbH;Deutschland;Drehmaschinen\n" for name in "ABCDEFGH")


@dataclass
class Console:
    """What `serai up` prints: the link of the first start, and letters, where no mail server is named."""

    address: str
    lines: list[str] = field(default_factory=list)

    def find(self, pattern: re.Pattern[str], page: Page) -> str:
        """The last of what the pattern finds, waited for."""
        for _attempt in range(600):
            if found := pattern.findall("\n".join(self.lines)):
                return str(found[-1])
            page.wait_for_timeout(100)
        raise AssertionError("\n".join(self.lines))


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """An empty instance, served."""
    environment = os.environ | {"SERAI_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "serai", "up", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    said = Console(f"http://127.0.0.1:{port}/")
    assert server.stdout is not None
    printed = server.stdout

    def read() -> None:
        for line in printed:
            said.lines.append(line.rstrip("\n"))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield said
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=SECONDS_TO_START)
        reader.join(timeout=SECONDS_TO_START)
        printed.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has seen nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_from_an_empty_instance_to_a_published_fair_takes_twelve_clicks(
    visitor: Page, console: Console, tmp_path: Path
) -> None:
    page = visitor
    clicks = 0

    def click(target: Locator) -> None:
        nonlocal clicks
        target.click()
        clicks += 1

    page.goto(console.find(re.compile(r"^\s*(http://\S+/\S*first\S*)", re.MULTILINE), page))
    page.get_by_label("Name of your organisation").fill("Messe Muster")
    page.get_by_label("Country or region of your organisation").select_option("DE")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Your mail address").fill("ana@messe.example")
    click(page.get_by_role("button", name="Send me a code"))
    page.get_by_label("Code").fill(console.find(CODE, page))
    click(page.get_by_role("main").get_by_role("button").first)
    click(page.get_by_role("button", name="Become the owner"))

    expect(page.get_by_text("Next you bring your list of firms")).to_be_visible()
    page.locator("#id_name input[lang=en], [name=name_en]").first.fill("Machines 2027")
    page.get_by_label("Address", exact=True).fill("machines-2027")
    page.locator("[name=starts_on]").fill("2027-06-01")
    page.locator("[name=ends_on]").fill("2027-06-03")
    click(page.get_by_role("button", name="Make the fair"))

    list_ = tmp_path / "Aussteller.csv"
    list_.write_text(LIST, encoding="utf-8")
    page.get_by_label("Workbook").set_input_files(list_)
    click(page.get_by_role("button", name="Read and preview"))
    expect(page.get_by_text("Next: look at what would become of each row")).to_be_visible()
    click(page.get_by_role("button", name="Apply"))

    click(page.get_by_role("complementary", name="What comes next").get_by_role("link", name="publish the fair"))
    click(page.get_by_role("button", name="Publish the fair"))
    expect(page.get_by_text("The fair is now: Published").first).to_be_visible()
    assert clicks <= MOST_CLICKS

    page.context.clear_cookies()  # as a visitor sees it
    page.goto(f"{console.address}en/machines-2027/firms/")
    expect(page.get_by_text("Maschinenbau A GmbH")).to_be_visible()
