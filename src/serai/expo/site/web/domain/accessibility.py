"""What the accessibility statement says: each sentence names the tests that hold it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STANDARD = "WCAG 2.2 AA"
REVIEWED = date(2026, 12, 1)


@dataclass(frozen=True)
class Held:
    """Something that is true of the pages, and the tests that fail when it no longer is."""

    text: Promise
    tests: tuple[str, ...]
    """Files of the repository, or ``file::test``."""


EVERY_PAGE = "tests/browser/test_every_page.py"
ZOOM = "tests/browser/test_access.py"

HELD = (
    Held(
        _(
            "The tool axe looks at every page in English, Chinese or Arabic, and in the other two where the page "
            "differs, for visitors, buyers, exhibitors and organisers, and at pages after a mistake or a question. It "
            "finds nothing."
        ),
        (EVERY_PAGE, "tests/browser/test_accessibility.py"),
    ),
    Held(_("Every page is complete without JavaScript."), (EVERY_PAGE,)),
    Held(
        _("Every page can be read at four times the size (320 pixels wide) without scrolling sideways or cut text."),
        (EVERY_PAGE,),
    ),
    Held(
        _("Every control can be reached by keyboard and shows that it has the focus."),
        (EVERY_PAGE, "tests/browser/test_by_keyboard.py"),
    ),
    Held(
        _("On the main pages the main thing to do is at most 40 presses of Tab away, and the focus never jumps back."),
        (f"{ZOOM}::test_the_main_thing_to_do_is_near_by_keyboard_and_the_focus_never_jumps_back",),
    ),
    Held(
        _("Nothing moves for those who ask for less motion, and what is chosen stays visible in forced colours."),
        (f"{ZOOM}::test_less_motion_and_forced_colours_are_respected",),
    ),
    Held(
        _("Text has a contrast of at least 4.5 to 1, in light and dark, also in the colours of an organiser."),
        ("tests/expo/site/web/test_contrast.py",),
    ),
    Held(
        _("Plans of halls and maps of chains are also told in words: in tables, lists and steps."),
        ("tests/expo/venue/halls/test_journeys.py", "tests/expo/venue/halls/test_plan.py"),
    ),
)

LIMITS = (
    _("Texts, pictures and documents that firms and organisers add are not checked, and some have no description."),
    _("The checks are made by programs. No person with a disability has tried all pages."),
    _("No outside body has audited the pages."),
    _("PDF documents, such as badges and reports, have not been tried with a screen reader."),
)
"""What is not accessible, or not known to be."""
