"""The pictures of the demonstration are drawn by code, and each differs."""

import pytest

from serai.expo.site.demonstration.domain.pictures import HEIGHT, SIDE, WIDTH, draw_logo, draw_product


@pytest.mark.parametrize("number", range(0, 12 * 6, 7))
def test_a_logo_is_a_mark_in_two_colours(number: int) -> None:
    logo = draw_logo(number)
    assert logo.size == (SIDE, SIDE)
    assert len(logo.getcolors() or ()) == 3  # with white
    assert logo.tobytes() == draw_logo(number).tobytes()


def test_products_differ() -> None:
    pictures = [draw_product(number) for number in range(0, 4_000_000, 300_007)]
    assert {picture.size for picture in pictures} == {(WIDTH, HEIGHT)}
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
