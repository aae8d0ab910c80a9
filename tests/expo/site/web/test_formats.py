"""Days, hours and numbers are written as each language writes them, and the hours of every language are 24."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format, number_format, time_format

import serai.expo

MOMENT = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
WRITTEN = {
    "en": ("Dec. 1, 2026", "December 1", "1,234,567.5"),
    "zh-hans": ("2026年12月1日", "12月1日", "1,234,567.5"),
    "ar": ("1 ديسمبر 2026", "1 ديسمبر", "1,234,567.5"),
    "fr": ("1 décembre 2026", "1 décembre", "1\xa0234\xa0567,5"),
    "es": ("1 de diciembre de 2026", "1 de diciembre", "1\xa0234\xa0567,5"),
    "ru": ("1 декабря 2026 г.", "1 декабря", "1\xa0234\xa0567,5"),
}

TEMPLATES = Path(serai.expo.__file__).parent / "templates"
BARE_KEY = re.compile(r"<[^<>]*?(\{\{ *[\w.]+\.(?:pk|(?!auto_id)\w+_id) *\}\})")
"""A key of a row within a tag of HTML. ``auto_id`` is the text that names a field of a form."""


@pytest.mark.parametrize("language", WRITTEN)
def test_a_day_and_a_number_are_written_as_the_language_does(language: str) -> None:
    with translation.override(language):
        day, short = date_format(MOMENT), date_format(MOMENT, "MONTH_DAY_FORMAT")
        assert (day, short, number_format(1_234_567.5, force_grouping=True)) == WRITTEN[language]


@pytest.mark.parametrize("language", WRITTEN)
def test_an_hour_is_one_of_24(language: str) -> None:
    with translation.override(language):
        assert "14:30" in date_format(MOMENT, "DATETIME_FORMAT")
        assert "14:30" in date_format(MOMENT, "SHORT_DATETIME_FORMAT")
        assert time_format(MOMENT, "TIME_FORMAT").startswith("14:30")


def test_a_key_in_a_field_or_an_address_is_a_plain_number() -> None:
    """Written as a number for readers, the key 1234 would be sent as 1,234, which is the key of nothing."""
    pages = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    bare = {name: BARE_KEY.findall(text) for name, text in pages.items()}
    assert {name: keys for name, keys in bare.items() if keys} == {}
