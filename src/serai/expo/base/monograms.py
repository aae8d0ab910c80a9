"""Monograms: what stands where a firm, a product or a person has no picture.

One or two letters on a colour. Both follow from what is named, so that it looks the same on every page.
"""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

COLOURS = (
    "#23549f",
    "#38701d",
    "#8a4b00",
    "#653aa6",
    "#a82c57",
    "#0b6464",
    "#7a3b12",
    "#35506b",
    "#5b5b00",
    "#8b1e3f",
    "#1d6b3a",
    "#4b3fa0",
)
"""Grounds for white letters, each with a contrast of at least 4.5 to 1."""

INK = "#ffffff"


@dataclass(frozen=True)
class Monogram:
    """Letters, and the colour of the ground behind them."""

    letters: str
    colour: str


def monogram(name: str, key: str = "") -> Monogram:
    """The monogram of a name: its first two characters in Han, the first letter in Arabic, else initials of two words.

    The colour follows from ``key``, such as an identifier, so that it is the same in every language.
    """
    number = int.from_bytes(sha256((key or name).encode()).digest()[:4])
    return Monogram(letters(name), COLOURS[number % len(COLOURS)])


def letters(name: str) -> str:
    """One or two letters for a name; a dot for one without letters."""
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    words = [word for word in words if word]
    if not words:
        return "·"
    first = words[0]
    script = unicodedata.name(first[0], "").split(" ")[0]
    if script == "CJK":
        return first[:2]
    if script == "ARABIC":  # two letters would join to another word
        return first.removeprefix("ال")[:1] or first[:1]
    return "".join(word[0] for word in words[:2]).upper()
