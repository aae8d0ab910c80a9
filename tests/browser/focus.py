"""Whether a page can be walked by keyboard, and shows where the focus is."""

from playwright.sync_api import Page

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
