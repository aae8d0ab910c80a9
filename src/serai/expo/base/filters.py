"""The filter language: the fields that narrow a list are declared once, for pages and calls.

    @dataclass(frozen=True)
    class Filter:
        words: str = filters.words("In the title, the text and the codes")
        country: str = filters.code("Of the firm, ISO 3166 alpha-2")
        launches: bool = filters.flag("With something shown for the first time")

A page reads its address with ``read``, which ignores unknown values. The interface makes its parameters from
``declared`` and refuses other values. Fields with a title are fields of the page's form (``forms.FilterForm``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, get_type_hints

from django.utils.functional import Promise

from serai.expo.base.numbers import number_of

_KEY = "asked"
WORDS = "q"
"""The name of words in an address."""

_YES = frozenset({"1", "on", "true"})


@dataclass(frozen=True)
class Asked:
    """How a field of a filter is given: its name in an address, its meaning, the most characters or the largest number.

    ``labels`` are the choices with their labels in a form.
    """

    name: str
    text: str
    kind: type
    most: int = 64
    choices: tuple[str, ...] = ()
    title: str | Promise = ""
    labels: tuple[tuple[str, Any], ...] = ()


def words(text: str, *, most: int = 200, title: str | Promise = "") -> Any:
    """A field of words in any language; ``q`` in an address."""
    return field(default="", metadata={_KEY: Asked(WORDS, text, str, most, title=title)})


def code(text: str, *, choices: Iterable[str | tuple[str, Any]] = (), most: int = 64, title: str | Promise = "") -> Any:
    """A field of one code, one of ``choices`` if given, each alone or with its label. Empty does not narrow."""
    labels = tuple((choice, choice) if isinstance(choice, str) else choice for choice in choices)
    values = tuple(value for value, _label in labels)
    return field(default="", metadata={_KEY: Asked("", text, str, most, values, title, labels)})


def flag(text: str, *, title: str | Promise = "") -> Any:
    """A field that narrows if it is given as 1."""
    return field(default=False, metadata={_KEY: Asked("", text, bool, title=title)})


def number(text: str, *, most: int, title: str | Promise = "") -> Any:
    """A field of one whole number from 1 to ``most``; 0 does not narrow."""
    return field(default=0, metadata={_KEY: Asked("", text, int, most, title=title)})


def day(text: str) -> Any:
    """A field of one day; None does not narrow."""
    return field(default=None, metadata={_KEY: Asked("", text, date)})


def declared(kind: type[Any]) -> dict[str, Asked]:
    """Field of a filter -> how it is given, in the order of declaration."""
    types = get_type_hints(kind)
    declarations = {}
    for filter_field in fields(kind):
        asked: Asked = filter_field.metadata.get(_KEY) or Asked("", "", types[filter_field.name])
        declarations[filter_field.name] = replace(asked, name=asked.name or filter_field.name)
    return declarations


def read[Filter](kind: type[Filter], query: Mapping[str, str]) -> Filter:
    """The filter in the address of a page. Unknown fields, and values that are none of the choices, are ignored."""
    values: dict[str, Any] = {}
    for name, asked in declared(kind).items():
        given = plain(query.get(asked.name, ""))
        if asked.kind is int:
            values[name] = _whole(given, asked.most)
            continue
        given = given[: asked.most]
        if asked.kind is bool:
            values[name] = given in _YES
        elif asked.kind is date:
            values[name] = _day(given)
        elif not asked.choices or given in asked.choices:
            values[name] = given
    return kind(**values)


def _whole(digits: str, most: int) -> int:
    """The number, 0 where it is none or too large."""
    number = number_of(digits) if len(digits) <= len(str(most)) else None
    return number if number is not None and number <= most else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def plain(text: str) -> str:
    """The text without spaces around it and without the null character, which PostgreSQL refuses."""
    return str(text).replace("\0", "").strip()
