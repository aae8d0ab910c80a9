"""What people write into a cell is read as they mean it, or refused with a reason."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from serai.expo.base.workbooks.domain.reasons import REASONS
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.site.imports.domain.fields import fields


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.country, "中国", "CN"),
        (cells.country, "Côte d’Ivoire", "CI"),
        (cells.website, "WWW.Example.com/Products", "https://www.example.com/Products"),
        (cells.website, "Https://example.com", "https://example.com"),
        (cells.website, "http://a.example; http://b.example", "http://a.example"),
        (cells.year, "2009", 2009),
        (cells.year, "成立于2009年", 2009),
        (cells.year, "2009-05-01", 2009),
        (cells.area, "36", 36),
        (cells.area, "36,5 m²", 37),
        (cells.area, "1,200 平方米", 1200),
        (cells.area, "1.200", 1200),
        (cells.size, "9", "micro"),
        (cells.size, "11-50", "small"),
        (cells.size, "51-200", "medium"),
        (cells.size, "1,200+", "large"),
        (cells.size, "中型企业", "medium"),
        (cells.yes_or_no, "是", True),
        (cells.yes_or_no, "No", False),
        (cells.language, "Chinese", "zh-hans"),
        (cells.language, "français", "fr"),
        (cells.language, "zh-TW", "zh-hant"),
        (cells.kind, "Co-exhibitor", "co_exhibitor"),
        (cells.kind, "采购商", "buyer"),
        (cells.items, "Tea; coffee\ntea；Tea", ("Tea", "coffee", "tea")),
        (cells.items, "隔膜、电解液", ("隔膜", "电解液")),
        (cells.items, "a、b; c", ("a、b", "c")),
        (cells.hs, "8507.60; 101", ("850760", "0101")),
        (cells.hs, "HS 85076000", ("850760",)),
        (cells.isic, "111, 2720", ("0111", "2720")),
        (cells.codes(";,"), "A1, A2;A2", ("A1", "A2", "A2")),
        (cells.duns, "12-345-6789", "123456789"),
    ],
)
def test_a_cell_is_read_as_meant(parse: Callable[[str], Any], cell: str, value: Any) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "reason"),
    [
        (cells.country, "Atlantis", "unknown_country"),
        (cells.website, "ask our agent", "not_a_website"),
        (cells.website, "javascript:alert(1)", "not_a_website"),
        (cells.year, "long ago", "not_a_year"),
        (cells.year, "1999 or 2001", "not_a_year"),
        (cells.area, "two booths", "not_an_area"),
        (cells.area, "0", "not_an_area"),
        (cells.size, "a few", "not_a_size"),
        (cells.yes_or_no, "?", "not_yes_or_no"),
        (cells.language, "Elvish", "unknown_language"),
        (cells.kind, "friend", "unknown_kind"),
        (cells.hs, "no code", "unknown_hs"),
        (cells.isic, "9999", "unknown_isic"),
        (cells.serai_identifier, "CN2026328K7Q2M5", "wrong_identifier"),
        (cells.lei, "5493001KJTIIGC8Y1R13", "wrong_check_digit"),
        (cells.gln, "1234567890123", "wrong_check_digit"),
        (cells.line(5), "longer", "too_long"),
    ],
)
def test_an_unreadable_cell_says_why(parse: Callable[[str], Any], cell: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as refusal:
        parse(cell)
    assert refusal.value.reason == reason
    assert str(REASONS[reason]) % refusal.value.details


def test_known_codes_are_kept_beside_unknown_ones() -> None:
    with pytest.raises(UnreadableError) as refusal:
        cells.hs("8507; 0000; 2825")
    assert refusal.value.kept == ("8507", "2825")
    assert refusal.value.details == {"codes": "0000"}


def test_identifiers_with_a_right_check_digit_are_read() -> None:
    assert cells.lei(" 5493001kjtiigc8y1r12 ") == "5493001KJTIIGC8Y1R12"
    body = "91110000600037341"
    assert cells.uscc(body + uscc.calc_check_digit(body)) == body + uscc.calc_check_digit(body)
    assert cells.gln("4006381333931") == "4006381333931"


@given(st.sampled_from(sorted(fields())), st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_reason(key: str, cell: str) -> None:
    refusal = None
    try:
        fields()[key].parse(cell)
    except UnreadableError as error:
        refusal = error
    assert refusal is None or str(REASONS[refusal.reason]) % refusal.details
