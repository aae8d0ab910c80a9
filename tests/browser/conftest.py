"""A real browser against the fair as a user gets it: `serai demo` and `serai up` in processes of their own."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser.known import WITHOUT_SCRIPTS, told

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without a sandbox, since tests run as root in containers; and without what asks the browser's maker for things, or
# anybody but this machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    # Without the first, a frame is made anew for each page that is opened, which takes half as long again. The others
    # are those that Playwright turns off and that matter here: the last such list is the one that holds.
    "--disable-features=RenderDocument,PaintHolding,HttpsUpgrades,MediaRouter,OptimizationHints",
]
SERAI = ("-m", "serai")
SECONDS_TO_START = 60
PASSWORD = "the road to Samarkand"
SAID, VISITS = "what-demo-said.json", "visits.json"
expect.set_options(timeout=60_000)  # long, as nothing here is about speed and the machine may be busy
CSP = "content-security-policy"
UNREGISTER = """async () => {
    const registrations = await navigator.serviceWorker?.getRegistrations() || [];
    await Promise.all(registrations.map(registration => registration.unregister()));
}"""
VIOLATIONS = "rules => axe.run({resultTypes: ['violations'], rules}).then(found => found.violations)"
"""Only what is wrong is sent back: all that axe has looked at takes a third longer."""
COLOURS = "color-contrast"
"""The rule of axe that takes half of its time or more."""


@dataclass(frozen=True)
class Fair:
    """A served fair: where it is, its edition, who may sign in as its organiser, and the folder of its data."""

    address: str
    edition: str
    email: str
    password: str
    home: str

    def page(self, path: str = "", language: str = "en") -> str:
        """The address of a page of the edition, as in ``page("firms/", "ar")``."""
        return f"{self.address}{language}/{self.edition}/{path}"

    def enter(self, context: BrowserContext, cookie: str) -> None:
        """Be the visitor whose session this is, anybody where it is empty."""
        context.clear_cookies()
        if cookie:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])

    def sign_in(self, page: Page, email: str = "") -> None:
        """Sign in as the organiser or as another of the demonstration, from the front page."""
        page.goto(self.page())
        page.get_by_role("link", name="Sign in").click()
        page.get_by_label("Mail address").fill(email or self.email)
        page.get_by_label("Password").fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration edition with a thing for every page, to be copied.

    The first process that asks makes it, for all of them.
    """
    of_all = tmp_path_factory.getbasetemp()
    of_all = of_all.parent if "PYTEST_XDIST_WORKER" in os.environ else of_all
    home = of_all / "demonstration"
    with (of_all / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            making = of_all / "demonstration-in-the-making"
            making.mkdir(exist_ok=True)
            environment = _environment(making) | {"SERAI_DEMO_PASSWORD": PASSWORD}
            subprocess.run([sys.executable, Path(__file__).with_name("make_fair.py")], env=environment, check=True)
            making.rename(home)
    return home


def _environment(home: Path) -> dict[str, str]:
    environment = os.environ | {"SERAI_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    return environment


@pytest.fixture(scope="session")
def visits(demonstration: Path) -> Mapping[str, Any]:
    """The visitors with their sessions, addresses and the pages that links lead them to: what furnish.py says."""
    visits: Mapping[str, Any] = json.loads((demonstration / VISITS).read_bytes().splitlines()[-1])
    return visits


@pytest.fixture(scope="session")
def served_fair(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fair]:
    """The demonstration edition, served until the last test that asks for it."""
    home = tmp_path_factory.mktemp("fair")
    shutil.copytree(demonstration, home, dirs_exist_ok=True)
    made = json.loads((home / SAID).read_bytes())
    # No mail server answers there; without one, the worker would print each letter.
    environment = _environment(home) | {"SERAI_SMTP": "smtp://127.0.0.1:9", "SERAI_LOG": "warning"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    up = [sys.executable, *SERAI, "up", "--port", str(port)]
    server = subprocess.Popen(up, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = server.stdout.readline()  # said once pages are answered; empty where the server has ended instead
        assert f"http://127.0.0.1:{port}/" in said, said
        yield Fair(f"http://127.0.0.1:{port}/", made["edition"], made["sign_in"]["email"], PASSWORD, str(home))
    finally:
        server.terminate()
        server.communicate(timeout=SECONDS_TO_START)


# Not for the whole session: while a browser is driven, its event loop counts as running, and Django refuses to query.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("The browser tests need a browser; as root: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, served_fair: Fair) -> Iterator[Page]:
    """A page of a new visitor. At the end nothing may have been asked of a third party or logged as an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(AXE_SCRIPT)  # sent once: with each look it would take a quarter of its time
    page.set_default_navigation_timeout(120_000)  # the first search loads the model, on a machine that may be busy
    faults: list[str] = []

    def ask(request: Request) -> None:
        if not request.url.startswith((served_fair.address, "data:", "blob:")):
            faults.append(f"{page.url} asked a third party: {request.url}")

    def log(message: ConsoleMessage) -> None:
        # A page that says no with its status is logged as a fault by the browser, and is none.
        says_no = message.location["url"] == page.url and "(Unauthorized)" in message.text
        if message.type in {"error", "warning"} and not says_no:
            faults.append(f"{page.url} logged: {message.text}")

    page.on("request", ask)
    page.on("console", log)
    page.on("pageerror", lambda error: faults.append(f"{page.url} failed: {error}"))
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Assert that axe finds nothing on the page as it stands; ``colours`` says whether it looks at their contrast."""

    def assert_accessible(page: Page, *, colours: bool = True) -> None:
        found = page.evaluate(VIOLATIONS, {} if colours else {COLOURS: {"enabled": False}})
        assert not found, told(page.url, found)

    return assert_accessible


@pytest.fixture
def without_scripts(page: Page) -> Callable[..., bool]:
    """Open the page that is open anew, as a browser without JavaScript shows it; False where nothing would differ.

    Nor is it opened where nothing would differ but what is ``known`` from other pages; what differs is known then.
    In a browser whose JavaScript is off axe runs no further than to its first timer. So the page is opened in one that
    has it, from what the server sent, without its scripts and with what stands in their place.
    """
    last: list[Response] = []

    def keep(response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == page.main_frame:
            last[:] = [response]

    def open_plainly(known: set[str] | None = None) -> bool:
        sent = last[0]
        differing = page.evaluate(WITHOUT_SCRIPTS, sent.text())
        if differing is None or (known is not None and known.issuperset(differing["differences"])):
            return False
        if known is not None:
            known.update(differing["differences"])
        headers = {name: value for name, value in sent.headers.items() if name in {"content-type", CSP}}
        page.evaluate(UNREGISTER)  # what a service worker fetches can't be replaced
        page.route(sent.url, lambda route: route.fulfill(body=differing["page"], headers=headers), times=1)
        page.goto(sent.url)
        assert page.locator("script, noscript").count() == 0
        return True

    page.on("response", keep)
    return open_plainly
