"""A file as an organiser sends it becomes a header and rows of text, or is refused with a sentence.

Nothing here touches the database. The first bytes tell the kind of a file; a file whose name says otherwise is refused:
its sender meant another file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.workbooks.domain import delimited, workbook
from serai.expo.base.workbooks.domain.grid import (
    MOST_BYTES,
    MOST_ROWS,
    FileRefusedError,
    Grid,
    Row,
    too_many_rows,
    width,
)
from serai.expo.site.imports.domain import schedule_files
from serai.expo.site.imports.domain.header import ROWS_SEARCHED, header_and_rows, recognised
from serai.expo.site.imports.domain.subject import Subject
from serai.expo.site.imports.domain.subjects import FIRMS, SESSIONS, SUBJECTS

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".txt", ".tsv")

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS: tuple[tuple[bytes, str | Promise], ...] = (
    (b"%PDF", _("The file is a PDF. Export the list from the program that made it as .xlsx or .csv.")),
    (b"{\\rtf", _("The file is a text document. Copy its table into a workbook and save it as .xlsx.")),
    (b"\x89PNG", _("The file is a picture. Send the list itself as .xlsx or .csv.")),
    (b"\xff\xd8\xff", _("The file is a picture. Send the list itself as .xlsx or .csv.")),
    (b"Rar!", _("The file is a packed archive. Unpack it and send the list in it.")),
    (b"7z\xbc\xaf", _("The file is a packed archive. Unpack it and send the list in it.")),
    (b"\x1f\x8b", _("The file is a packed archive. Unpack it and send the list in it.")),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<?xml", b"<meta")


@dataclass(frozen=True)
class Sheet:
    """A list: the titles of its columns and its rows, each with its number in the file.

    ``encoding`` is that of a text file and empty for a workbook. ``subject`` is what the list is about.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str = ""
    subject: Subject = FIRMS
    hidden: frozenset[int] = frozenset()
    """Columns that the workbook does not show."""
    is_whole: bool = False
    """Whether the file holds a whole programme, as schedule.json does."""


def read(path: Path, file_name: str, sheet: str | None = None, subject: Subject | None = None) -> Sheet:
    """The list in the file at ``path``, which its sender calls ``file_name``; of a workbook the named sheet, else the
    first in which a header is recognised. Without a subject the header tells it. Raises FileRefusedError.
    """
    subjects = (subject,) if subject else tuple(SUBJECTS.values())
    size = path.stat().st_size
    if not size:
        raise FileRefusedError(_("The file is empty. Fill in the template, or choose another file."))
    if size > MOST_BYTES:
        raise FileRefusedError(
            _("The file has %(size)d MB; at most %(most)d MB are read. Delete pictures and what is not the list."),
            size=-(-size // 1_000_000),
            most=MOST_BYTES // 1_000_000,
        )
    with path.open("rb") as file:
        start = file.read(4096)
    suffix = PurePath(file_name).suffix.lower()
    if schedule_files.is_schedule(start) and suffix in schedule_files.SUFFIXES:
        header, rows = schedule_files.header_and_rows(path)
        is_whole = suffix == ".json"
        return Sheet(file_name, header, rows, subject=SESSIONS, is_whole=is_whole)
    _check_kind(start, path, suffix)
    is_workbook = start.startswith(_ZIP)
    grid = _sheet(path, sheet, subjects) if is_workbook else delimited.read(path.read_bytes(), "")
    subject = subject or likeliest(grid, subjects)
    header, rows = header_and_rows(subject, grid)
    if len(rows) > MOST_ROWS:
        raise too_many_rows()
    widest = max(width(cells) for _number, cells in rows)
    if not grid.encoding:  # a column of a workbook may lack a title
        return Sheet(grid.name, header + ("",) * (widest - len(header)), rows, subject=subject, hidden=grid.hidden)
    if sum(width(cells) > len(header) for _number, cells in rows) * 2 > len(rows):
        raise FileRefusedError(
            _(
                "More than half of the rows have more cells than the header has columns. The separator is not the same"
                " everywhere, or texts lack their quotation marks; save the list as .xlsx or CSV UTF-8 anew."
            )
        )
    return Sheet(grid.name, header, rows, grid.encoding, subject)


def _check_kind(start: bytes, path: Path, suffix: str) -> None:
    """Raise FileRefusedError for a file that is neither a workbook nor a text, or does not fit its name."""
    if start.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise FileRefusedError(
                _("The file is protected by a password. Save it without a password and send it again.")
            )
        raise FileRefusedError(
            _("The file is a workbook of Excel 97-2003 (.xls). Open it in Excel and save it as Excel workbook (.xlsx).")
        )
    for magic, sentence in _OTHERS:
        if start.startswith(magic):
            raise FileRefusedError(sentence)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise FileRefusedError(
            _("The file is a web page or XML under another name. Open it in Excel and save it as .xlsx.")
        )
    if suffix not in (*WORKBOOKS, *TEXTS):
        raise FileRefusedError(
            _("A file named %(suffix)s is not read. Save the list as .xlsx or .csv; a programme may be .json or .ics."),
            suffix=suffix or "…",
        )
    is_zip = start.startswith(_ZIP)
    if is_zip and suffix not in WORKBOOKS:
        raise FileRefusedError(
            _("The file is named %(suffix)s and is a workbook. Rename it to .xlsx and send it again."), suffix=suffix
        )
    if not is_zip and suffix in WORKBOOKS:
        raise FileRefusedError(
            _(
                "The file is named %(suffix)s and is no workbook. If it is a text with separators, rename it to .csv;"
                " else save it as .xlsx anew."
            ),
            suffix=suffix,
        )


def likeliest(grid: Grid, subjects: Sequence[Subject]) -> Subject:
    """The subject of which a header has all that is needed, then the one with the most columns known."""

    def fitting(subject: Subject) -> tuple[bool, int]:
        columns = recognised(subject, grid)
        return not subject.problem(columns), len(columns)

    return max(subjects, key=fitting)


def _sheet(path: Path, wanted: str | None, subjects: Sequence[Subject]) -> Grid:
    with workbook.opened(path) as book:
        return workbook.read(book, wanted if wanted in book.sheets else _choose(book, wanted, subjects))


def _choose(book: workbook.Book, wanted: str | None, subjects: Sequence[Subject]) -> str:
    """The name of the sheet with the list. Raises FileRefusedError, naming the sheets, where it is not certain."""
    names = ", ".join(book.sheets)
    if wanted:
        raise FileRefusedError(
            _("The workbook has no sheet '%(sheet)s'. It has: %(sheets)s."), sheet=wanted, sheets=names
        )
    if len(book.sheets) == 1:
        return next(iter(book.sheets))
    tops = [top for top in workbook.read_top(book, ROWS_SEARCHED) if top.rows]
    whole = (top for top in tops if any(not subject.problem(recognised(subject, top)) for subject in subjects))
    recognised_tops = (top for top in tops if len(recognised(subjects[0], top)) >= 2)
    if (chosen := next(whole, None) or next(recognised_tops, None)) is not None:
        return chosen.name
    if len(tops) == 1:
        return tops[0].name
    raise FileRefusedError(
        _("None of the sheets has a column with the name of a firm and one with its country. Name the sheet with the"
          " list; there are: %(sheets)s."),
        sheets=names,
    )  # fmt: skip
