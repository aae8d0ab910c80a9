"""Text is kept per language and shown in the reader's."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from serai.expo.base.text import controls, in_language, isolated, validate_texts, without_controls
from serai.expo.site.web.pages.tags import said

NAMES = {"sw": "Kahawa", "en": "Coffee", "zh-hans": "咖啡"}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [("en", "Coffee", "en"), ("zh-hans", "咖啡", "zh-hans"), ("zh-hant", "咖啡", "zh-hans"), ("fr", "Coffee", "en")],
)
def test_the_readers_language_comes_first_then_its_relatives_then_english(language: str, text: str, found: str) -> None:
    answer = in_language(NAMES, language)
    assert (answer.text, answer.language) == (text, found)


def test_without_english_the_first_text_is_shown() -> None:
    assert in_language({"sw": "Kahawa", "am": "ቡና"}, "fr").text == "Kahawa"


def test_an_empty_text_is_passed_over() -> None:
    assert in_language({"fr": "", "en": "Coffee"}, "fr").text == "Coffee"


def test_nothing_said_is_the_empty_text() -> None:
    assert in_language({}, "fr").text == ""


def test_arabic_is_written_from_right_to_left() -> None:
    assert in_language({"ar": "قهوة"}, "ar").direction == "rtl"
    assert in_language(NAMES, "en").direction == "ltr"


def test_a_text_in_another_language_is_marked_for_screen_readers() -> None:
    assert said({"ar": "قهوة"}) == '<span lang="ar" dir="rtl">قهوة</span>'
    assert said({"en": "Coffee"}) == "Coffee"


def test_what_firms_write_cannot_become_markup() -> None:
    assert "<script>" not in said({"ar": "<script>"})


@pytest.mark.parametrize("wrong", ["Coffee", {"English": "Coffee"}, {"en": 3}, ["Coffee"]])
def test_what_is_not_a_text_per_language_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        validate_texts(wrong)


def test_a_control_character_is_named_with_its_place_and_the_way_to_it() -> None:
    ((path, sentence),) = controls({"name": {"en": "Acme\x0b Ltd", "fr": "a\tb\r\nc"}})
    assert path == ("name", "en")
    assert str(sentence).startswith("Character 5 is U+000B, a control character")


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\uffff"])
def test_what_nobody_sees_is_taken_out_at_every_depth(character: str) -> None:
    assert without_controls([{f"a{character}": (f"b{character}c", 1)}]) == [{"a": ("bc", 1)}]


def test_lines_tabs_and_every_script_stay() -> None:
    text = "one\ttwo\r\nthree\n隔膜 قهوة 🚆\u200d"
    assert without_controls(text) is text


def test_a_name_is_isolated_where_a_sentence_or_the_name_runs_right_to_left() -> None:
    assert (isolated("Aços S.A."), isolated("شركة")) == ("Aços S.A.", "\u2068شركة\u2069")
    with override("ar"):
        assert (isolated("Aços S.A."), isolated("")) == ("\u2068Aços S.A.\u2069", "")


def test_a_text_is_cut_between_words_and_within_one_where_words_do_not_stand_apart() -> None:
    assert said({"en": "The water that the plant uses"}, 24) == "The water that the…"
    assert said({"en": "Internationalisation"}, 10) == "Internati…"
