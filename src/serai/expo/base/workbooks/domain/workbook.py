"""Reading .xlsx. The unpacked size is checked before anything is parsed, and only the rows of one sheet are kept."""

import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import openpyxl
from django.utils.translation import gettext_lazy as _

from serai.expo.base.workbooks.domain import delimited
from serai.expo.base.workbooks.domain.grid import (
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefusedError,
    Grid,
    Merge,
    Row,
    address,
    clean,
    column_number,
    filled,
    too_many_rows,
    width,
)

MOST_UNPACKED_BYTES = 250_000_000
MOST_PARTS = 2_000
ROWS_OF_HEADER = 50  # allowed for the header and above it, in addition to the rows of the list

_BROKEN = (
    AttributeError, EOFError, ElementTree.ParseError, IndexError, KeyError, OSError, OverflowError, RecursionError,
    TypeError, ValueError, expat.ExpatError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""The exceptions that openpyxl and the libraries below it raise on a broken workbook."""

_TAGS = re.compile(
    rb"<(?:\w+:)?(?:(row|v|is|f)[\s/>]"
    rb'|mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")'
)
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]{0,300})>")
_ATTRIBUTES = re.compile(rb'(\w+)="(\w*)"')
_LONGEST_TAG = 400


@dataclass(frozen=True)
class Book:
    """An opened workbook. ``sheets`` maps the names of the sheets, in order, to their parts."""

    path: Path
    archive: zipfile.ZipFile
    sheets: dict[str, str]


@dataclass(frozen=True)
class _Facts:
    """The facts about a sheet that are found without parsing it."""

    has_formulas: bool
    merges: tuple[Merge, ...]
    hidden: frozenset[int]


@contextmanager
def opened(path: Path) -> Iterator[Book]:
    """The workbook at ``path``. Raises FileRefusedError if it is none or too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive)
            yield Book(path, archive, _sheets(archive))
    except FileRefusedError:
        raise
    except NotImplementedError:
        raise _damaged() from None  # a compression that Python does not know
    except _BROKEN:
        raise _damaged() from None


def read(book: Book, sheet: str) -> Grid:
    """The filled rows of a sheet. Raises FileRefusedError beyond the limits or at a formula without a value."""
    facts = _scan(book.archive, book.sheets[sheet])
    with _loaded(book, values=True) as values, closing(_rows(values[sheet])) as rows:
        if facts.has_formulas:
            with _loaded(book, values=False) as loaded, closing(_rows(loaded[sheet])) as formulas:
                return Grid(
                    sheet,
                    tuple(filled(_with_formulas(rows, formulas, sheet), _most())),
                    facts.merges,
                    hidden=facts.hidden,
                )
        return Grid(sheet, tuple(filled(_as_text(rows), _most())), facts.merges, hidden=facts.hidden)


def read_top(book: Book, rows: int) -> list[Grid]:
    """The first rows of each sheet, for choosing one."""
    for part in book.sheets.values():
        _scan(book.archive, part)
    grids = []
    with _loaded(book, values=True) as values:
        for name in book.sheets:
            with closing(_rows(values[name])) as cells:
                grids.append(Grid(name, tuple(filled(islice(_as_text(cells), rows)))))
    return grids


def _most() -> int:
    return MOST_ROWS + ROWS_OF_HEADER


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError(_("The file is protected by a password. Save it without a password and send it again."))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise FileRefusedError(
            _(
                "The file would unpack to %(unpacked)d MB in %(parts)d parts; at most %(most)d MB are read."
                " Delete what does not belong to the list, or save the list as CSV."
            ),
            unpacked=unpacked // 1_000_000,
            parts=len(parts),
            most=MOST_UNPACKED_BYTES // 1_000_000,
        )
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise FileRefusedError(
            _("The file is a binary workbook (.xlsb). Open it in Excel and save it as Excel workbook (.xlsx).")
        )
    if "xl/workbook.xml" not in names:
        kind = _(
            "The file is not a workbook of Excel. Open it in the program that made it and save it as .xlsx or .csv."
        )
        raise FileRefusedError(kind)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_no_entities(archive, part)


