"""A colour is taken where text can be read on it and beside it; else the nearest that passes is named."""

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.fairs.branding.domain import (
    NEEDED,
    USES,
    ColourRefusedError,
    as_html,
    checked,
    contrast,
    nearest,
    text_on,
    weakest,
)

SHEET = resources.files("serai.expo").joinpath("static/serai/tokens.css").read_text(encoding="utf-8")
TOKENS = {
    name: colours for name, *colours in re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", SHEET)
}
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the guideline's well-known grey
    assert contrast("#767676", "#ffffff") >= NEEDED


def test_colours_are_checked_against_those_of_the_stylesheet() -> None:
    grounds = [TOKENS[name] for name in ("ground", "surface", "surface-sunk")]
    assert set(USES["brand"].against) == {light for light, _dark in grounds}
    assert set(USES["dark"].against) == {dark for _light, dark in grounds}
    assert set(USES["night"].against) == {
        colour for name in ("on-night", "on-night-quiet", "saffron") for colour in TOKENS[name]
    }
    for key, place, name in (("brand", 0, "brand"), ("dark", 1, "brand"), ("night", 0, "night"), ("night", 1, "night")):
        assert checked(key, TOKENS[name][place]) == TOKENS[name][place]


@given(st.sampled_from(sorted(USES)), COLOURS)
def test_the_nearest_colour_passes_and_one_that_passes_is_its_own_nearest(key: str, colour: str) -> None:
    found = nearest(key, colour)
    assert weakest(key, found)[0] >= NEEDED
    assert checked(key, found) == found
    if USES[key].carries_text:
        assert contrast(text_on(found), found) >= NEEDED


def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can() -> None:
    with pytest.raises(ColourRefusedError, match=r"has a contrast of 1\.\d to 1.*nearest colour that passes is #"):
        checked("brand", "#ffe08a")
    with pytest.raises(ColourRefusedError, match="six digits"):
        checked("brand", "red; } body {")
    assert checked("brand", "#048") == "#004488"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "![x](https://spy.example/p.png)",
        '<a href="https://a.example" style="color:red" onclick="x()">x</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_no_text_runs_or_asks_anything_of_a_third_party(text: str) -> None:
    html = as_html(text)
    for forbidden in ("<script", "<img", '<a href="javascript', '<a href="data', '<a href="https://a.example" style'):
        assert forbidden not in html
    assert not re.search(r"<[^>]+\son\w+=", html)


def test_markdown_is_written_out_below_the_heading_of_the_page() -> None:
    html = as_html("# Way\n\n**By train** to [the hall](https://hall.example)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<h2>Way</h2>" in html
    assert "<strong>By train</strong>" in html
    assert '<a href="https://hall.example" rel="noopener nofollow">the hall</a>' in html
    assert "<td>1</td>" in html
