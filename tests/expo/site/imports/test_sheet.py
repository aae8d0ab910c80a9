"""The files that people really send: each is read, or refused with one sentence of what is wrong and what to do."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from serai.expo.base.workbooks.domain import delimited, grid, workbook
from serai.expo.base.workbooks.domain.grid import MOST_ROWS, FileRefusedError
from serai.expo.site.imports.domain import sheet
from serai.expo.site.imports.domain.sheet import Sheet, read

pytestmark = pytest.mark.any_database

type Write = Callable[..., Path]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def reading(path: Path, sheet: str | None = None) -> Sheet:
    return read(path, path.name, sheet)


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes], name: str = "changed.xlsx") -> Path:
    """A copy of a workbook with one part changed."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for info in source.infolist():
            content = source.read(info)
            written.writestr(info.filename, change(content) if info.filename == part else content)
    return target


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_and_a_text_of_the_same_rows_are_read_alike(
    book: Write, text: Write, firms: list[tuple[str, ...]]
) -> None:
    from_book, from_text = reading(book(firms)), reading(text(firms))
    assert from_book.header == from_text.header == firms[0]
    assert [number for number, _cells in from_book.rows] == [2, 3, 4]
    assert [(number, cells + ("",) * (6 - len(cells))) for number, cells in from_book.rows] == list(from_text.rows)
    assert (from_book.name, from_book.encoding, from_text.encoding) == ("Firms", "", "utf-8")


def test_cells_are_read_as_a_person_sees_them(book: Write) -> None:
    moment = datetime(2026, 5, 1, 9, 30)  # noqa: DTZ001 - a workbook knows no time zones
    row = ["Tea Ltd", 2009, 36.0, 0.5, date(2026, 5, 1), moment, True, " a\u00a0b\u200b "]
    sheet = reading(book([["Name", "Country", *"abcdef"], row]))
    assert sheet.rows[0][1] == ("Tea Ltd", "2009", "36", "0.5", "2026-05-01", "2026-05-01 09:30:00", "yes", "a b")


def test_a_text_that_looks_like_a_formula_is_a_text_in_csv(text: Write) -> None:
    sheet = reading(text("Name,Country\n=1+1,Kenya\n+49,China\n@home,Mali\n"))
    assert [cells[0] for _number, cells in sheet.rows] == ["=1+1", "+49", "@home"]


def test_the_sheet_with_the_list_is_found(book: Write, firms: list[tuple[str, ...]]) -> None:
    path = book(sheets={"Notes": [["first", "second"], ["a", "b"]], "List": firms, "Codes": [["a", "b"]]})
    assert reading(path).name == "List"
    assert reading(path, "Notes").header == ("first", "second")


def test_rows_missing_in_between_keep_the_numbers_of_the_others(book: Write) -> None:
    sheet = reading(book([["Name", "Country"], [], ["Tea", "Kenya"], [None, None], ["Salt", "Mali"]]))
    assert [number for number, _cells in sheet.rows] == [3, 5]


def test_a_column_without_a_title_is_kept(book: Write) -> None:
    sheet = reading(book([["Name", "Country"], ["Tea", "Kenya", "a note"]]))
    assert sheet.header == ("Name", "Country", "")


def test_the_size_that_a_sheet_states_is_not_believed(book: Write, firms: list[tuple[str, ...]]) -> None:
    path = rewrite(book(firms), SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml))
    assert len(reading(path).rows) == 3


def test_a_formula_is_read_by_the_value_that_was_kept(book: Write) -> None:
    path = book([["Name", "Country", "City"], ["Tea", "=A9", "=B9"]])
    keep = {b"B2": b't="str"><f>A9</f><v>Kenya</v>', b"C2": b't="str"><f>B9</f><v></v>'}

    def with_values(xml: bytes) -> bytes:
        for cell, kept in keep.items():
            xml = re.sub(rb'<c r="' + cell + rb'"[^>]*>.*?(?=</c>)', b'<c r="' + cell + b'" ' + kept, xml)
        return xml

    assert reading(rewrite(path, SHEET, with_values)).rows == ((2, ("Tea", "Kenya")),)


