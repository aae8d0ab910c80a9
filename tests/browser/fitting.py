"""Whether a page fits into the window, from the width of a desk to that of the same at four times the size."""

from playwright.sync_api import Page

WIDE, ZOOMED, NARROWEST = 1440, 640, 320
"""CSS pixels: of a desk, of the same at twice the size, and at four times."""
MISFITS = """() => {
    const {scrollWidth, clientWidth} = document.documentElement;
    return [scrollWidth - clientWidth, [...document.querySelectorAll('main *')].filter(part =>
        part.scrollWidth > part.clientWidth + 2 && part.clientWidth > 2 && getComputedStyle(part).overflowX === 'hidden'
            && !part.closest('.visually-hidden, .hero, svg')
    ).map(part => part.outerHTML.slice(0, 120))];
}"""
"""By how many pixels the page is wider than the window, and what it cuts off."""


def fits(page: Page, *, zoomed: bool = True) -> None:
    """At a desk's width and at four times the size, or back; on the way at twice the size where ``zoomed``.

    It begins with the width that the window has, as each other one takes as long as the look itself.
    """
    widths = sorted((WIDE, ZOOMED, NARROWEST) if zoomed else (WIDE, NARROWEST), reverse=width_of(page) > ZOOMED)
    for width in widths:
        resize(page, width)
        too_wide, cut_off = page.evaluate(MISFITS)
        assert too_wide <= 0, f"{page.url} is wider than {width} pixels"
        assert cut_off == [], f"{page.url} cuts text off at {width} pixels"


def resize(page: Page, width: int) -> None:
    if width != width_of(page):
        page.set_viewport_size({"width": width, "height": 844})


def width_of(page: Page) -> int:
    return page.viewport_size["width"] if page.viewport_size else 0
