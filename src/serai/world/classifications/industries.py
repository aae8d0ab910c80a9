"""The industries of world tables and what is known of them; data and sources stand in data/tables/industries.*."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def industries(classification: str) -> Mapping[str, Mapping[str, str]]:
    """The rows of a table's classification by code, empty for an unknown one."""
    return MappingProxyType({row["code"]: row for row in _rows() if row["classification"] == classification})


@cache
def industry_classifications() -> tuple[str, ...]:
    """The classifications whose industries are known."""
    return tuple(dict.fromkeys(row["classification"] for row in _rows()))


def codes(text: str) -> list[str]:
    """The ISIC Rev.4 codes of a list such as "17-18 0112": the divisions 17 and 18 and the class 0112."""
    spans = [part.partition("-") for part in text.split()]
    return [code for low, _, high in spans for code in (_span(low, high) if high else [low])]


def divisions(text: str) -> list[str]:
    """The ISIC Rev.4 divisions of such a list, 17, 18 and 01, each once."""
    return list(dict.fromkeys(code[:2] for code in codes(text)))


def _span(low: str, high: str) -> list[str]:
    return [f"{number:02d}" for number in range(int(low), int(high) + 1)]


@cache
def _rows() -> list[dict[str, str]]:
    text = (files("serai.world") / "data" / "tables" / "industries.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