def _check_no_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part with a document type: no program writes one, and an entity bomb needs one."""
    parser = expat.ParserCreate()
    beginnings: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_arguments: beginnings.append("type")
    parser.StartElementHandler = lambda *_arguments: beginnings.append("element")
    with archive.open(part) as stream:
        while not beginnings and (chunk := stream.read(4096)):
            parser.Parse(chunk)
    if beginnings[:1] == ["type"]:
        raise FileRefusedError(
            _("The file holds a document type, which no workbook needs, and is not read. Save it anew in Excel.")
        )


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a worksheet -> its part. Sheets with only a chart are left out."""
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - checked
        if relation.get("Type", "").endswith("/worksheet")
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no document type, see above
    sheets: dict[str, str] = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        identifier = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        if target := relations.get(identifier):
            sheets[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if not sheets or book.tag.startswith("{http://purl.oclc.org"):
        raise FileRefusedError(
            _("The file has no sheet that can be read. Open it in Excel and save it as Excel workbook (.xlsx).")
        )
    return sheets


def _scan(archive: zipfile.ZipFile, part: str) -> _Facts:
    """Read the bytes of a sheet once. Raises FileRefusedError if it has too many filled rows."""
    rows = 0
    row_is_new = has_formulas = False
    merges: list[Merge] = []
    hidden: set[int] = set()
    for chunk in _chunks(archive, part):
        if not rows:  # the columns stand before the rows
            hidden.update(column for columns in _COLUMNS.findall(chunk) for column in _hidden(columns))
        for tag in _TAGS.finditer(chunk):
            kind = tag[1]
            if kind == b"row":
                row_is_new = True
            elif kind == b"f":
                has_formulas = True
            elif kind is not None:
                rows += row_is_new
                row_is_new = False
            elif len(merges) < MOST_ROWS:
                merges.append(
                    Merge(int(tag[3]), int(tag[5]), column_number(tag[2].decode()), column_number(tag[4].decode()))
                )
        if rows > _most():
            raise too_many_rows()
    return _Facts(has_formulas, tuple(merges), frozenset(hidden))


def _hidden(columns: bytes) -> Iterable[int]:
    """The columns of a ``col`` tag, if it says that they are hidden."""
    attributes = dict(_ATTRIBUTES.findall(columns))
    if attributes.get(b"hidden") not in (b"1", b"true"):
        return ()
    return range(int(attributes.get(b"min", 1)) - 1, min(int(attributes.get(b"max", 0)), MOST_COLUMNS))


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part in chunks that cut no tag."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 18):
            chunk = rest + chunk
            cut = chunk.rfind(b"<")
            rest = chunk[cut:] if cut >= 0 else b""
            if len(rest) > _LONGEST_TAG:
                cut, rest = len(chunk), b""
            yield chunk[:cut]
    yield rest


@contextmanager
def _loaded(book: Book, *, values: bool) -> Iterator[Any]:
    with book.path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl warns of styles and extensions that it ignores
        loaded = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        try:
            yield loaded
        finally:
            loaded.close()


def _rows(sheet: Any) -> Generator[tuple[Any, ...]]:
    """The rows of cells. The size that the sheet states is ignored, as some programs state a wrong one."""
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=MOST_COLUMNS + 1)


def _as_text(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        yield number, _trimmed(cells)


def _with_formulas(rows: Iterator[tuple[Any, ...]], formulas: Iterator[tuple[Any, ...]], sheet: str) -> Iterator[Row]:
    """The rows with the stored value of each formula. Raises FileRefusedError at a formula without a value.

    A formula whose value is an empty text has another type of cell than a formula without a value.
    """
    for number, (cells, written) in enumerate(zip(rows, formulas, strict=True), start=1):
        for column, (cell, formula) in enumerate(zip(cells, written, strict=True)):
            if cell.value is None and cell.data_type == "n" and getattr(formula, "data_type", "n") == "f":
                raise FileRefusedError(
                    _(
                        "Cell %(cell)s of sheet '%(sheet)s' is a formula without a value."
                        " Open the file in Excel, save it, and send it again."
                    ),
                    cell=address(number, column),
                    sheet=sheet,
                )
        yield number, _trimmed(cells)


def _trimmed(cells: tuple[Any, ...]) -> tuple[str, ...]:
    texts = tuple(_text(cell.value) for cell in cells)
    return texts[: width(texts)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    return next((write(value) for kind, write in _WRITE.items() if isinstance(value, kind)), str(value))


# In this order: a boolean is an integer, a moment is a date.
_WRITE: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "yes" if value else "no",
    int: str,
    float: lambda value: str(int(value)) if value.is_integer() else f"{value:.15g}",
    datetime: lambda value: value.date().isoformat() if value.time() == time() else value.isoformat(" "),
    date: lambda value: value.isoformat(),
}


def _damaged() -> FileRefusedError:
    return FileRefusedError(
        _("The file is damaged or was cut off on its way. Open it in Excel, save it as .xlsx, and send it again.")
    )


def read_table(content: bytes) -> Grid:
    """The filled rows. Raises FileRefusedError."""
    if not content.startswith(b"PK\x03\x04"):
        return delimited.read(content, "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(content)
        with opened(path) as book:
            return read(book, next(iter(book.sheets)))
