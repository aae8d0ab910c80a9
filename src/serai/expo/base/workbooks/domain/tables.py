"""Reading a small table that somebody sends: the first sheet of a workbook, or a text with separators."""

import tempfile
from pathlib import Path

from serai.expo.base.workbooks.domain import delimited, workbook
from serai.expo.base.workbooks.domain.grid import Grid


def read_table(content: bytes) -> Grid:
    """The filled rows. Raises FileRefusedError."""
    if not content.startswith(b"PK\x03\x04"):
        return delimited.read(content, "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(content)
        with workbook.opened(path) as book:
            return workbook.read(book, next(iter(book.sheets)))
