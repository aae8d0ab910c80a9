"""How the programme stands on a telephone, on a desk and on paper, and what of a page is printed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WIDE, NARROW = 1440, 390
PORTRAIT, LANDSCAPE = 680, 1047
"""The width that a sheet of A4 has between its margins, in CSS pixels."""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FRAME = ".masthead, .footer, .skip, .demonstration, .day-tabs, .crumbs, .side, main .button"
"""What is there to go on, and is not printed."""

IN_COLUMNS = """() => [...document.querySelectorAll('.programme-day')].flatMap(day => {
    const heads = [...day.querySelectorAll('.programme-grid thead th')].slice(1).map(
        head => [head.textContent.trim(), head.getBoundingClientRect()]);
    return [...day.querySelectorAll('.programme-grid .held')].map(cell => {
        const link = cell.querySelector('a'), box = cell.getBoundingClientRect(), text = document.createRange();
        text.selectNodeContents(cell);
        const said = text.getBoundingClientRect();
        const time = cell.parentElement.querySelector('time').getAttribute('datetime');
        return {address: link.getAttribute('href'), title: link.textContent.trim(), time,
            rooms: heads.filter(([, head]) => Math.abs(head.left - box.left) + Math.abs(head.right - box.right) < 3)
                .map(([room]) => room),
            whole: box.width > 40 && box.height > 10 && said.left >= box.left - 1 && said.right <= box.right + 1
                && said.top >= box.top - 1 && said.bottom <= box.bottom + 1,
            ends: box.right};
    });
})"""
"""Each session of the tables: the rooms above its cell, and whether all that it says stands within the cell."""

IN_LISTS = """() => [...document.querySelectorAll('.programme-day .session-card')].map(card => {
    const box = card.getBoundingClientRect(), link = card.querySelector('h3 a'), text = document.createRange();
    text.selectNodeContents(card);
    const said = text.getBoundingClientRect();
    return {address: link.getAttribute('href'), title: link.textContent.trim(),
        place: card.querySelector('.eyebrow').textContent, seen: box.height > 0,
        whole: said.left >= box.left - 1 && said.right <= box.right + 1 && said.bottom <= box.bottom + 1,
        begins: box.left, ends: box.right};
})"""
"""Each session of the lists, with its place in words, and whether all that it says stands within its card."""


def in_columns(page: Page, width: int) -> list[dict[str, Any]]:
    """The sessions of the tables, each of which is whole, on the page, and in the column of its own room."""
    places = {one["address"]: one["place"] for one in page.evaluate(IN_LISTS)}
    cells: list[dict[str, Any]] = page.evaluate(IN_COLUMNS)
    for cell in cells:
        assert len(cell["rooms"]) == 1, cell
        assert cell["rooms"][0] in places[cell["address"]], cell
        assert cell["whole"], f"cut off: {cell}"
        assert cell["ends"] <= width, f"beside the page: {cell}"
    assert page.evaluate(TOO_WIDE) <= 0
    return cells


def are_parallel(cells: list[dict[str, Any]]) -> bool:
    """Whether two of them begin at once, so that it means something that each has its column."""
    return len({cell["time"] for cell in cells}) < len(cells)


def test_parallel_sessions_stand_in_the_columns_of_their_rooms_and_whole_in_the_list_of_a_telephone(
    page: Page, served_fair: Any
) -> None:
    page.goto(served_fair.page("programme/"))
    cells = in_columns(page, WIDE)
    assert are_parallel(cells)
    page.set_viewport_size({"width": NARROW, "height": 844})
    expect(page.locator(".programme-grid").first).to_be_hidden()
    cards = {card["address"]: card for card in page.evaluate(IN_LISTS)}
    assert {cell["address"] for cell in cells} <= set(cards)
    for cell in cells:
        card = cards[cell["address"]]
        assert card["seen"], card
        assert card["whole"], card
        assert card["title"] == cell["title"]
        assert card["begins"] >= 0, card
        assert card["ends"] <= NARROW, card


def test_the_programme_is_printed_whole_and_without_what_leads_elsewhere(page: Page, served_fair: Any) -> None:
    page.goto(served_fair.page("programme/"))
    addresses = {cell["address"] for cell in page.evaluate(IN_COLUMNS)}
    links = page.locator("main .programme-day a:visible").all_inner_texts()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": LANDSCAPE, "height": 700})
    no_frame(page)
    cells = in_columns(page, LANDSCAPE)
    assert {cell["address"] for cell in cells} == addresses
    assert are_parallel(cells)
    # What a link says is printed as text: no underline, no colour of its own.
    assert page.locator("main .programme-day a:visible").all_inner_texts() == links
    link = page.locator("main .programme-day a:visible").first
    assert link.evaluate("part => getComputedStyle(part).textDecorationLine") == "none"
    # A session has one place on paper too: what stands in the table is not listed once more.
    expect(page.locator(".programme-list .in-grid:visible")).to_have_count(0)


@pytest.mark.parametrize("path", ["badges/", "agenda/"])
def test_a_page_of_ones_own_is_printed_on_a_sheet_of_its_width(page: Page, served_fair: Any, path: str) -> None:
    served_fair.sign_in(page, "exhibitor@demo.example")
    page.goto(served_fair.page(path))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PORTRAIT, "height": 960})
    no_frame(page)
    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate(TOO_WIDE) <= 0
    for part in page.locator("main :is(.card, h1, h2, h3, li):visible").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0, part.inner_text()
        assert box["x"] + box["width"] <= PORTRAIT, part.inner_text()


def no_frame(page: Page) -> None:
    """Nothing is printed that leads elsewhere or waits for a press."""
    assert page.locator(FRAME).count() > 0
    shown = page.locator(FRAME).locator("visible=true")
    assert shown.count() == 0, shown.first.evaluate("part => part.outerHTML.slice(0, 120)")
