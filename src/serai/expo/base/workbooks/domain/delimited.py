"""Reading .csv: the encoding, the separator, then the rows."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from serai.expo.base.workbooks.domain.grid import MOST_CHARACTERS, MOST_ROWS, FileRefusedError, Grid, Row, clean, filled

DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000  # bytes that tell GB 18030 and Windows-1252 apart
_SEPARATOR_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\x39\x40-\x7e\x80-\xfe]")


def read(content: bytes, name: str) -> Grid:
    """The filled rows of a file. Raises FileRefusedError."""
    encoding = encoding_of(content)
    text = content.decode(encoding)
    delimiter = ""
    if stated := _SEPARATOR_LINE.match(text):
        delimiter, text = stated[1], text[stated.end() :]
    rows = filled(_rows(text, delimiter or delimiter_of(text)), MOST_ROWS + 1)
    return Grid(name, tuple(rows), encoding=encoding.removesuffix("-sig"))


def encoding_of(content: bytes) -> str:
    """The encoding by its byte order mark, else UTF-8, GB 18030 or Windows-1252. Raises FileRefusedError."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(content, encoding)
    if b"\x00" in content:
        raise FileRefusedError(
            _("The file holds characters that no text has (NUL), so it is no list of rows. Save it as CSV UTF-8.")
        )
    if _decodes(content, "utf-8"):
        return "utf-8"
    if _decodes(content, "gb18030") and _share_of_usual_han(content[:_SAMPLE]) > 0.5:
        return "gb18030"
    if _decodes(content, "cp1252") and _share_of_plain_letters(content[:_SAMPLE].decode("cp1252", "ignore")) > 0.6:
        return "cp1252"
    raise _unknown_encoding()


def delimiter_of(text: str) -> str:
    """The separator for which the first lines have the same number of cells, more than one."""
    sample = text[:64_000]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample

    def sameness(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(
                len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells
            )
        except csv.Error:
            return (0.0, 0)
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
        return (count / widths.total(), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=sameness)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(clean(cell) for cell in cells)
    except csv.Error:
        raise FileRefusedError(
            _(
                "Line %(line)d has a cell of more than %(most)d characters. A quotation mark is missing there, or the"
                " file is no list of rows; correct it or save it as CSV UTF-8."
            ),
            line=reader.line_num,
            most=MOST_CHARACTERS,
        ) from None


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _checked(content: bytes, encoding: str) -> str:
    if not _decodes(content, encoding):
        raise _unknown_encoding()
    return encoding


def _share_of_usual_han(content: bytes) -> float:
    """The share of usual Chinese characters among the characters of two or four bytes.

    Usual are the 3,755 characters of level 1 of GB 2312 (about 99 % of running text) and its punctuation. Text in
    Windows-1252, read as GB 18030, has rare characters: an accented letter and the letter after it become one.
    """
    pairs = _PAIR.findall(content)
    usual = sum((b"\xb0\xa1" <= pair <= b"\xd7\xf9" and pair[1] >= 0xA1) or pair[0] in (0xA1, 0xA3) for pair in pairs)
    return usual / len(pairs) if pairs else 0.0


def _share_of_plain_letters(text: str) -> float:
    """The share of letters without an accent, which is high in every language of Windows-1252."""
    letters = [character for character in text if character.isalpha()]
    return sum(character.isascii() for character in letters) / len(letters) if letters else 1.0


def _unknown_encoding() -> FileRefusedError:
    return FileRefusedError(
        _("The letters of the file are in a coding that is not known. In Excel save it as CSV UTF-8, or as .xlsx.")
    )
