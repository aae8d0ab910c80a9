"""Scenario files as text: read or refused with the line in which the fault is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

type Key = str | int


class UnreadableScenario(Exception):
    """A scenario file is damaged; the message names the file and the line, and says what is wrong."""


@dataclass(frozen=True)
class Place:
    """A part of a text in TOML: `source` names the text, `path` leads to the part, by key and by position in a list."""

    source: str
    text: str
    path: tuple[Key, ...] = ()

    def within(self, *path: Key) -> "Place":
        """A part of this part."""
        return replace(self, path=(*self.path, *path))

    def complaint(self, path: Sequence[Key], sentence: str) -> UnreadableScenario:
        """The error about the value at this path; it names its line, or the line of the enclosing table."""
        return UnreadableScenario(f"{self.source}, line {self.line(path)}: {sentence}")

    def line(self, path: Sequence[Key] = ()) -> int:
        """The line where the value at this path begins, or its enclosing table; 1 if neither exists.

        Drawn parameters of a scenario stand in its table `draw` instead of `parameters`.
        """
        whole = (*self.path, *path)
        drawn = tuple("draw" if key == "parameters" else key for key in whole)
        for length in range(len(whole), 0, -1):
            for wanted in (whole[:length], drawn[:length]):
                if _holds(_parsed(self.text), wanted):
                    return self._begins(wanted)
        return 1

    def _begins(self, wanted: Sequence[Key]) -> int:
        """The fewest first lines that hold `wanted`, those of a statement that they begin taken whole; by halving."""
        lines = self.text.splitlines()
        low, high = 1, len(lines)
        while low < high:
            middle = (low + high) // 2
            upto = middle
            while (parsed := _parsed("\n".join(lines[:upto]))) is None and upto < len(lines):
                upto += 1
            low, high = (low, middle) if _holds(parsed, wanted) else (middle + 1, high)
        return low


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _holds(value: Any, path: Sequence[Key]) -> bool:
    for key in path:
        keys = range(len(value)) if isinstance(value, list) else value if isinstance(value, Mapping) else ()
        if key not in keys:
            return False
        value = value[key]
    return True


def read_text(name: str) -> str | None:
    """The text of a file; None where there is none. Raises UnreadableScenario."""
    if Path(name).is_dir():
        raise UnreadableScenario(f"{name} is a folder, not a file.")
    try:
        return Path(name).read_text(encoding="utf-8") if Path(name).is_file() else None
    except UnicodeDecodeError as error:
        raise UnreadableScenario(f"{name} cannot be read as text in UTF-8: byte {error.start + 1} is none.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableScenario(f"{name} cannot be read: {reason}.") from None


def document(text: str, source: str) -> dict[str, Any]:
    """The TOML of a text. Raises UnreadableScenario with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error), re.DOTALL)
        line = int(place[2]) if place and place[2] else text.count("\n") + 1
        raise UnreadableScenario(f"{source}, line {line}: {place[1] if place else error}.") from None
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        raise UnreadableScenario(f"{source}, line 1: The text is nested too deep, or has a number too long.") from None
