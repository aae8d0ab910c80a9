"""Every pair of text and ground that the tokens promise has a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3), and every
line of the chain map one of 3:1 (1.4.11). The map's colours are read from its own sheet."""

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


MAP = resources.files("serai.expo").joinpath("static/serai/maps.css").read_text(encoding="utf-8")
STEPS = [0, *(int(part) for part in re.findall(r"\.step-\d \{ --step: color-mix\(in srgb, var\(--chain\) (\d+)%", MAP))]
"""Per cent of the chain's colour in the ground of a node, by step."""


def luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(*colours: str) -> float:
    """Contrast of two colours (WCAG 2.2)."""
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str, scheme: int) -> None:
    assert contrast(TOKENS[text][scheme], TOKENS[ground][scheme]) >= 4.5


def mixed(colour: str, ground: str, percent: int) -> str:
    """A colour mixed into a ground, channel by channel of sRGB, as ``color-mix`` does."""
    parts = ([int(given[place : place + 2], 16) for place in (1, 3, 5)] for given in (colour, ground))
    return "#" + "".join(
        f"{round(a * percent / 100 + b * (1 - percent / 100)):02x}" for a, b in zip(*parts, strict=True)
    )


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_edges_and_nodes_of_the_chain_map_stand_out_from_their_ground(scheme: int) -> None:
    surface = TOKENS["surface"][scheme]
    (edge,) = re.findall(r"\.edge \{[^}]*stroke: var\(--([a-z-]+)\)", MAP)
    (near,) = re.findall(r"\.edge\.near \{[^}]*stroke: var\(--([a-z-]+)\)", MAP)
    assert near == "chain"
    assert contrast(TOKENS[edge][scheme], surface) >= 3
    assert len(STEPS) == 5
    for chain in (*CHAINS, "brand"):
        colour = TOKENS[chain][scheme]
        assert contrast(colour, surface) >= 3, chain
        for percent in STEPS:
            ground = mixed(colour, surface, percent)
            assert contrast(TOKENS["ink"][scheme], ground) >= 4.5, (chain, percent)


def test_text_on_the_chain_map_has_fourteen_pixels_on_a_phone_too() -> None:
    """The drawing is shown in its own size and scrolls: no width of a screen makes its text smaller."""
    sizes = [int(size) for size in re.findall(r"\.chain-map [^{]*text \{[^}]*?(\d+)px", MAP)]
    assert len(sizes) == 2
    assert min(sizes) >= 14
    assert "max-inline-size: none" in re.findall(r"\.chain-map svg \{([^}]*)\}", MAP)[0]
