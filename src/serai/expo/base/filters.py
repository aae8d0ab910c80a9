"""The filter language: by what a list can be narrowed, declared once, asked for alike on pages and in calls.

    @dataclass(frozen=True)
    class Filter:
        words: str = filters.words("In the title, the text and the codes")
        country: str = filters.code("Of the firm, ISO 3166 alpha-2")
        launches: bool = filters.flag("With something shown for the first time")

A page reads it from its address with ``read``, which passes over what it does not know; the interface makes its
parameters of ``declared``, and refuses what is not as declared. What has a title is a field of the page's form
(``filter_form``).
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
    """How a field of a filter is asked for: its name in an address, what it means, how long or large it may be.

    ``labels`` are the choices with what a form calls them.
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
    """A field of one code, of ``choices`` where there are some, each alone or with its label. Empty does not narrow."""
    labels = tuple((one, one) if isinstance(one, str) else one for one in choices)
    values = tuple(value for value, _label in labels)
    return field(default="", metadata={_KEY: Asked("", text, str, most, values, title, labels)})


def flag(text: str, *, title: str | Promise = "") -> Any:
    """A field that is asked for with 1 and does not narrow else."""
    return field(default=False, metadata={_KEY: Asked("", text, bool, title=title)})


def number(text: str, *, most: int, title: str | Promise = "") -> Any:
    """A field of one whole number from 1 to ``most``, 0 where it does not narrow."""
    return field(default=0, metadata={_KEY: Asked("", text, int, most, title=title)})


def day(text: str) -> Any:
    """A field of one day, None where it does not narrow."""
    return field(default=None, metadata={_KEY: Asked("", text, date)})


def declared(kind: type[Any]) -> dict[str, Asked]:
    """Field of a filter -> how it is asked for, in the order of declaration."""
    types = get_type_hints(kind)
    found = {}
    for one in fields(kind):
        asked: Asked = one.metadata.get(_KEY) or Asked("", "", types[one.name])
        found[one.name] = replace(asked, name=asked.name or one.name)
    return found


def read[Filter](kind: type[Filter], query: Mapping[str, str]) -> Filter:
    """The filter in the address of a page. What it does not know, or is none of the choices, it passes over."""
    found: dict[str, Any] = {}
    for name, asked in declared(kind).items():
        said = plain(query.get(asked.name, ""))
        if asked.kind is int:
            found[name] = _whole(said, asked.most)
            continue
        said = said[: asked.most]
        if asked.kind is bool:
            found[name] = said in _YES
        elif asked.kind is date:
            found[name] = _day(said)
        elif not asked.choices or said in asked.choices:
            found[name] = said
    return kind(**found)


def _whole(said: str, most: int) -> int:
    """The number, 0 where it is none or out of bounds."""
    number = number_of(said) if len(said) <= len(str(most)) else None
    return number if number is not None and number <= most else 0


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def plain(text: str) -> str:
    """Without spaces around it and the null character, which PostgreSQL refuses in any text."""
    return str(text).replace("\0", "").strip()
