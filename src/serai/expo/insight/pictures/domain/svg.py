"""Marks of an SVG. Each has a class, by which a page colours it, and a colour of its own for when it stands alone."""

from collections.abc import Iterable
from html import escape
from unicodedata import east_asian_width

INK, QUIET, LINE, GROUND = "#1b2430", "#4f5a68", "#ded5c4", "#ffffff"
SERIES = ("#0c5460", "#9a4a06", "#653aa6", "#38701d", "#a82c57", "#23549f")
"""Colours of lines: at least 4.5 to 1 against white, neighbours distinct to colour-blind readers."""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 3", "4 2")
"""So that lines are told apart without colours too."""
SCALE = ("#f1ece1", "#c9dcd8", "#8fbfbf", "#4f959b", "#0c5460", "#062f37")
"""From little to much, readable in print without colours."""
GAINS = ("#f1ece1", "#f4dfc2", "#e9b97a", "#c47d2c", "#8a4b00", "#5a3000")
"""The same for what is gained where others lose."""
FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans CJK SC, Noto Sans CJK TC, sans-serif"
"""Of all pictures: each script finds the font in which it is complete."""


def family(words: str) -> str:
    """The font in which a text is complete, where that is not the usual one: a PNG takes no letter of a second font."""
    if any("\u0600" <= letter <= "\u06ff" for letter in words):
        return "Noto Sans Arabic"
    return "Noto Sans CJK TC" if any(letter >= "\u2e80" for letter in words) else ""


def number(value: float) -> str:
    """A coordinate, without digits that nobody sees."""
    return f"{value:.1f}".removesuffix(".0")


def mark(name: str, kind: str = "", content: str = "", **attributes: object) -> str:
    """An element with its class. An underscore in a name of an attribute stands for a hyphen."""
    given: dict[str, object] = {"class": kind} if kind else {}
    given |= {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value != ""}
    words = "".join(
        f' {key}="{escape(number(value) if isinstance(value, float) else str(value))}"' for key, value in given.items()
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def text(
    words: str, x: float, y: float, *, kind: str = "ink", size: int = 12, anchor: str = "start", **more: object
) -> str:
    """A line of text; ``kind`` is ink, quiet, or another class whose colour is given as ``fill``."""
    fill = {"fill": QUIET if kind == "quiet" else INK, "font_family": family(words)} | more
    return mark("text", kind, escape(words), x=float(x), y=float(y), font_size=size, text_anchor=anchor, **fill)


def picture(marks: Iterable[str], width: float, height: float, title: str, description: str) -> str:
    """The whole SVG: a screen reader says its title and what it shows. Left is left in every language."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" direction="ltr" font-family="{FONTS}">'
    )
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    ground = mark("rect", "ground", width=float(width), height=float(height), fill=GROUND)
    return f"{head}{words}{ground}{''.join(marks)}</svg>"


def wrapped(words: str, columns: int) -> list[str]:
    """A text in lines of at most ``columns`` half-widths, broken between words, or between ideographs."""
    lines: list[str] = []
    for word in words.split():
        wide = any(east_asian_width(letter) in "WF" for letter in word)
        for place, unit in enumerate(word if wide else [word]):
            joined = f"{lines[-1]}{' ' if place == 0 else ''}{unit}" if lines else unit
            if lines and half_widths(joined) <= columns:
                lines[-1] = joined
            else:
                lines.append(unit)
    return lines or [""]


def half_widths(words: str) -> int:
    """The width of a text in halves of an ideograph."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)
