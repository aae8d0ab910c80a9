"""ISIC Rev.4, the United Nations' classification of economic activities, with its English titles.

Sections (a letter), divisions (2 digits), groups (3) and classes (4). Source: data/classifications/SOURCES.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files


class Level(IntEnum):
    """The four levels; the value is the length of a code."""

    SECTION = 1
    DIVISION = 2
    GROUP = 3
    CLASS = 4


@dataclass(frozen=True)
class Activity:
    """A section, division, group or class; `section` is the letter of the section in which it is."""

    code: str
    section: str
    title: str

    @property
    def level(self) -> Level:
        return Level(len(self.code))


def activity(code: str) -> Activity:
    """The section, division, group or class with this code. Raises LookupError with a sentence that says what to do."""
    try:
        return _activities()[code]
    except KeyError:
        raise LookupError(f"ISIC Rev.4 has no '{code}'; use a section letter or 2 to 4 digits, such as 2720.") from None


def exists(code: str) -> bool:
    """Whether this is a section, division, group or class."""
    return code in _activities()


def is_class(code: str) -> bool:
    """Whether this is a class (4 digits)."""
    return len(code) == Level.CLASS and exists(code)


@cache
def activities(level: Level) -> tuple[Activity, ...]:
    """All activities of a level, in the printed order."""
    return tuple(activity for activity in _activities().values() if activity.level is level)


def parent(code: str) -> str | None:
    """The code one level up: of a class its group, of a division its section, of a section None. Raises LookupError."""
    entry = activity(code)
    if entry.level is Level.SECTION:
        return None
    return entry.section if entry.level is Level.DIVISION else code[:-1]


def section_of(code: str) -> str:
    """The letter of the section in which a code is. Raises LookupError."""
    return activity(code).section


@cache
def classes(code: str) -> tuple[str, ...]:
    """The classes of a section, division or group in the printed order; a class is its own. Raises LookupError."""
    entry = activity(code)
    within = entry.section if entry.level is Level.SECTION else ""
    return tuple(
        activity_class.code
        for activity_class in activities(Level.CLASS)
        if (activity_class.section == within if within else activity_class.code.startswith(code))
    )


@cache
def _activities() -> Mapping[str, Activity]:
    text = (files("serai.world") / "data" / "classifications" / "isic4.csv").read_text(encoding="utf-8")
    return {row["code"]: Activity(**row) for row in csv.DictReader(text.splitlines())}
