"""The template of a list: header, example, and a sheet that explains each column."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from serai.expo.base.text import in_language
from serai.expo.base.workbooks.domain.grid import letters
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.subject import Subject

_SHORT = {"en": "en", "zh-hans": "zh"}
_HEADER = Font(bold=True)
_FILL = PatternFill("solid", fgColor="E8EEF2")


def template(subject: Subject, language: str) -> bytes:
    """The workbook in a language, as .xlsx."""
    book = Workbook()
    listed = book.worksheets[0]
    names = column_names(subject, language)
    with override(language):
        listed.title = str(subject.title)[:31]
        explanations = book.create_sheet(_("Explanations"))
        examples = [_example(subject, name, language) for name in names]
        _write(listed, [[header(subject, name, language) for name in names], examples])
        titles = [_("Column"), _("What to write"), _("Needed"), _("Example")]
        _write(explanations, [titles, *([*_explanation(subject, name, language)] for name in names)])
    for column in range(len(names)):
        dimension = listed.column_dimensions[letters(column)]
        dimension.width = 24
        dimension.number_format = "@"  # a spreadsheet would remove the first zero of a code
    for column, wide in enumerate((24, 90, 10, 44)):
        explanations.column_dimensions[letters(column)].width = wide
    for row in explanations.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for sheet in (listed, explanations):
        sheet.sheet_view.rightToLeft = language == "ar"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def column_names(subject: Subject, language: str) -> list[str]:
    """The fields of the template's columns, in their order."""
    others = [other for other in _SHORT if other != language]
    return [
        name
        for field in subject.columns().values()
        if field.in_template
        for name in (
            field.key,
            *(f"{field.key}:{other}" for other in others if field.key in subject.in_other_languages),
        )
    ]


def header(subject: Subject, name: str, language: str) -> str:
    """The title of a column in the language of the template."""
    key, other = split(name)
    title = in_language(subject.columns()[key].title, language).text
    return f"{title} ({_SHORT[other]})" if other else title


def _example(subject: Subject, name: str, language: str) -> str:
    key, other = split(name)
    return subject.columns()[key].example[other or language]


def _explanation(subject: Subject, name: str, language: str) -> tuple[str, str, str, str]:
    key, _language = split(name)
    field = subject.columns()[key]
    needed = _("yes") if name in {need.fields[0] for need in subject.needs} else ""
    hint = in_language(field.hint, language).text
    return header(subject, name, language), hint, needed, _example(subject, name, language)


def _write(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = _HEADER
        cell.fill = _FILL
    sheet.freeze_panes = "A2"
