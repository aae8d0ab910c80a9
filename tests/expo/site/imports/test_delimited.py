"""The encoding and the separator of a text file are found from its content."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.base.workbooks.domain.delimited import delimiter_of, encoding_of, read
from serai.expo.base.workbooks.domain.grid import MOST_COLUMNS, FileRefusedError

CHINESE = "公司名称,国家,简介\n无锡示例隔膜有限公司,中国,我们生产锂电池隔膜\n"
WESTERN = "Société;Pays;Ville\nChimie Générale;Côte d’Ivoire;Abidjan\nMüller & Söhne;Österreich;Zürich\n"
RUSSIAN = "Название;Страна\nОбщество с ограниченной ответственностью;Россия\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        ("Name,City\nExample,无锡\n", "gb18030", "gb18030"),
        ("名称\n㐀\n锂电池\n", "gb18030", "gb18030"),
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "cp1252", "cp1252"),
        ("nom;pays\nÉlan;São Tomé\n", "cp1252", "cp1252"),
        ("name;price\nTea;€ 5 – “best”\n", "cp1252", "cp1252"),
        (RUSSIAN, "utf-8", "utf-8"),
        ("plain ascii", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(text: str, written: str, found: str) -> None:
    assert encoding_of(text.encode(written)) == found
    assert text.encode(written).decode(found) == text


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-7"])
def test_an_encoding_that_is_not_known_is_refused_and_not_guessed(encoding: str) -> None:
    text = RUSSIAN if encoding != "iso8859-7" else "Όνομα;Χώρα\nΕταιρεία Παράδειγμα Ανώνυμη;Ελλάδα\n"
    with pytest.raises(FileRefusedError, match="save it as CSV UTF-8"):
        encoding_of(text.encode(encoding))


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["无锡", "上海", "隔膜", "深圳市示例科技有限公司"], "gb18030"),
        (["Nestlé", "Müller GmbH", "São Paulo", "Ørsted"], "cp1252"),
    ],
)
def test_the_encoding_of_an_english_list_is_found_by_its_few_foreign_names(names: list[str], encoding: str) -> None:
    # charset-normalizer, restricted to these two encodings, takes one in six of these Chinese lists for Windows-1252.
    words = ["Separator film", "battery cells", "Germany", "we make bolts", "logistics", "Ltd"]
    for seed in range(60):
        draw = Random(seed)
        rows = [draw.choices(words, k=4) + ([draw.choice(names)] if draw.random() < 0.1 else []) for _row in range(20)]
        text = "\n".join(map(";".join, [*rows, [draw.choice(names)]]))
        assert encoding_of(text.encode(encoding)) == encoding


def test_a_file_with_nul_characters_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="NUL"):
        encoding_of(b"Name,Country\nA\x00B,China\n")


def test_a_text_cut_in_the_middle_of_a_character_is_refused() -> None:
    with pytest.raises(FileRefusedError):
        encoding_of("\ufeff名称".encode("utf-16-le")[:-1])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(delimiter: str) -> None:
    rows = [["Name", "Country", "Offers"], ["A, B & C", "China", "tea; coffee"], ["D", "Kenya", "x, y, z"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert delimiter_of(text) == delimiter
    assert [list(cells) for _number, cells in read(text.encode(), "").rows] == rows


def test_a_separator_that_excel_states_is_used() -> None:
    grid = read(b"sep=;\r\nName;Country\r\nA,B;China\r\n", "")
    assert [cells for _number, cells in grid.rows] == [("Name", "Country"), ("A,B", "China")]


def test_rows_keep_their_number_and_line_ends_within_cells() -> None:
    grid = read(b'Name,Offers\r\n\r\nA,"tea\r\ncoffee"\r\nB,salt\r\n', "")
    assert grid.rows == ((1, ("Name", "Offers")), (3, ("A", "tea\ncoffee")), (4, ("B", "salt")))


def test_an_unclosed_quotation_mark_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="A quotation mark is missing"):
        read(b'Name,Country\n"A,China\n' + b"B,Kenya\n" * 20_000, "")


def test_a_line_without_an_end_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="more than"):
        read(b"Name,Country\n" + b"x" * 300_000, "")
    with pytest.raises(FileRefusedError, match=f"more than {MOST_COLUMNS} columns"):
        read(b"Name,Country\n" + b"x," * 300_000, "")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        rows = read(content, "").rows
    except FileRefusedError:
        rows = ()
    assert all(any(cells) for _number, cells in rows)


_CELLS: Any = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12)


@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_utf8_is_never_taken_for_another_encoding(rows: list[list[str]]) -> None:
    assert encoding_of("\n".join(",".join(row) for row in rows).encode()) == "utf-8"
