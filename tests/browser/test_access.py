"""The main pages by keyboard, with less motion and in forced colours."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MOST_STOPS = 40
MAIN = (
    ("", "anonymous", "main .search button"),
    ("firms/", "anonymous", "main a[href*='/firms/']"),
    ("halls/", "anonymous", "main .search button"),
    ("halls/W1/", "anonymous", "main .search button"),
    ("programme/", "anonymous", "main a[href*='/programme/']"),
    ("apply/", "anonymous", "main a[href*='/apply/']"),
    ("chains/clean-energy/", "anonymous", "main .chain-map a[data-node]"),
    ("desk/", "exhibitor", "main .due a"),
    ("buyer/", "buyer", "main .due button"),
    ("organiser/", "organiser", "main a[href*='/organiser/']"),
    ("organiser/floor/W1/plan/", "organiser", "main form button"),
)
"""A page, who opens it, and the main thing to do on it."""

PLACE_OF_FOCUS = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
MOVES = """() => [...document.querySelectorAll('*')].filter(part => {
    const style = getComputedStyle(part);
    const times = `${style.transitionDuration}, ${style.animationDuration}`.split(', ');
    return times.some(time => parseFloat(time) > 0);
}).length"""


def test_the_main_thing_to_do_is_near_by_keyboard_and_the_focus_never_jumps_back(
    page: Page, served_fair: Any, subtests: pytest.Subtests
) -> None:
    who = "anonymous"
    for path, visitor, target in MAIN:
        if visitor != who:
            page.context.clear_cookies()
            served_fair.sign_in(page, f"{visitor}@demo.example")
            who = visitor
        with subtests.test(page=path or "front"):
            page.goto(served_fair.page(path))
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.matches('.skip')"), "the first stop leads to the content"
            page.keyboard.press("Enter")
            place, stops = 0, 2
            while True:
                page.keyboard.press("Tab")
                stops += 1
                at = page.evaluate(PLACE_OF_FOCUS)
                assert at > place, "the focus jumps back"
                place = at
                if page.evaluate("selector => document.activeElement.matches(selector)", target):
                    break
                assert stops < MOST_STOPS, f"{target} is more than {MOST_STOPS} stops away"


def test_less_motion_and_forced_colours_are_respected(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("halls/"))
    assert page.evaluate(MOVES) > 0, "without a wish for less, something moves: else this tries nothing"
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    assert page.evaluate(MOVES) == 0
    here = page.locator(".masthead-rooms a[aria-current]")
    assert "underline" in here.evaluate("part => getComputedStyle(part).textDecorationLine")
    drawn = page.locator(".site-plan rect").first.evaluate("part => getComputedStyle(part).stroke")
    assert drawn == page.locator(".site-plan text").first.evaluate("part => getComputedStyle(part).fill")
