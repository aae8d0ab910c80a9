"""The stage moves by itself in a real browser, goes round in its languages, and lives through a lost network."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

A_SLIDE = 12_000
"""Milliseconds, as the screens of the demonstration are set."""
SMALLEST = """() => {
  const hasWords = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  document.querySelectorAll("[data-slide]").forEach((slide) => { slide.hidden = false; });
  const written = [...document.querySelectorAll("[data-stage] *:not(svg *)")].filter(hasWords);
  return Math.min(...written.map((element) => parseFloat(getComputedStyle(element).fontSize))) / innerHeight;
}"""


@pytest.fixture
def stage(browser: Browser, served_fair: Any) -> Iterator[Page]:
    """The screen of the opening ceremony, at its last slide but one, with a clock that the test moves."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.clock.install()
    page.goto(served_fair.page("stage/opening/"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    yield page
    context.close()


def test_it_moves_by_itself_to_the_next_language_and_without_a_network_shows_the_last_round_again(stage: Page) -> None:
    position, html = stage.locator("[data-position]"), stage.locator("html")
    last = int((position.text_content() or "").split("/")[1])
    expect(position).to_have_text(f"{last - 1} / {last}")
    with stage.expect_response("**/zh-hans/**"):
        stage.clock.run_for(A_SLIDE)
    expect(position).to_have_text(f"{last} / {last}")
    stage.wait_for_function("following !== null")
    stage.clock.run_for(A_SLIDE)
    expect(html).to_have_attribute("lang", "zh-hans")
    stage.context.set_offline(True)
    stage.keyboard.press("ArrowLeft")
    stage.clock.run_for(A_SLIDE)
    expect(position).to_have_text(f"1 / {last}")
    expect(html).to_have_attribute("lang", "zh-hans")


def test_space_pauses_it_and_who_wants_less_motion_finds_it_paused(stage: Page, browser: Browser) -> None:
    position = stage.locator("[data-position]")
    stage.keyboard.press(" ")
    before = position.text_content()
    stage.clock.run_for(3 * A_SLIDE)
    assert position.text_content() == before
    expect(stage.get_by_role("button", name="Paused: go on")).to_be_visible()
    context = browser.new_context(reduced_motion="reduce")
    still = context.new_page()
    still.goto(stage.url)
    expect(still.get_by_role("button", name="Paused: go on")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920)])
def test_no_letter_is_smaller_than_a_thirtieth_of_the_height_and_nothing_is_cut_off(
    stage: Page, width: int, height: int
) -> None:
    stage.set_viewport_size({"width": width, "height": height})
    assert stage.evaluate(SMALLEST) >= 1 / 30
    assert stage.evaluate("document.documentElement.scrollWidth <= innerWidth")
