"""Which tests are run on a second database: those that together make every kind of statement, and a few more.

The run on SQLite notes what each test asks of the database. Of those that ask for the same in the same way, the
quickest is enough on PostgreSQL. Always run there are: what was not run or failed on SQLite, what commits, what meets
an error of the database (PostgreSQL then ends the transaction), and what is marked ``every_database``.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any

from django.db import Error

FOLDER = "SERAI_STATEMENTS"
"""The variable that names the folder of the notes."""
EACH_TEST = 0.05
"""Seconds that a test takes beside what it tries."""
_LISTS = (
    (re.compile(r'"[st]\d+_x\d+"|\b\d+\b'), "0"),  # savepoints, numbers
    (re.compile(r"%s(?:, ?%s)+"), "%s"),
    (re.compile(r"\(%s\)(?:, ?\(%s\))+"), "(%s)"),  # rows of an INSERT
    (re.compile(r'("\w+")\."\w+"(?:, \1\."\w+")+'), r"\1"),  # columns that are read
    (re.compile(r'"\w+"(?:, "\w+")+'), '"0"'),  # columns that are written
    (re.compile(r'"\w+" = %s(?:, "\w+" = %s)+'), '"0" = %s'),
)


@lru_cache(maxsize=50_000)
def kind(sql: str) -> str:
    """What is asked and how: a statement without its values, and without how many columns and values it lists."""
    for pattern, replacement in _LISTS:
        sql = pattern.sub(replacement, sql)
    return sql


@dataclass
class Asked:
    """What a test asked of the database, and the seconds that it took."""

    kinds: set[str]
    met_error: bool = False
    seconds: float = 0.0

    def note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """A wrapper of Django's for whatever is executed."""
        self.kinds.add(kind(sql))
        try:
            return execute(sql, *rest)
        except Error:
            self.met_error = True
            raise


def write(folder: Path, process: str, test: str, asked: Asked) -> None:
    """Add what a test asked to the notes of this process."""
    with (folder / f"{process}.jsonl").open("a", encoding="utf-8") as notes:
        note = {"kinds": sorted(asked.kinds), "met_error": asked.met_error, "seconds": asked.seconds}
        notes.write(json.dumps({test: note}) + "\n")


def read(folder: Path) -> dict[str, Asked]:
    """What each test asked, by its name."""
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return {
        test: Asked(set(note["kinds"]), note["met_error"], note["seconds"])
        for line in lines
        for test, note in json.loads(line).items()
    }


def enough(asked: Mapping[str, Asked], always: Iterable[str] = ()) -> set[str]:
    """Tests that together ask everything that all ask, quick ones first, beside those that are ``always`` run."""
    chosen = {*always, *(test for test, of_test in asked.items() if of_test.met_error)}
    left = set().union(*(of_test.kinds for of_test in asked.values()))
    left -= set().union(*(asked[test].kinds for test in chosen if test in asked))

    def merit(test: str) -> tuple[float, str]:
        return -len(asked[test].kinds & left) / (asked[test].seconds + EACH_TEST), test

    heap = [merit(test) for test in sorted(asked)]
    heapify(heap)
    while left:
        _then, test = heappop(heap)
        now = merit(test)
        if heap and now > heap[0]:
            heappush(heap, now)
            continue
        chosen.add(test)
        left -= asked[test].kinds
    return chosen
