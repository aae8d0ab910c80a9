"""Days and times of a cell as people write them, in the six languages of the interface and in German."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import product

from babel import Locale

from serai.expo.base.collation import fold

LANGUAGES = ("en", "zh", "ar", "fr", "es", "ru", "de")

EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of the numbers by which a workbook counts days (ISO/IEC 29500, the 1900 date system from March 1900 on)."""

_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119: other numbers are no days
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_HAN = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s*([./-])\s*(\d{1,2})\s*(?:\2\s*(\d{4}|\d{2})?)?(?!\d)")
_WORDS = re.compile(r"[^\W\d_]+", re.UNICODE)
_DIGITS = re.compile(r"\d+")
_TIME = re.compile(
    r"(?<![\d.,:])(\d{1,2})\s*(?:[:.h時时点]\s*(\d{2})?(?:\s*:\s*\d{2}(?:\.\d+)?)?|(?=\s*(?:[ap]\.?m|uhr|o'?clock)))"
    r"\s*(?:uhr|hrs?|分|h)?\s*([ap])?\.?(?:m\.?)?(?![\d])",
    re.IGNORECASE,
)
_DAY_WITH_POINTS = re.compile(r"(?<!\d)\d{1,2}\.\s*\d{1,2}\.(?:\d{4}|\d{2})?(?=[\s,;]|$)")
_HOUR_ALONE = re.compile(r"(?<![\d:.])(\d{1,2})\s*(?=(?:-|bis)\s*\d{1,2}(?:[:.]\d{2})?\s*uhr)", re.IGNORECASE)
_FRACTION = re.compile(r"0?\.\d+|0|1(?:\.0+)?")
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹：－–—", "01234567890123456789:---")


def days(text: str, within: Collection[date] = ()) -> tuple[date, ...]:
    """The days that a cell may mean; none for what is no day.

    ``within`` are the days of a fair: of '5/6' they tell the year, and whether it is the fifth of June or the sixth of
    May. Without them a day needs its year, and both readings are given.
    """
    read_days = tuple(dict.fromkeys(_days(text.translate(_EASTERN).strip(), {day.year for day in within})))
    return tuple(day for day in read_days if day in within) or read_days


def _days(text: str, years: Collection[int]) -> Iterable[date]:
    if re.fullmatch(r"\d{5}(?:\.0+)?", text) and int(float(text)) in _EXCEL_DAYS:
        return [EXCEL_EPOCH + timedelta(days=int(float(text)))]
    if match := _ISO.search(text):
        return _valid([int(match[1])], [(int(match[2]), int(match[3]))])
    if match := _HAN.search(text):
        return _valid([int(match[1])] if match[1] else years, [(int(match[2]), int(match[3]))])
    if month := next((number for word in _WORDS.findall(text) if (number := _months().get(fold(word)))), 0):
        numbers = [int(digits) for digits in _DIGITS.findall(re.sub(r"\d{1,2}:\d{2}", "", text))]
        stated = [number for number in numbers if number > 1900]
        return _valid(stated[:1] or years, [(month, number) for number in numbers if number <= 31][:1])
    if match := _NUMBERS.search(text):
        first, separator, second, year = int(match[1]), match[2], int(match[3]), match[4]
        orders = [(second, first)] if separator == "." else [(second, first), (first, second)]
        return _valid([int(year) + (2000 if len(year) == 2 else 0)] if year else years, orders)
    return ()


def _valid(years: Collection[int], days: Iterable[tuple[int, int]]) -> Iterator[date]:
    """The days that there are of these months and days of the month in these years."""
    for year, (month, day) in product(years, days):
        with suppress(ValueError):
            yield date(year, month, day)


@cache
def _months() -> Mapping[str, int]:
    """Names of months, folded, with their numbers."""
    months: dict[str, int] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    if (word := fold(name)) and not word.isdecimal():
                        months.setdefault(word, number)
    return months


def times(text: str) -> tuple[time, ...]:
    """The times of a cell in their order: one, or a beginning and an end as in '10:00-10:45'; none for what is none.

    A part of a day, as in 0.4375, is the number by which a workbook writes a time.
    """
    cell = text.translate(_EASTERN).strip()
    if _FRACTION.fullmatch(cell):
        minutes = round(float(cell) * 24 * 60)
        return (time(*divmod(minutes, 60)),) if minutes < 24 * 60 else ()
    if re.fullmatch(r"\d{5}\.\d+", cell):  # a day and a part of it
        return times(f"0.{cell.partition('.')[2]}")
    rest = _HOUR_ALONE.sub(r"\1:00 ", _DAY_WITH_POINTS.sub(" ", _ISO.sub(" ", cell)))
    found: list[time] = []
    halves: list[str] = []
    for match in _TIME.finditer(rest):
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour < 24 and minute < 60:
            found.append(time(hour, minute))
            halves.append(half)
    if halves[1:] == ["p"] and not halves[0] and found[0] < time(12) and _later(found[0]) <= found[1]:
        found[0] = _later(found[0])  # 2:00 - 3:30 pm
    return tuple(found)


def _later(moment: time) -> time:
    return moment.replace(hour=moment.hour + 12)


def minutes(text: str) -> int | None:
    """A length in minutes: '45', '45 min', '1h30', '1:30', '0.0625' of a day; None for what is none."""
    cell = text.translate(_EASTERN).strip().lower()
    if re.fullmatch(r"0?\.\d+", cell):
        return round(float(cell) * 24 * 60)
    if match := re.fullmatch(
        r"(\d{1,2})\s*(?::|h|hrs?|std\.?|小时|ч)\s*(\d{2})?(?::\d{2})?\s*(?:min\.?|m|分钟?)?", cell
    ):
        return int(match[1]) * 60 + int(match[2] or 0)
    match = re.fullmatch(r"(\d{1,4})\s*(?:['′]|min(?:ute[ns]?|utos|\.)?|minuten|分钟?|мин\.?|دقيقة|د)?", cell)
    return int(match[1]) if match else None


def moment(text: str) -> datetime | None:
    """A moment as computers write it (ISO 8601), with or without its distance from UTC; None for what is none."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None
