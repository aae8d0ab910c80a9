"""CPC Version 2.1, the United Nations' Central Product Classification: all goods and services, and who makes them.

Sections (1 digit), divisions (2), groups (3), classes (4) and subclasses (5), with English titles. Goods hang on the
Harmonized System, goods and services on ISIC Rev.4. Source: data/classifications/SOURCES.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from serai.world.classifications import isic


class Level(IntEnum):
    """The five levels; the value is the length of a code."""

    SECTION = 1
    DIVISION = 2
    GROUP = 3
    CLASS = 4
    SUBCLASS = 5


@dataclass(frozen=True)
class Product:
    """A section, division, group, class or subclass of products."""

    code: str
    title: str

    @property
    def level(self) -> Level:
        return Level(len(self.code))


def product(code: str) -> Product:
    """The product with this code. Raises LookupError with a sentence that says what to do."""
    try:
        return _products()[code]
    except KeyError:
        raise LookupError(f"CPC 2.1 has no '{code}'; use 1 to 5 digits, such as 46410.") from None


def exists(code: str) -> bool:
    """Whether this is a code of any level."""
    return code in _products()


def products(level: Level) -> tuple[Product, ...]:
    """All products of a level, by code."""
    return tuple(product for product in _products().values() if product.level is level)


def parent(code: str) -> str | None:
    """The code one level up, None of a section. Raises LookupError."""
    return product(code).code[:-1] or None


def isic_of(subclass: str) -> Mapping[str, float]:
    """The ISIC classes that make a subclass's goods or do its services, with weights that add up to 1.

    Empty where that is not known. Weights count the branches of the correspondence, not money. Raises LookupError.
    """
    return _isic().get(product(subclass).code, MappingProxyType({}))


def of_heading(heading: str) -> Mapping[str, float]:
    """The subclasses that hold the goods of a heading of HS 2017, with the share of its 6-digit lines in each."""
    return _of_headings().get(heading, MappingProxyType({}))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("serai.world") / "data" / "classifications" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _products() -> Mapping[str, Product]:
    return {row["code"]: Product(**row) for row in _rows("cpc21.csv")}


@cache
def _isic() -> Mapping[str, Mapping[str, float]]:
    made: dict[str, dict[str, float]] = {}
    for row in _rows("cpc_isic.csv"):
        makers = isic.classes(row["isic"])
        made.setdefault(row["cpc"], {}).update(dict.fromkeys(makers, float(row["weight"]) / len(makers)))
    return {code: MappingProxyType(makers) for code, makers in made.items()}


@cache
def _of_headings() -> Mapping[str, Mapping[str, float]]:
    held: dict[str, dict[str, float]] = {}
    for row in _rows("hs_cpc.csv"):
        held.setdefault(row["hs"], {})[row["cpc"]] = float(row["weight"])
    return {code: MappingProxyType(subclasses) for code, subclasses in held.items()}
