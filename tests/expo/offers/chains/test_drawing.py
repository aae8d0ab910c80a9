"""The chain map as geometry: boxes never overlap, titles fit, right-to-left is the mirror image."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.offers.chains.domain.drawing import CHARACTERS_A_LINE, Drawing, draw, text_width, wrapped
from serai.world.chains import Chain, builtin_chains


def drawn(chain: Chain, language: str, *, right_to_left: bool = False) -> Drawing:
    return draw(
        [(stage.code, stage.title[language]) for stage in chain.stages],
        [(node.code, node.stage, node.title[language]) for node in chain.nodes],
        chain.edges,
        right_to_left=right_to_left,
    )


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
@pytest.mark.parametrize("chain", builtin_chains(), ids=lambda chain: chain.slug)
def test_boxes_stand_inside_the_drawing_and_apart(chain: Chain, language: str) -> None:
    drawing = drawn(chain, language)
    boxes = list(drawing.boxes.values())
    assert len(boxes) == len(chain.nodes)
    assert len(drawing.edges) == len(chain.edges)
    for box in boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= drawing.width
        assert box.y + box.height <= drawing.height
    for one, other in combinations(boxes, 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )


def test_right_to_left_is_the_mirror_image() -> None:
    chain = builtin_chains()[0]
    left, right = drawn(chain, "en"), drawn(chain, "en", right_to_left=True)
    for code, box in left.boxes.items():
        assert right.boxes[code].x == pytest.approx(left.width - box.x - box.width)
        assert right.boxes[code].y == box.y


@given(st.text(alphabet="ab 电池ق", max_size=120))
def test_wrapping_loses_nothing_but_spaces(text: str) -> None:
    assert "".join(wrapped(text)).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=12), min_size=1, max_size=12))
def test_lines_fit_where_words_do(words: list[str]) -> None:
    assert all(text_width(line) <= CHARACTERS_A_LINE for line in wrapped(" ".join(words)))


def test_ideographs_are_twice_as_wide_and_break_anywhere() -> None:
    assert text_width("电池cell") == 8
    assert wrapped("锂离子电池隔膜涂覆材料制造", 12) == ("锂离子电池隔", "膜涂覆材料制", "造")
