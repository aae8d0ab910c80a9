"""Titles of codes as pages show them: in the reader's language, and marked where only English has one."""

import csv

import pytest
from django.utils.translation import override

from serai.expo.base.code_titles import code_titles, titles_of_industry
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.firm_page import in_words
from serai.expo.site.web.pages.tags import LONGEST_CODE_TITLE, code_title
from serai.world.classifications import harmonized_system


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-hans", "集成电路"),
        ("ar", "دارات متكاملة إلكترونية"),
        ("fr", "Circuits intégrés électroniques"),
        ("es", "Circuitos electrónicos integrados"),
        ("ru", "Схемы электронные интегральные"),
        ("en", "Electronic integrated circuits"),
    ],
)
def test_a_code_is_called_in_the_language_of_the_reader(language: str, shown: str) -> None:
    with override(language):
        assert code_title("854231", "hs") == shown


def test_a_title_that_only_english_has_is_marked_for_a_screen_reader() -> None:
    with override("ar"):
        assert code_title("46420", "cpc") == '<span lang="en" dir="ltr">Electric accumulators</span>'


def test_a_long_title_is_cut() -> None:
    whole = max((heading.title for heading in harmonized_system.headings()), key=len)
    [code] = [heading.code for heading in harmonized_system.headings() if heading.title == whole]
    with override("en"):
        assert len(whole) > LONGEST_CODE_TITLE >= len(code_title(code, "hs")) > LONGEST_CODE_TITLE / 2


def test_a_class_of_activity_may_have_the_letter_of_its_section() -> None:
    assert code_titles("isic", "C2720") == code_titles("isic", "2720")
    assert code_titles("isic", "C")["fr"] == "Industrie manufacturière"


@pytest.mark.parametrize(("scheme", "code"), [("hs", "8803"), ("isic", "2729"), ("cpc", "00000"), ("hs", "")])
def test_an_unknown_code_has_no_title(scheme: str, code: str) -> None:
    assert code_titles(scheme, code) == {}
    assert code_title(code, scheme) == ""


def test_the_industries_of_a_firm_are_called_in_the_language_of_the_reader() -> None:
    with override("ru"):
        assert in_words(FIRM["isic"], ["2720", "72"]) == (
            "2720 Производство батарей и аккумуляторов · 72 Научные исследования и разработки"
        )


def test_a_page_reads_no_file_for_a_title_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_titles("hs", "8507"), code_titles("hs", "8542")
    monkeypatch.setattr(csv, "DictReader", lambda *_rows: pytest.fail("the table was read again"))
    assert (code_titles("hs", "850760"), code_titles("hs", "8542")) == before
    assert code_titles("hs", "8401")["zh-hans"] == "核反应堆、同位素分离机器"


def test_an_industry_that_a_table_names_has_a_title_in_the_language_of_the_reader() -> None:
    assert "钢铁" in titles_of_industry("Basic iron and steel")["zh-hans"]
    assert titles_of_industry("Alchemy") == {"en": "Alchemy"}
