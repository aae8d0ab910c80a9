"""Attributes of a specification as people write them, a line each: ``thickness <= 12 µm``."""

import re
from collections.abc import Iterable, Sequence

OPERATORS = {
    "<=": "≤",
    ">=": "≥",
    "==": "=",
    "=": "=",
    "<": "<",
    ">": ">",
    "≤": "≤",
    "≥": "≥",
    ":": "=",
    "：": "=",
    "~": "≈",
}
_LINE = re.compile(r"\s*(?P<name>.+?)\s*(?P<operator><=|>=|==|[=<>≤≥:：~≈])\s*(?P<value>\S+)\s*(?P<unit>.*?)\s*")

type Attribute = list[str]
"""Name, operator, value and unit."""


class UnreadableAttributeError(ValueError):
    """A line that is no attribute; its text is the line."""


def read(text: str) -> list[Attribute]:
    """The attributes of a text, a line each. Raises UnreadableAttributeError."""
    attributes = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None:
            raise UnreadableAttributeError(line.strip())
        operator = OPERATORS.get(match["operator"], match["operator"])
        attributes.append([match["name"], operator, match["value"], match["unit"]])
    return attributes


def write(attributes: Iterable[Sequence[str]]) -> str:
    """The attributes as lines, which `read` reads back."""
    return "\n".join(" ".join(part for part in attribute if part) for attribute in attributes)
