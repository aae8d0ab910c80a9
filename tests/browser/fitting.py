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


def fits(page: Page) -> None:
    for width in (WIDE, ZOOMED, NARROWEST):
        page.set_viewport_size({"width": width, "height": 844})
        too_wide, cut_off = page.evaluate(MISFITS)
        assert too_wide <= 0, f"{page.url} is wider than {width} pixels"
        assert cut_off == [], f"{page.url} cuts text off at {width} pixels"
