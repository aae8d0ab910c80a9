"""Every pair of text and ground that the tokens promise has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3)."""

import re
from importlib import resources

import pytest

SHEET = resources.files("serai.expo").joinpath("static/serai/tokens.css").read_text(encoding="utf-8")
TOKENS = {
    name: colours for name, *colours in re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", SHEET)
}
CHAINS = [
    "smart-vehicle",
    "green-agriculture",
    "clean-energy",
    "digital-technology",
    "healthy-life",
    "supply-chain-services",
]
TEXTS = ["ink", "ink-quiet", "brand", "accent", "good", "warning", "error", *CHAINS]
PAIRS = [
    *((text, ground) for text in TEXTS for ground in ("ground", "surface", "surface-sunk")),
    ("on-brand", "brand"),
    ("on-night", "night"),
    ("on-night-quiet", "night"),
    ("saffron", "night"),
]


def luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str, scheme: int) -> None:
    one, other = sorted((luminance(TOKENS[name][scheme]) for name in (text, ground)), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5
