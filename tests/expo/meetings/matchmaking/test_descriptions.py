"""Of its description a firm is told by what it does."""

import pytest

from serai.expo.meetings.matchmaking.domain.partners import telling_sentences

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "SITI - B&T Group S.p.A. sells plants for ceramics. The company was founded in 1961 in Formigine, Italy.",
            ["SITI - B&T Group S.p.A. sells plants for ceramics"],
        ),
        ("公司成立于1998年。主要生产锂电池隔膜及其涂覆材料产品。", ["主要生产锂电池隔膜及其涂覆材料产品"]),
        ("Proven at scale. We weave garden hammocks.", ["We weave garden hammocks"]),
        ("It was founded in 1961 in Modena.", ["It was founded in 1961 in Modena"]),
        ("Web: https://kankan.example/home. Cameras that measure rooms.", ["Cameras that measure rooms"]),
        ("Formerly Tessa Robots of Ohio. We build robots for hospitals.", ["We build robots for hospitals"]),
        ("LOCKS, INC. is a maker of locks for hotels.", ["LOCKS, INC. is a maker of locks for hotels"]),
        ("***", ["***"]),
    ],
)
def test_a_sentence_that_names_or_dates_a_firm_is_told_only_where_there_is_no_other(text: str, told: list[str]) -> None:
    assert list(telling_sentences(text)) == told
