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
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page

from scripts.addresses import FILES, is_followed, name_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VISITORS = ("anonymous", "buyer", "exhibitor", "organiser")
LANGUAGES = ("en", "zh-hans", "ar")
WIDE, ZOOMED, NARROW, NARROWEST = 1440, 640, 390, 320
"""CSS pixels: of a desk, of the same at twice the size, of a telephone, and of a desk at four times the size."""
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
LIGHT = "document.querySelectorAll('h1').length"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """() => [...document.querySelectorAll('main *')].filter(part => {
    const style = getComputedStyle(part);
    return part.scrollWidth > part.clientWidth + 2 && part.clientWidth > 2 && style.overflowX === 'hidden'
        && !part.closest('.visually-hidden, .hero, svg');
}).map(part => part.outerHTML.slice(0, 120))"""
SHOWS_FOCUS = """part => {
    const style = getComputedStyle(part);
    return part.closest('svg') ? getComputedStyle(part.querySelector('rect') || part).stroke !== 'none'
        : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]"
FOCUS_EACH = f"""controls => [...document.querySelectorAll(controls)].filter(
    part => part.checkVisibility({{visibilityProperty: true}}) && part.tabIndex >= 0 && !part.matches(':disabled')
).filter(part => {{
    part.focus({{preventScroll: true}});
    return document.activeElement !== part || !({SHOWS_FOCUS})(part);
}}).map(part => part.outerHTML.slice(0, 120))"""
"""Of all controls those that take no focus, or do not show that they have it."""
TO_THE_CONTENT = (
    "() => { document.activeElement.blur(); getSelection().collapse(document.querySelector('main h1'), 0); }"
)
FOCUSED_NOW = """() => [[...document.querySelectorAll('*')].indexOf(document.activeElement),
    /date|time|month|week/.test(document.activeElement.type || '')]"""
OF_A_FAIR = 3
"""Scripts that every page of a fair has: htmx, the search, and lists that are narrowed in place."""
REMOVE_TOOLS = "document.querySelectorAll('.map-tools, .plan-tools').forEach(tools => tools.remove())"
"""Buttons that move a picture, which stands whole without them."""
WITH_SCRIPT = "!!document.querySelector('script[src]')"


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


def enter(context: BrowserContext, site: str, cookie: str) -> None:
    """Be the visitor whose session this is."""
    context.clear_cookies()
    if cookie:
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])


def look(page: Page, axe: Callable[..., None], without_scripts: Callable[[], bool], languages: Collection[str]) -> None:
    """Try the page that is open, in each language: at a desk's width and a telephone's in turns.

    In one of the languages, by turns of the pages, the contrast of colours is tried too, as these are the same in each;
    and the page once more as it is without JavaScript, where that is another page.
    """
    address = page.url
    assert page.evaluate(LIGHT) == 1, f"{address} has not one h1"
    opened = next((language for language in LANGUAGES if f"/{language}/" in address), "en")
    turn = sorted(languages)[len(address) % len(languages)] if languages else ""
    for language in sorted(languages, key=lambda language: language != opened):
        page.set_viewport_size({"width": NARROW if language == "zh-hans" else WIDE, "height": 844})
        if f"/{language}/" not in page.url:
            page.goto(address.replace(f"/{opened}/", f"/{language}/", 1))
        if language == "en":
            can_be_walked(page)
        axe(page, colours=language == turn)
        fits(page)
        if language == turn and without_scripts():
            axe(page)
            fits(page)


def can_be_walked(page: Page) -> None:
    """Every control shows that it has the focus, and the keyboard goes on from the first ones of the content.

    A few presses only, as each takes longer than all that the page itself is asked.
    """
    page.keyboard.press("Tab")  # from here on the focus shows, as of one who goes by keyboard
    assert page.evaluate(FOCUS_EACH, CONTROLS) == [], f"{page.url} has controls whose focus is not seen"
    page.evaluate(TO_THE_CONTENT)
    places = set()
    for _press in range(3):
        page.keyboard.press("Tab")
        at, has_parts = page.evaluate(FOCUSED_NOW)
        places.add(at)
        if has_parts:  # a date is walked through part by part
            return
    assert len(places) == 3, f"{page.url} does not let the keyboard go on"


def fits(page: Page) -> None:
    for width in (WIDE, ZOOMED, NARROWEST):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(TOO_WIDE) <= 0, f"{page.url} is wider than {width} pixels"
        assert page.evaluate(CUT_OFF) == [], f"{page.url} cuts text off at {width} pixels"


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
        enter(page.context, served_fair.address, visit["cookie"])
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
            enter(page.context, served_fair.address, visits[visitor]["cookie"])
            language = next((language for language in LANGUAGES if language in languages), "en")
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
                enter(page.context, served_fair.address, visit["cookie"])
                address = served_fair.address.rstrip("/") + visit["pages"][name]
                answer = page.request.get(address, max_redirects=0)
                codes[who] = answer.status
                if is_page(answer):
                    page.goto(address)
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


@pytest.mark.parametrize("path", ["en/sign-in/", "ar/sign-in/"])
def test_a_fault_is_found_that_shows_only_without_a_script(
    page: Page, served_fair: Any, axe: Callable[..., None], without_scripts: Callable[[], bool], path: str
) -> None:
    """Of two kinds: what stands in the place of a script, and what a script takes away."""
    faults = {
        "<noscript><img src='/favicon.ico'></noscript>": "image-alt",
        "<button></button><script src='/mends.js'></script>": "button-name",
    }
    address = served_fair.address + path
    sent = page.request.get(address)
    parts = iter(faults)
    page.route("**/mends.js", lambda route: route.fulfill(body="document.querySelector('main button').remove()"))
    page.route(
        address,
        lambda route: route.fulfill(response=sent, body=sent.text().replace("</h1>", f"</h1>{next(parts)}", 1)),
        times=len(faults),
    )
    for fault in faults.values():
        page.goto(address)
        axe(page)
        assert without_scripts()
        with pytest.raises(AssertionError, match=fault):
            axe(page)


def test_a_page_whose_scripts_change_nothing_is_tried_once(
    page: Page, served_fair: Any, without_scripts: Callable[[], bool]
) -> None:
    page.goto(f"{served_fair.address}en/accessibility/")  # a page outside of a fair has no search
    assert not without_scripts()


def test_nothing_needs_a_script(
    browser: Browser, served_fair: Any, visits: Mapping[str, Any], subtests: pytest.Subtests
) -> None:
    """A page without a script is the same without JavaScript. Those that have one are complete without it."""
    with_script, without = (browser.new_context(java_script_enabled=enabled) for enabled in (True, False))
    scripted = []
    for who in ("anonymous", "exhibitor"):
        for context in (with_script, without):
            enter(context, served_fair.address, visits[who]["cookie"])
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


FOCUSED = f"""() => {{
    const part = document.activeElement, box = part.getBoundingClientRect();
    return {{at: part === document.body ? '' : part.outerHTML.slice(0, 100), shown: ({SHOWS_FOCUS})(part),
        there: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight}};
}}"""


@pytest.mark.parametrize(
    ("visitor", "name"),
    [
        ("anonymous", "edition"),
        ("anonymous", "chain"),
        ("anonymous", "directory"),
        ("anonymous", "programme"),
        ("anonymous", "hall"),
        ("anonymous", "sign-in"),
        ("buyer", "my-wishes"),
        ("exhibitor", "desk-offer-new"),
        ("organiser", "organiser"),
        ("organiser", "timetable"),
    ],
)
def test_the_keyboard_goes_from_one_control_to_the_next_and_is_seen_where_it_is(
    page: Page, served_fair: Any, visits: Mapping[str, Any], visitor: str, name: str
) -> None:
    enter(page.context, served_fair.address, visits[visitor]["cookie"])
    page.goto(served_fair.address.rstrip("/") + visits[visitor]["pages"][name])
    assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0, "an order of its own"
    for _press in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["at"]:
            break  # past the last control
        assert focused["shown"], f"where the focus is does not show: {focused['at']}"
        assert focused["there"], f"the focus is out of sight: {focused['at']}"


def test_the_search_of_every_page_is_entered_walked_and_left_by_keyboard(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("firms/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("battery")
    page.wait_for_selector("#finder-list [role=option]", timeout=120_000)  # the first search loads the model
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator("#finder-list [aria-selected=true]").get_attribute("id") == chosen
    assert page.locator("#told").inner_text() != ""
    address = str(page.locator(f"#{chosen}").get_attribute("href"))
    page.keyboard.press("Escape")
    assert page.locator("#finder-list").is_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_a_list_is_narrowed_in_place_and_its_address_says_how(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("firms/"))
    page.evaluate("window.same = true")
    page.fill("#q", "battery")
    page.wait_for_url("**/firms/?q=battery")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("window.same")
    assert page.locator("#told").inner_text() == page.locator("#found").inner_text()


def test_a_visitor_finds_a_firm_by_keyboard_alone(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("battery")
    page.keyboard.press("Enter")
    page.wait_for_url("**/firms/?q=battery*")
    assert page.locator("main .card").count() > 0
