"""The template is read back as it was meant, in each language."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import load_workbook

from serai.expo.site.imports.domain.columns import guess
from serai.expo.site.imports.domain.fields import fields, split
from serai.expo.site.imports.domain.rows import Parsed, parse
from serai.expo.site.imports.domain.sheet import read
from serai.expo.site.imports.domain.subject import RowPlan
from serai.expo.site.imports.domain.subjects import FIRMS
from serai.expo.site.imports.domain.template import column_names, header, template

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_column_of_the_template_is_recognised_for_sure(language: str) -> None:
    names = column_names(FIRMS, language)
    found = guess(FIRMS, [header(FIRMS, name, language) for name in names])
    assert [one.field for one in found] == names
    assert {one.confidence for one in found} == {1.0}
    assert {split(name)[0] for name in names} == set(fields())


def test_the_template_is_a_list_whose_example_is_not_imported(language: str, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(FIRMS, language))
    sheet = read(path, path.name)
    mapped = dict(enumerate(column_names(FIRMS, language)))
    (row,) = sheet.rows
    found = parse(row, sheet.header, mapped)
    assert isinstance(found, RowPlan)
    assert found.reason == "example"
    renamed = (row[0], ("Another", *row[1][1:]))
    only_own = {column: name for column, name in mapped.items() if ":" not in name}
    example = parse(renamed, sheet.header, only_own)
    assert isinstance(example, Parsed)
    assert example.notes == ()


def test_the_template_explains_each_column_and_reads_from_the_right_in_arabic(language: str) -> None:
    firms, explanations = load_workbook(io.BytesIO(template(FIRMS, language))).worksheets
    titles = [cell.value for cell in firms[1]]
    explained = list(explanations.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in explained] == titles
    assert all(row[1] for row in explained)
    assert [row[0] for row in explained if row[2]] == [header(FIRMS, name, language) for name in ("name", "country")]
    assert {sheet.sheet_view.rightToLeft for sheet in (firms, explanations)} == {language == "ar"}


def test_no_cell_of_the_template_is_a_formula(language: str) -> None:
    for sheet in load_workbook(io.BytesIO(template(FIRMS, language))).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
