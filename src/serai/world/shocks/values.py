"""Allowed values of a shock's parameters, described in words and checked before anything runs."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

HUGE = 1e300
"""Limit of every parameter; a larger number counts as infinite."""

CENTURY = 36_525
"""Days that a scenario by the day has at most."""

SHOWN = 80
"""Characters of a wrong value that a complaint repeats."""


class WrongParameterError(ValueError):
    """A parameter is not what it may be. `path` names it, and where in its value the fault is."""

    def __init__(self, path: Sequence[str | int], sentence: str) -> None:
        super().__init__(sentence)
        self.path = tuple(path)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.args[0])  # workers send their errors home


class UnknownLabelError(WrongParameterError, KeyError):
    """A parameter names a country or an industry that the table or network doesn't have."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Allowed:
    """`what` a value is, in words that stand after "is"; `inner`, where it is a table, what its entries are, `each`,
    where it is a list, what every one of it is."""

    what: str
    fits: Callable[[Any], bool] = field(compare=False)
    inner: Mapping[str, "Allowed"] = field(default_factory=dict)
    each: "Allowed | None" = None

    def check(self, path: Sequence[str | int], value: Any) -> None:
        """Raises WrongParameterError where the value at this path doesn't fit."""
        name = next(key for key in reversed(path) if isinstance(key, str))
        if not self.fits(value):
            raise WrongParameterError(path, f"'{name}' is {self.what}, not {said(value)}.")
        if self.inner and isinstance(value, Mapping):
            for key, entry in value.items():
                if key not in self.inner:
                    names = ", ".join(self.inner)
                    raise WrongParameterError((*path, key), f"'{name}' has no '{key}'; it has {names}.")
                self.inner[key].check((*path, key), entry)
        if self.each is not None:
            for place, entry in enumerate(value):
                self.each.check((*path, place), entry)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a shock: what it is, in words, and what it may be; where left out, by its annotation."""

    text: str
    allowed: Allowed | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def asked_for(self) -> str:
        """The text without its default, for a parameter that must be given."""
        head, comma, tail = self.text.replace(";", ",").rpartition(",")
        return head if comma and tail.endswith("when left out") else self.text


def _range(low: float, high: float, *, above: bool = False, below: bool = False) -> str:
    if low <= -HUGE and high >= HUGE:
        return ""
    if high >= HUGE:
        return f" above {low:,g}" if above else f" of at least {low:,g}"
    if above and below:
        return f" above {low:,g} and below {high:,g}"
    return f" {'above' if above else 'from'} {low:,g} to {'below ' * below}{high:,g}"


def number(low: float = -HUGE, high: float = HUGE, *, above: bool = False, below: bool = False) -> Allowed:
    """A number from `low` to `high`, or above and below them. Neither nan nor inf is a number here."""

    def fits(value: Any) -> bool:
        if not _is_number(value):
            return False
        return bool(low < value if above else low <= value) and bool(value < high if below else value <= high)

    return Allowed(f"a number{_range(low, high, above=above, below=below)}", fits)


def whole(low: int, high: int = CENTURY) -> Allowed:
    """A whole number from `low` to `high`."""

    def fits(value: Any) -> bool:
        return _is_whole(value) and low <= value <= high

    return Allowed(f"a whole number{_range(low, high)}", fits)


def one_of(words: Iterable[str]) -> Allowed:
    """One of these words."""
    allowed = tuple(words)
    listed = [f"'{word}'" for word in allowed]
    return Allowed(
        f"{', '.join(listed[:-1])} or {listed[-1]}", lambda value: isinstance(value, str) and value in allowed
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_whole(value) or isinstance(value, float | np.floating)


def either(what: str, *kinds: Allowed) -> Allowed:
    """A value that fits one of these."""

    def fits(value: Any) -> bool:
        return any(kind.fits(value) for kind in kinds)

    return Allowed(what, fits, next((kind.inner for kind in kinds if kind.inner), {}))


def table_of(inner: Mapping[str, Allowed]) -> Allowed:
    """A table with some of these entries."""
    return Allowed(f"a table of {', '.join(inner)}", lambda value: isinstance(value, Mapping), inner)


def list_of(each: Allowed, what: str) -> Allowed:
    """A list of one or more of these."""
    return Allowed(what, lambda value: isinstance(value, list | tuple) and len(value) > 0, each=each)


def by_industry(entry: Allowed, also: Callable[[Collection[Any]], bool] | None = None, what: str = "") -> Allowed:
    """A table from industries to what fits `entry`; `also` looks at all of them, and `what` says it."""

    def fits(value: Any) -> bool:
        return (
            isinstance(value, Mapping)
            and all(isinstance(key, str) and entry.fits(item) for key, item in value.items())
            and (also is None or also(value.values()))
        )

    return Allowed(f"a table of industries, each with {entry.what}{what}", fits)


def _texts(value: Any) -> bool:
    return (
        isinstance(value, Iterable)
        and not isinstance(value, str | bytes | Mapping)
        and (not isinstance(value, Collection) or all(isinstance(text, str) for text in value))
    )


def _blocs(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2 and all(map(_bloc, value))


def _bloc(value: Any) -> bool:
    return _texts(value) and (not isinstance(value, Collection) or len(value) > 0)


def _names(value: Any) -> bool:
    return (
        isinstance(value, Collection)
        and not isinstance(value, str | bytes | Mapping)
        and all(isinstance(name, str) or _is_whole(name) for name in value)
    )


NUMBER = number()
SHARE = number(0, 1)
FACTOR = number(1e-3, 1e3)
"""New over old, of a cost or of what inputs yield."""

TEXT = Allowed("a text", lambda value: isinstance(value, str))
YES_OR_NO = Allowed("true or false", lambda value: isinstance(value, bool))
TEXTS = Allowed("a list of texts", _texts)
NAMES = Allowed("a list of names or whole numbers", _names)
BLOCS = Allowed("two lists of countries, neither empty", _blocs)

BY_ANNOTATION: Mapping[Any, Allowed] = {
    float: NUMBER,
    int: whole(-CENTURY),
    str: TEXT,
    bool: YES_OR_NO,
}
LISTS: Mapping[Any, Allowed] = {
    "Iterable[str]": TEXTS,
    "Sequence[Iterable[str]]": BLOCS,
    "Sequence[str | int]": NAMES,
}


def by_annotation(annotation: Any) -> Allowed | None:
    """What the annotation of an engine's parameter allows; None where it doesn't say."""
    if isinstance(annotation, type) and annotation in BY_ANNOTATION:
        return BY_ANNOTATION[annotation]
    name = str(annotation).replace("collections.abc.", "").removesuffix(" | None")
    return LISTS.get(name)


def said(value: Any, shown: int = SHOWN) -> str:
    """A value as a scenario file writes it, cut short where it is longer than `shown`."""
    text = _said(value)
    return text if len(text) <= shown else f"{text[: shown - 3]}..."


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}'"
    if _is_whole(value) and abs(value) > HUGE:
        return "a number of more than 300 digits"
    if isinstance(value, float):
        return f"{value:g}" if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_said(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, Collection) and not isinstance(value, bytes):
        return "[" + ", ".join(_said(entry) for entry in value) + "]"
    return "nothing" if value is None else str(value)
