"""The registry of figures: a figure is declared with its definition beside the function that counts it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from serai.expo.fairs.edition.models import Edition
from serai.registry import Registry

type Value = int | float | None
type Count = Callable[[Edition], Value]


@dataclass(frozen=True)
class Definition:
    """What a figure means, in a version: a changed definition is a new version, so that old reports stay true."""

    code: str
    group: str
    title: str | Promise
    text: str | Promise
    unit: str | Promise
    version: int
    count: Count
    of_countries: str = ""
    """Key of the group of countries whose share it is: shown only where the organiser chose the group."""
    currency: str = ""
    """Of an amount of money, which is shown with its sign; the unit repeats it in words."""


@dataclass(frozen=True)
class Figure:
    """A figure with its value and time. No value means not known, never zero."""

    definition: Definition
    value: Value
    as_of: datetime

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def is_share(self) -> bool:
        return self.definition.unit == "%"

    @property
    def currency(self) -> str:
        return self.definition.currency


registry: Registry[Definition] = Registry("figure")


def definitions(edition: Edition) -> list[Definition]:
    """The figures of a fair: all but those of groups of countries that its organiser did not choose."""
    chosen = {"", *edition.country_groups}
    return [definition for definition in registry.values() if definition.of_countries in chosen]


def figure(
    code: str,
    *,
    group: str,
    title: str | Promise,
    text: str | Promise,
    unit: str | Promise,
    version: int = 1,
    of_countries: str = "",
    currency: str = "",
) -> Callable[[Count], Count]:
    """Declare the function below as the one that counts this figure."""

    def declare(count: Count) -> Count:
        registry.add(code, Definition(code, group, title, text, unit, version, count, of_countries, currency))
        return count

    return declare
