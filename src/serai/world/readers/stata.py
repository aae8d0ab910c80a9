"""Files of Stata, releases 117 and 118 (.dta), as columns: what StataCorp's description of the formats says of them.

The tags `<release>`, `<byteorder>`, `<K>` (variables) and `<N>` (observations) open the file; a map of 14 offsets leads
to the types, names and the data, which stand observation by observation.
"""

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable

RELEASES = {b"117": {"K": "H", "N": "I", "name": 33}, b"118": {"K": "H", "N": "Q", "name": 129}}
NUMBERS = {65526: "f8", 65527: "f4", 65528: "i4", 65529: "i2", 65530: "i1"}
"""Numpy's types by Stata's; 1 to 2045 is a text of that many bytes."""

MISSING = 2.0**1023
"""Doubles from here on stand for a missing value."""


def read_stata(path: Path) -> dict[str, NDArray[Any]]:
    """The columns by name: texts as bytes, numbers as they are stored. Raises UnreadableTable."""
    try:
        return _columns(path)
    except (ValueError, KeyError, IndexError, struct.error, OSError, UnicodeDecodeError) as error:
        raise UnreadableTable(f"{path} is damaged or no Stata file of release 117 or 118: {error}.") from None


def _columns(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file:
        head = file.read(4096)
        layout: dict[str, Any] = RELEASES[_after(head, b"<release>", 3)]
        order = {b"LSF": "<", b"MSF": ">"}[_after(head, b"<byteorder>", 3)]

        def unpack(code: str, content: bytes) -> tuple[int, ...]:
            return struct.unpack(order + code, content)

        (variables,) = unpack(layout["K"], _after(head, b"<K>", struct.calcsize(layout["K"])))
        (rows,) = unpack(layout["N"], _after(head, b"<N>", struct.calcsize("<" + layout["N"])))
        places = unpack("14Q", _after(head, b"<map>", 14 * 8))
        types = unpack(f"{variables}H", _section(file, places[2], b"<variable_types>", 2 * variables))
        width = layout["name"]
        named = _section(file, places[3], b"<varnames>", width * variables)
        names = [named[width * k : width * (k + 1)].split(b"\0")[0].decode() for k in range(variables)]
        fields = [
            (name, order + NUMBERS[kind] if kind in NUMBERS else f"S{kind}")
            for name, kind in zip(names, types, strict=True)
        ]
        record, start = np.dtype(fields), places[9] + len(b"<data>")
        there = (path.stat().st_size - start) // record.itemsize
        if there < rows:
            raise ValueError(f"it ends after {max(there, 0)} of {rows} rows")
        file.seek(start)
        records = np.fromfile(file, dtype=record, count=rows)
    return {name: records[name] for name in names}


def _after(head: bytes, tag: bytes, length: int) -> bytes:
    start = head.index(tag) + len(tag)
    return head[start : start + length]


def _section(file: Any, place: int, tag: bytes, length: int) -> bytes:
    file.seek(place)
    content: bytes = file.read(len(tag) + length)
    if not content.startswith(tag) or len(content) < len(tag) + length:
        raise ValueError(f"no {tag.decode()} at byte {place}")
    return content[len(tag) :]