REFUSED: dict[str, tuple[Callable[[Write, Write], Path], str]] = {
    "an empty file": (lambda _book, text: text(""), "The file is empty"),
    "an empty workbook": (lambda book, _text: book([]), "The file is empty"),
    "blank lines": (lambda _book, text: text("\n\n , \n"), "The file is empty"),
    "only a header": (lambda book, _text: book([["Name", "Country"]]), "no row below it"),
    "only a header in text": (lambda _book, text: text("Name,Country\n"), "no row below it"),
    "several sheets without a list": (
        lambda book, _text: book(sheets={"Notes": [["a", "b"], ["c", "d"]], "Plan": [["e", "f"], ["g", "h"]]}),
        "Name the sheet with the list; there are: Notes, Plan",
    ),
    "a merged header": (
        lambda book, _text: book([["Name", None, "Country"], ["Tea", "茶", "Kenya"]], merge=["A1:B1"]),
        "Cells A1 to B1 of the header are merged",
    ),
    "a formula without a value": (
        lambda book, _text: book([["Name", "Country"], ["Tea", "=UPPER(A2)"]]),
        "Cell B2 of sheet 'Firms' is a formula without a value. Open the file in Excel, save it",
    ),
    "a password": (
        lambda _book, text: text(OLE + "EncryptedPackage".encode("utf-16-le"), "list.xlsx"),
        "protected by a password",
    ),
    "an old workbook": (lambda _book, text: text(OLE, "list.xls"), r"Excel 97-2003 \(\.xls\)"),
    "an old workbook renamed": (lambda _book, text: text(OLE, "list.xlsx"), r"Excel 97-2003 \(\.xls\)"),
    "a web page as workbook": (
        lambda _book, text: text("<html><table><tr><td>Name</td></tr></table>", "list.xlsx"),
        "is a web page or XML",
    ),
    "a text as workbook": (lambda _book, text: text("Name,Country\nTea,Kenya\n", "list.xlsx"), "rename it to .csv"),
    "a PDF renamed": (lambda _book, text: text(b"%PDF-1.7\n...", "list.xlsx"), "is a PDF"),
    "a picture": (lambda _book, text: text(b"\x89PNG\r\n", "list.xlsx"), "is a picture"),
    "a packed list": (lambda _book, text: text(b"\x1f\x8b\x08", "list.csv"), "packed archive"),
    "another kind of file": (lambda _book, text: text("Name,Country\n", "list.docx"), r"named \.docx is not read"),
    "a name without an ending": (lambda _book, text: text("Name,Country\n", "list"), "is not read"),
    "NUL characters": (lambda _book, text: text(b"Name,Country\nA\x00,China\n"), "NUL"),
    "columns that do not agree": (
        lambda _book, text: text("Name,Country\nTea, salt,Kenya\nTea, coffee,Kenya\nSalt,Mali\n"),
        "More than half of the rows have more cells",
    ),
    "a workbook cut off": (lambda book, text: text(book([["Name"]]).read_bytes()[:900], "cut.xlsx"), "damaged"),
    "an archive of something else": (lambda _book, text: _zip(text, {"readme.txt": b"x"}), "not a workbook of Excel"),
    "a binary workbook": (lambda _book, text: _zip(text, {"xl/workbook.bin": b"x"}), r"binary workbook \(\.xlsb\)"),
    "too many columns": (lambda book, _text: book([["Name", "Country"], ["x"] * 300]), "more than 200 columns"),
}


def _zip(text: Write, parts: dict[str, bytes]) -> Path:
    path: Path = text(b"", "list.xlsx")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("kind", REFUSED)
def test_a_wrong_file_is_refused_with_a_sentence(kind: str, book: Write, text: Write) -> None:
    make, sentence = REFUSED[kind]
    with pytest.raises(FileRefusedError, match=sentence) as refusal:
        reading(make(book, text))
    assert str(refusal.value).endswith(".") or ":" in str(refusal.value)


def test_a_workbook_named_csv_is_refused(book: Write, firms: list[tuple[str, ...]]) -> None:
    path = book(firms)
    with pytest.raises(FileRefusedError, match=r"named \.csv and is a workbook"):
        read(path, "list.csv")


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(book: Write, firms: list[tuple[str, ...]]) -> None:
    with pytest.raises(FileRefusedError, match=r"no sheet 'Firm'\. It has: Firms, Notes"):
        reading(book(sheets={"Firms": firms, "Notes": []}), "Firm")


def test_a_large_file_is_refused_before_it_is_read(text: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = text("Name,Country\n")
    with path.open("r+b") as file:
        file.truncate(1_000_000_000)  # a hole: nothing is written
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("the file was read"))
    with pytest.raises(FileRefusedError, match="The file has 1000 MB; at most 50 MB are read"):
        reading(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    book: Write, firms: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(firms)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/bomb", "w") as part:
        for _megabyte in range(260):
            part.write(b"\x00" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_arguments: pytest.fail("a part was unpacked"))
    with pytest.raises(FileRefusedError, match="would unpack to 260 MB"):
        reading(path)


def test_a_part_that_unpacks_to_more_than_it_states_is_refused(book: Write, firms: list[tuple[str, ...]]) -> None:
    path = book(firms)
    honest = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = honest.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    assert lying != honest
    path.write_bytes(lying)
    with pytest.raises(FileRefusedError, match="damaged"):
        reading(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_an_entity_bomb_is_refused(part: str, encoding: str, book: Write, firms: list[tuple[str, ...]]) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = rewrite(book(firms), part, lambda _xml: bomb.encode(encoding))
    with pytest.raises(FileRefusedError, match="document type"):
        reading(path)


def test_a_part_that_is_no_xml_is_refused(book: Write, firms: list[tuple[str, ...]]) -> None:
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        with pytest.raises(FileRefusedError, match="damaged"):
            reading(rewrite(book(firms), part, lambda _xml: b"<x><y></x>"))


def test_too_many_rows_are_refused_without_keeping_them(
    book: Write, text: Write, firms: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("Name", "Country"), *[("Tea", "Kenya")] * 120]
    for module in (grid, sheet, workbook, delimited):
        monkeypatch.setattr(module, "MOST_ROWS", 60)
    written = [book(rows), text(rows)]
    monkeypatch.setattr(workbook, "_loaded", lambda *_arguments, **_options: pytest.fail("the workbook was loaded"))
    for path in written:
        with pytest.raises(FileRefusedError, match="more than 60 rows"):
            reading(path)


@pytest.mark.slow
def test_two_hundred_thousand_rows_are_refused_with_the_limit(tmp_path: Path, text: Write) -> None:
    from openpyxl import Workbook

    rows: list[Any] = [f"Firm {number}" for number in range(200_000)]
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Firms")
    sheet.append(["Name", "Country"])
    for name in rows:
        sheet.append([name, "China"])
    path = tmp_path / "large.xlsx"
    made.save(path)
    for large in (path, text([("Name", "Country"), *((name, "China") for name in rows)])):
        with pytest.raises(FileRefusedError, match=f"more than {MOST_ROWS} rows"):
            reading(large)
