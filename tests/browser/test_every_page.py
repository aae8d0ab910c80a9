"""Every page of the site, as each kind of visitor: accessible, complete without a script, right at every width.

The pages are found by following links from the front page, one of each address (the page of one firm stands for all
firms); then come those that no link leads to, from the addresses of the site itself. So a new page is tried without
being named here. What is made for the fair so that each has something to show stands in furnish.py, and the walk too:
it is done once, and what it meets is looked at in parts, each by whichever process is free.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import APIResponse, Browser, Page

from scripts.addresses import FILES, is_followed, name_of
from tests.browser.fitting import WIDE, fits, resize
from tests.browser.focus import can_be_walked
from tests.browser.known import Known, look_at_what_is_new

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VISITORS = ("anonymous", "buyer", "exhibitor", "organiser")
LANGUAGES = ("en", "zh-hans", "ar")
PARTS, PARTS_UNLINKED = 10, 3
"""How many parts the looking is done in: of the pages that links lead to, and of the others."""
ALIKE = {"api-reference"}
"""Long pages that are the same whoever opens them: they are looked at in three languages once."""
ELSEWHERE = {
    "search-suggestions": "a part of every page: tests/expo/site/search",
    "lab-run": "whoever runs a scenario makes it: tests/expo/insight/lab",
    "lab-file": "the same",
    "scorecard-file": "a file: tests/expo/insight/scorecards",
    "world-scorecard-file": "the same",
    "report-finding": "it needs a report with findings: tests/expo/results/report",
    "own-field": "it needs a field of one's own: tests/expo/participants/own_fields",
    "own-values": "the same",
    "socialaccount_signup": "tests/expo/people/account/test_organisation_accounts.py",
    "openid_connect_login": "the same",
    "openid_connect_callback": "the same",
    "app-icon": "a picture: tests/expo/site/offline",
    "agenda-feed": "a calendar under a secret: tests/expo/programme/sessions/test_sign_up.py",
    "stored-file": "a file under a secret: tests/expo/files",
    "market-file": "a file: tests/expo/market",
    "outcome-document": "a file: tests/expo/outcomes",
    "desk-task-file": "a file: tests/expo/exhibitors",
    "report-file": "a file: tests/expo/report",
    "mfa_download_recovery_codes": "a file: tests/expo/people",
    "first-start": "only before anybody organises: tests/expo/fairs/organisers",
    "commitment-note-document": "a file: tests/expo/programme/initiatives",
    "signature-paper": "a file: tests/expo/programme/initiatives",
    "world-dataset-file": "a file: tests/expo/site/open_data",
    "desk-certificate": "a file once the fair is over: tests/expo/badges",
}
"""What no walk of this fair can look at, and where it is tried."""
ONE_HEADING = "document.querySelectorAll('h1').length"
OF_A_FAIR = 3
"""Scripts that every page of a fair has: htmx, the search, and lists that are narrowed in place."""
REMOVE_TOOLS = "document.querySelectorAll('.map-tools, .plan-tools').forEach(tools => tools.remove())"
"""Buttons that move a picture, which stands whole without them."""
WITH_SCRIPT = "!!document.querySelector('script[src]')"


KNOWN = Known()
"""To this process."""


class Look(NamedTuple):
    """A page that a visitor looks at, and the languages in which it does."""

    visitor: str
    name: str
    path: str
    languages: frozenset[str]


def on_the_way(visits: Mapping[str, Any]) -> set[str]:
    """The names of the pages that are met in the course of signing in."""
    return {name for who, visit in visits.items() if who not in VISITORS for name in visit["pages"]}


def looks(visits: Mapping[str, Any]) -> list[Look]:
    """Each page of each walk: in all languages for the first visitor who comes there, in one for each other."""
    tried: dict[str, set[str]] = defaultdict(set, {name: set(LANGUAGES) for name in on_the_way(visits)})
    planned = []
    for visitor in VISITORS:
        for number, (name, path) in enumerate(visits[visitor]["walk"], start=1):
            languages = set(LANGUAGES) - tried[name] or (set() if name in ALIKE else {LANGUAGES[number % 3]})
            tried[name] |= languages
            planned.append(Look(visitor, name, path, frozenset(languages)))
    return planned


def look(
    page: Page, axe: Callable[..., None], without_scripts: Callable[..., bool], languages: Collection[str]
) -> None:
    """Try the page that is open, in each language, at a desk's width and a telephone's.

    Axe looks at the width that the look before has ended with, so at each in turns: the first time that a page of this
    name is opened at the whole of it, at other times where something is new. In the language in which it is open the
    page is tried at twice the size too, and once more as it is without JavaScript, where that is another page in a way
    that is not known from others.
    """
    address = page.url
    assert page.evaluate(ONE_HEADING) == 1, f"{address} has not one h1"
    opened = language_of(address)
    name = name_of(address.replace(f"/{opened}/", "/en/", 1))
    for language in sorted(languages, key=lambda language: (language != opened, LANGUAGES.index(language))):
        if f"/{language}/" not in page.url:
            page.goto(address.replace(f"/{opened}/", f"/{language}/", 1))
        if language == "en":
            resize(page, WIDE)  # nothing is folded there
            can_be_walked(page)
        look_at_what_is_new(page, axe, KNOWN, name)
        fits(page, zoomed=language == opened)
        if language == opened and without_scripts(KNOWN.differences):
            axe(page)
            fits(page)


def language_of(address: str) -> str:
    return next((language for language in LANGUAGES if f"/{language}/" in address), "en")


def in_turn(languages: Collection[str], path: str) -> str:
    """The language in which axe looks at the whole of a page: another one for the next page."""
    return sorted(languages)[len(path) % len(languages)] if languages else "en"


def test_no_page_on_the_way_into_an_account_has_a_fault(
    page: Page,
    served_fair: Any,
    axe: Callable[..., None],
    without_scripts: Callable[[], bool],
    visits: Mapping[str, Any],
    subtests: pytest.Subtests,
) -> None:
    """Before all others, as a code that was sent is good for some minutes only."""
    for who, visit in visits.items():
        if who in VISITORS:
            continue
        served_fair.enter(page.context, visit["cookie"])
        for name, path in visit["pages"].items():
            with subtests.test(page=name):
                answer = page.goto(served_fair.address.rstrip("/") + path)
                assert answer is not None
                if name_of(page.url) == "account_reauthenticate":  # what is delicate asks for the password again
                    page.locator("main input[name=password]").first.fill(served_fair.password)
                    page.locator("main form button[type=submit]").first.click()
                    page.wait_for_load_state()
                assert name_of(page.url) == name, f"{who} is sent on to {page.url}"
                if "text/html" in answer.headers.get("content-type", ""):
                    look(page, axe, without_scripts, set(LANGUAGES))


LEADS_TO = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_that_links_lead_to_has_no_fault(
    page: Page,
    served_fair: Any,
    axe: Callable[..., None],
    without_scripts: Callable[[], bool],
    visits: Mapping[str, Any],
    part: int,
    subtests: pytest.Subtests,
) -> None:
    """In the three languages for the first visitor who comes there; for each other visitor in one of them."""
    for visitor, _name, path, languages in looks(visits)[part::PARTS]:
        with subtests.test(visitor=visitor, page=path):
            served_fair.enter(page.context, visits[visitor]["cookie"])
            language = in_turn(languages, path)
            address = served_fair.address.rstrip("/") + path.replace("/en/", f"/{language}/", 1)
            answer = page.goto(address)
            assert answer is not None
            assert answer.status < 400, f"{address} is linked to and answers {answer.status}."
            links = page.eval_on_selector_all("a[href]", LEADS_TO)
            in_english = [link.replace(f"/{language}/", "/en/", 1) for link in links]
            names = {name_of(link) for link in in_english if is_followed(link, served_fair.address)} - {""}
            assert names <= set(visits[visitor]["linked"]), "the walk of furnish.py does not see these links"
            look(page, axe, without_scripts, languages)


def test_links_lead_each_visitor_to_many_pages_and_to_each_once(visits: Mapping[str, Any]) -> None:
    for visitor, least in {"anonymous": 15, "buyer": 30, "exhibitor": 35, "organiser": 60}.items():
        found = [name for name, _path in visits[visitor]["walk"]]
        assert len(found) == len(set(found)) >= least, visitor


@pytest.mark.parametrize("part", range(PARTS_UNLINKED))
def test_nor_has_any_page_that_no_link_leads_to(
    page: Page,
    served_fair: Any,
    axe: Callable[..., None],
    without_scripts: Callable[[], bool],
    visits: Mapping[str, Any],
    part: int,
    subtests: pytest.Subtests,
) -> None:
    """Every other address of the site, as the first visitor whom it answers with a page.

    An address that takes forms only, sends on or gives a file has no page; one at which nobody finds anything is a
    fault of furnish.py.
    """
    linked = {look.name for look in looks(visits)} | on_the_way(visits)
    unlinked = sorted({name for visit in visits.values() for name in visit["pages"]} - linked - set(ELSEWHERE))
    for name in unlinked[part::PARTS_UNLINKED]:
        with subtests.test(page=name):
            codes = {}
            for who, visit in reversed(visits.items()):
                if name not in visit["pages"]:
                    continue
                served_fair.enter(page.context, visit["cookie"])
                address = served_fair.address.rstrip("/") + visit["pages"][name]
                answer = page.request.get(address, max_redirects=0)
                codes[who] = answer.status
                if is_page(answer):
                    language = in_turn(LANGUAGES, name)
                    page.goto(address.replace("/en/", f"/{language}/", 1))
                    look(page, axe, without_scripts, set(LANGUAGES))
                    break
                if answer.status in {200, 405} or (
                    answer.status == 302 and "/sign-in/" not in answer.headers["location"]
                ):
                    break
            else:
                pytest.fail(f"Nobody finds anything at {name}: {codes}. Put a thing for it into furnish.py.")


def is_page(answer: APIResponse) -> bool:
    return answer.status in {200, 401} and "text/html" in answer.headers.get("content-type", "")


def test_nothing_needs_a_script(
    browser: Browser, served_fair: Any, visits: Mapping[str, Any], subtests: pytest.Subtests
) -> None:
    """A page without a script is the same without JavaScript. Those that have one are complete without it."""
    with_script, without = (browser.new_context(java_script_enabled=enabled) for enabled in (True, False))
    scripted = []
    for who in ("anonymous", "exhibitor"):
        for context in (with_script, without):
            served_fair.enter(context, visits[who]["cookie"])
        pages = [context.new_page() for context in (with_script, without)]
        for name, path in visits[who]["pages"].items():
            if name in ELSEWHERE or name in scripted or path.endswith(FILES) or "/nothing/" in path or "/0/" in path:
                continue
            address = served_fair.address.rstrip("/") + path
            answer = pages[1].request.get(address, max_redirects=0)
            # Every page of a fair has its search and its lists; who is signed in has the queue of leads too.
            of_every_page = OF_A_FAIR * ("serai/finder" in answer.text()) + (who != "anonymous" and "lead" not in name)
            if not is_page(answer) or answer.text().count("<script src") <= of_every_page:
                continue
            if "data-awaited" in answer.text():  # what is being computed is another page a moment later
                continue
            scripted.append(name)
            with subtests.test(page=name):
                for page in pages:
                    page.goto(address)
                pages[0].evaluate(REMOVE_TOOLS)
                said = [page.locator("main").inner_text() for page in pages]
                assert pages[1].locator("h1").count() == 1
                assert pages[1].locator("main form").count() >= pages[0].locator("main form").count()
                assert set(said[0].split("\n")) <= set(said[1].split("\n")) | {""}, (
                    "without a script something is missing"
                )
    for context in (with_script, without):
        context.close()
    assert {"sign-in", "desk-lead-new"} <= set(scripted)


@pytest.mark.parametrize("path", ["", "firms/", "programme/"])
def test_at_twice_the_size_of_letters_nothing_is_cut_off(page: Page, served_fair: Any, path: str) -> None:
    """A browser's zoom of 200 % halves the width that a page has."""
    page.set_viewport_size({"width": 640, "height": 512})
    page.goto(served_fair.page(path))
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
