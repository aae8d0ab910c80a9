"""A file as an organiser sends it becomes a header and rows of text, or is refused with a sentence.

The first bytes tell the kind of a file; a file whose name says otherwise is refused: its sender meant another
file. Titles above a header are skipped, and a header of two rows becomes one. A programme read again gets rows
for the sessions that it lacks now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.base.workbooks.domain import delimited, workbook
from serai.expo.base.workbooks.domain.grid import (
    MOST_BYTES,
    MOST_ROWS,
    FileRefusedError,
    Grid,
    Merge,
    Row,
    address,
    too_many_rows,
    width,
)
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Session
from serai.expo.site.imports.domain import schedule_files
from serai.expo.site.imports.domain.columns import guessed
from serai.expo.site.imports.domain.subject import Subject
from serai.expo.site.imports.domain.subjects import FIRMS, SESSIONS, SUBJECTS

ROWS_SEARCHED = 30
DEEPEST = 3


def header_and_rows(subject: Subject, grid: Grid) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The titles of the columns and the rows of the list.

    Cells merged downwards in the list hold the value of the first. Raises FileRefusedError where there is no list, or
    where the header has merged cells whose meaning is not certain.
    """
    if not grid.rows:
        raise FileRefusedError(_("The file is empty. Fill in the template, or choose another file."))
    start = _start(subject, grid)
    first = grid.rows[start][0]
    depth = _depth(grid, start)
    header = _titles(grid, first, first + depth - 1)
    below = tuple(row for row in grid.rows if row[0] >= first + depth)
    if not below:
        raise FileRefusedError(
            _("The file has a header and no row below it. Fill in the rows, or choose another file or another sheet.")
        )
    return header, _spread_down(below, grid.merges)


def recognised(subject: Subject, grid: Grid) -> Mapping[int, str]:
    """The columns of the likeliest header that are known, with their fields."""
    rows = (guessed(subject, cells) for _number, cells in grid.rows[:ROWS_SEARCHED])
    return max(rows, key=len, default={})


def _start(subject: Subject, grid: Grid) -> int:
    """The index of the header's first row: the first with the most columns known, else the first with two cells."""
    recognised_columns = [len(guessed(subject, cells)) for _number, cells in grid.rows[:ROWS_SEARCHED]]
    if max(recognised_columns) >= 2:
        return recognised_columns.index(max(recognised_columns))
    wide = (index for index, (_number, cells) in enumerate(grid.rows) if sum(map(bool, cells)) >= 2)
    return next(wide, 0)


def _depth(grid: Grid, start: int) -> int:
    """How many rows the header has, by the cells merged in its first row."""
    first, cells = grid.rows[start]
    merges = [merge for merge in grid.merges if merge.first_row == first]
    depth = max((merge.last_row - first + 1 for merge in merges), default=1)
    spread = [merge for merge in merges if merge.last_row == first and merge.last_column > merge.first_column]
    if not spread:
        return _checked_depth(depth, first, merges)
    below = next((cells for number, cells in grid.rows if number == first + 1), ())
    under = {column for merge in spread for column in range(merge.first_column, merge.last_column + 1)}
    named = all(column < len(below) and below[column] for column in under)
    alone = all(column in under or not cell or column >= len(cells) for column, cell in enumerate(below))
    if not (named and alone):
        merge = spread[0]
        raise FileRefusedError(
            _(
                "Cells %(first)s to %(last)s of the header are merged, so it is not certain what each column holds."
                " Unmerge them and give each column a title of its own."
            ),
            first=address(first, merge.first_column),
            last=address(first, merge.last_column),
        )
    return _checked_depth(max(depth, 2), first, merges)


def _checked_depth(depth: int, first: int, merges: Sequence[Merge]) -> int:
    if depth > DEEPEST:
        column = next(merge.first_column for merge in merges if merge.last_row - first >= DEEPEST)
        raise FileRefusedError(
            _("The header cell %(cell)s is merged over %(depth)d rows. Put the titles of the columns into one row."),
            cell=address(first, column),
            depth=depth,
        )
    return depth


def _titles(grid: Grid, first: int, last: int) -> tuple[str, ...]:
    """One title for each column: those of the rows of the header, one after the other."""
    rows = {number: list(cells) for number, cells in grid.rows if first <= number <= last}
    merges = [merge for merge in grid.merges if first <= merge.first_row <= last]
    width = max(*map(len, rows.values()), *(merge.last_column + 1 for merge in merges), 0)
    titles: list[list[str]] = [[] for _column in range(width)]
    for number in range(first, last + 1):
        cells = rows.get(number, [])
        cells += [""] * (width - len(cells))
        for merge in merges:
            if merge.first_row == number:
                for column in range(merge.first_column, merge.last_column + 1):
                    cells[column] = cells[merge.first_column]
        for column, title in enumerate(cells):
            if title and title not in titles[column]:
                titles[column].append(title)
    return tuple(" ".join(" ".join(title).split()) for title in titles)


def _spread_down(rows: tuple[Row, ...], merges: Sequence[Merge]) -> tuple[Row, ...]:
    """The rows with the value of cells that are merged downwards in each of their rows."""
    tall = [merge for merge in merges if merge.last_row > merge.first_row and merge.first_row >= rows[0][0]]
    if not tall:
        return rows
    spread = {number: list(cells) for number, cells in rows}
    for merge in tall:
        top = spread.get(merge.first_row, [])
        column = merge.first_column
        value = top[column] if column < len(top) else ""
        for number in range(merge.first_row + 1, merge.last_row + 1):
            if value and number in spread:
                cells = spread[number]
                cells += [""] * (column + 1 - len(cells))
                cells[column] = value
    return tuple((number, tuple(cells)) for number, cells in spread.items())


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


IDENTIFIER, STATE = "identifier", "state"


def with_lacking(sheet: Sheet, edition: Edition) -> Sheet:
    """The sheet with a row of state "cancelled" for each session that it lacks. Call in the scope of the edition."""
    if not sheet.is_whole or IDENTIFIER not in sheet.header:
        return sheet
    column = sheet.header.index(IDENTIFIER)
    told = {cells[column] for _number, cells in sheet.rows}
    imported = Session.objects.filter(edition=edition).exclude(identifier="").order_by("starts_at", "pk")
    lacking = [
        session
        for session in imported.exclude(state=Session.State.CANCELLED).select_related("room")
        if session.identifier not in told
    ]
    if not lacking or not imported.filter(identifier__in=told).exists():
        return sheet
    header = sheet.header if STATE in sheet.header else (*sheet.header, STATE)
    rows = [(number, (*cells, *[""] * (len(header) - len(cells)))) for number, cells in sheet.rows]
    first = max(number for number, _cells in rows) + 1
    rows += [(number, _cells_of(session, header)) for number, session in enumerate(lacking, start=first)]
    return replace(sheet, header=header, rows=tuple(rows))


def _cells_of(session: Session, header: tuple[str, ...]) -> tuple[str, ...]:
    """A session as it is stored, in the columns of the file, but cancelled."""
    spoken = session.languages[0] if session.languages else ""
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    cells: Mapping[str, str] = {
        IDENTIFIER: session.identifier,
        "title": session.title.get(spoken) or in_language(session.title).text,
        **{f"title:{language}": text for language, text in session.title.items()},
        "begins": session.starts_at.isoformat(),
        "ends": session.ends_at.isoformat(),
        "duration": str(minutes),
        "languages": ", ".join(session.languages),
        STATE: Session.State.CANCELLED,
    }
    return tuple(cells.get(name, "") for name in header)
