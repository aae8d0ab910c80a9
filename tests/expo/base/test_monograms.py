"""What stands where there is no picture."""

import pytest

from serai.expo.base.monograms import COLOURS, INK, letters, monogram


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nordwind Batteries GmbH", "NB"),
        ("siemens", "S"),
        ("  (Kai) Ltd.", "KL"),
        ("宁德时代", "宁德"),
        ("الشركة العربية", "ش"),
        ("Завод Урал", "ЗУ"),
        ("", "·"),
        ("…", "·"),
    ],
)
def test_the_letters_of_a_name(name: str, shown: str) -> None:
    assert letters(name) == shown


def test_a_monogram_is_the_same_each_time_and_in_every_language() -> None:
    assert monogram("Siemens", "DE1") == monogram("Siemens", "DE1")
    assert monogram("Siemens", "DE1").colour == monogram("西门子", "DE1").colour
    assert len({monogram(f"Firm {number}").colour for number in range(200)}) == len(COLOURS)


@pytest.mark.parametrize("colour", COLOURS)
def test_letters_are_read_on_every_colour(colour: str) -> None:
    """WCAG 2.2: relative luminance of sRGB, contrast of at least 4.5 to 1."""

    def luminance(code: str) -> float:
        parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert (luminance(INK) + 0.05) / (luminance(colour) + 0.05) >= 4.5
