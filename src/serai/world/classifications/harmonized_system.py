"""The Harmonized System of the World Customs Organization: chapters (2 digits) and headings (4 digits) of traded goods.

Two editions: HS 2022, which chains and offers use, and HS 2017, in which much of the world's trade data is coded.
Titles are short English ones as trade statistics use them, not the legal text.
Sources: data/classifications/SOURCES.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

type Edition = Literal[2017, 2022]


@dataclass(frozen=True)
class Heading:
    """A heading, such as 8507 electric accumulators; `chapter` is its first two digits."""

    code: str
    title: str

    @property
    def chapter(self) -> str:
        return self.code[:2]


@dataclass(frozen=True)
class Chapter:
    """A chapter, such as 85 electrical machinery."""

    code: str
    title: str


def heading(code: str, edition: Edition = 2022) -> Heading:
    """The heading with this 4-digit code. Raises LookupError with a sentence that says what to use instead."""
    try:
        return _headings(edition)[code]
    except KeyError:
        removed = edition == 2022 and _removed().get(code)
        advice = f"its goods are in {removed} now" if removed else "use a 4-digit heading, such as 8507"
        raise LookupError(f"HS {edition} has no heading '{code}'; {advice}.") from None


def chapter(code: str) -> Chapter:
    """The chapter with this 2-digit code, the same in both editions. Raises LookupError."""
    try:
        return _chapters()[code]
    except KeyError:
        raise LookupError(f"The Harmonized System has no chapter '{code}'; use two digits, such as 85.") from None


def exists(code: str, edition: Edition = 2022) -> bool:
    """Whether this is a heading (4 digits) of the edition."""
    return code in _headings(edition)


def headings(edition: Edition = 2022) -> tuple[Heading, ...]:
    """All headings of an edition in the order of their codes; 9999 is UN Comtrade's heading for goods not specified."""
    return tuple(_headings(edition).values())


def chapters() -> tuple[Chapter, ...]:
    """All chapters in the order of their codes; 77 is reserved and absent."""
    return tuple(_chapters().values())


def formerly(code: str) -> tuple[str, ...]:
    """The HS 2017 headings under which most goods of this HS 2022 heading were traded. Raises LookupError.

    Those of a new heading were only a part of each former heading, so a sum over these is an upper bound.
    """
    return _formerly().get(heading(code).code, (code,))


def isic_of_heading(code: str, edition: Edition = 2022) -> Mapping[str, float]:
    """The ISIC Rev.4 classes that make the goods of a heading, with weights that sum to 1. Raises LookupError.

    A weight is the share of the heading's 6-digit lines of HS 2017 that the class makes, not a share of value; a line
    that several classes make counts in equal parts. A heading new in HS 2022 has equal weights. Empty for 9999.
    """
    return _isic(edition).get(heading(code, edition).code, MappingProxyType({}))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("serai.world") / "data" / "classifications" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _titles() -> Mapping[str, str]:
    return {row["code"]: row["title"] for row in _rows("hs2017.csv")}


@cache
def _changes() -> tuple[dict[str, str], ...]:
    return tuple(_rows("hs2022_changes.csv"))


@cache
def _removed() -> Mapping[str, str]:
    return {row["code"]: row["now"] for row in _changes() if row["now"]}


@cache
def _formerly() -> Mapping[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["formerly"].split()) for row in _changes() if row["formerly"]}


@cache
def _headings(edition: Edition) -> Mapping[str, Heading]:
    titles = {code: title for code, title in _titles().items() if len(code) == 4}
    if edition == 2022:
        titles |= {row["code"]: row["title"] for row in _changes() if row["title"]}
        titles = {code: title for code, title in titles.items() if code not in _removed()}
    return {code: Heading(code, titles[code]) for code in sorted(titles)}


@cache
def _chapters() -> Mapping[str, Chapter]:
    return {code: Chapter(code, title) for code, title in _titles().items() if len(code) == 2}


@cache
def _isic(edition: Edition) -> Mapping[str, Mapping[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for row in _rows("hs_isic.csv"):
        weights.setdefault(row["hs"], {})[row["isic"]] = float(row["weight"])
    if edition == 2022:
        for row in _changes():
            if makers := row["isic"].split():
                weights[row["code"]] = dict.fromkeys(makers, 1 / len(makers))
    return {code: MappingProxyType(of_heading) for code, of_heading in weights.items()}
