"""Titles of the HS and of ISIC in the languages of the interface: complete, in the right script, and each its own."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from serai.world.classifications import harmonized_system, isic
from serai.world.classifications.industries import industries
from serai.world.classifications.titles import LANGUAGES, Classification, industry_titles, title, titles

SCRIPTS = {"zh-hans": r"[\u4e00-\u9fff]", "ar": r"[\u0621-\u064a]", "ru": r"[а-яё]", "fr": r"[a-z]", "es": r"[a-z]"}
"""By language, the letters of which every title has some."""

FOREIGN = {
    "zh-hans": r"[a-z\u0600-\u06ff\u0400-\u04ff ,;()]",
    "ar": r"[a-z\u4e00-\u9fff\u0400-\u04ff,;]",
    "ru": r"[a-z\u4e00-\u9fff\u0600-\u06ff]",
    "fr": r"[\u0400-\u1fff\u3000-\u9fff']",
    "es": r"[\u0400-\u1fff\u3000-\u9fff]",
}
"""By language, what no title has: letters of other scripts and marks of other languages."""

INTERNATIONAL = re.compile(r"LED|3D|X射线|T恤")
"""Latin letters that are written so in other scripts too."""

ABBREVIATION = re.compile(r"(\w\.){3,4}$")
"""Not classified elsewhere, as nomenclatures write it: n.c.a., n.d.a., n.c.p., n.c.o.p."""

LONGEST = {"zh-hans": 40, "ar": 90, "fr": 90, "es": 95, "ru": 95}
"""Characters that still fit a line of a list."""


def codes() -> Iterator[tuple[Classification, str]]:
    for chapter in harmonized_system.chapters():
        yield "hs", chapter.code
    for heading in harmonized_system.headings():
        yield "hs", heading.code
    for level in isic.Level:
        for activity in isic.activities(level):
            yield "isic", activity.code


def test_every_code_has_a_title_in_every_language() -> None:
    for classification, code in codes():
        of_code = titles(classification, code)
        assert set(of_code) == {"en", *LANGUAGES}
        assert all(of_code.values()), (classification, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_is_short_and_in_the_script_of_its_language(language: str) -> None:
    for classification, code in codes():
        text = title(classification, code, language)
        own = INTERNATIONAL.sub("", text).lower()
        assert re.search(SCRIPTS[language], own), (code, text)
        assert not re.search(FOREIGN[language], own), (code, text)
        assert len(text) <= LONGEST[language], (code, text)
        assert text == text.strip(), (code, text)
        assert not re.search(r"[,;:،؛、，；.]$|[,;،؛、，；]{2}|  ", ABBREVIATION.sub("", text)), (code, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_of_a_chapter_and_activities_of_a_level_have_different_titles(language: str) -> None:
    by_chapter = Counter(
        (heading.chapter, title("hs", heading.code, language)) for heading in harmonized_system.headings()
    )
    by_level = Counter(
        (level, title("isic", activity.code, language)) for level in isic.Level for activity in isic.activities(level)
    )
    chapters = Counter(title("hs", chapter.code, language) for chapter in harmonized_system.chapters())
    assert {key: number for key, number in (by_chapter + by_level).items() if number > 1} == {}
    assert max(chapters.values()) == 1


def test_a_code_is_called_by_the_words_of_customs_and_statistics() -> None:
    assert title("hs", "8507", "zh-hans") == "蓄电池（锂离子蓄电池等）"
    assert title("hs", "8542", "ru") == "Схемы электронные интегральные"
    assert title("hs", "85", "es") == "Máquinas y material eléctrico, sonido e imagen"
    assert title("isic", "2720", "ar") == "صناعة البطاريات والمراكم"
    assert title("isic", "C", "fr") == "Industrie manufacturière"


def test_a_line_of_six_digits_is_called_as_its_heading() -> None:
    assert titles("hs", "850760") == titles("hs", "8507")


def test_another_language_reads_english() -> None:
    assert title("hs", "8507", "de") == harmonized_system.heading("8507").title
    assert title("isic", "2720", "de") == isic.activity("2720").title


def test_an_unknown_code_is_refused_with_a_sentence() -> None:
    with pytest.raises(LookupError, match="8803"):
        titles("hs", "8803")
    with pytest.raises(LookupError, match="2729"):
        titles("isic", "2729")


@pytest.mark.parametrize("classification", ["oecd2025", "oecd2025-45", "isic4-sections", "figaro"])
def test_every_industry_of_the_tables_at_hand_has_a_title_in_each_language(classification: str) -> None:
    for code, row in industries(classification).items():
        called = industry_titles(code, row["name"])
        assert called["en"] == row["name"]
        assert {*called} == {"en", *LANGUAGES}, code


def test_an_industry_of_several_activities_is_called_by_their_titles() -> None:
    assert industry_titles("C17_18", industries("oecd2025")["C17_18"]["name"])[
        "zh-hans"
    ] == f"{title('isic', '17', 'zh-hans')}；" + title("isic", "18", "zh-hans")
    assert industry_titles("C24A", "Basic iron and steel")["fr"] == title("isic", "241", "fr")


def test_an_industry_whose_name_is_not_that_of_its_activities_is_called_by_its_table() -> None:
    assert dict(industry_titles("Recycling", "Recycling")) == {"en": "Recycling"}
    assert dict(industry_titles("Tanning", "Tanning")) == {"en": "Tanning"}
