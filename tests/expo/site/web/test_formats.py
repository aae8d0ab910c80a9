"""Days, hours and numbers are written as each language writes them, and the hours of every language are 24."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format, number_format, time_format

MOMENT = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
WRITTEN = {
    "en": ("Dec. 1, 2026", "December 1", "1,234,567.5"),
    "zh-hans": ("2026年12月1日", "12月1日", "1,234,567.5"),
    "ar": ("1 ديسمبر 2026", "1 ديسمبر", "1,234,567.5"),
    "fr": ("1 décembre 2026", "1 décembre", "1\xa0234\xa0567,5"),
    "es": ("1 de diciembre de 2026", "1 de diciembre", "1\xa0234\xa0567,5"),
    "ru": ("1 декабря 2026 г.", "1 декабря", "1\xa0234\xa0567,5"),
}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_day_and_a_number_are_written_as_the_language_does(language: str) -> None:
    with translation.override(language):
        day, short = date_format(MOMENT), date_format(MOMENT, "MONTH_DAY_FORMAT")
        assert (day, short, number_format(1_234_567.5, force_grouping=True)) == WRITTEN[language]


@pytest.mark.parametrize("language", WRITTEN)
def test_an_hour_is_one_of_24(language: str) -> None:
    with translation.override(language):
        assert "14:30" in date_format(MOMENT, "DATETIME_FORMAT")
        assert time_format(MOMENT, "TIME_FORMAT").startswith("14:30")
