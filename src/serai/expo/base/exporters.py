"""Exporters: functions that make a file, found by their name, and the answer that hands the file out."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from serai.expo.base.text import without_controls
from serai.registry import Registry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition


type Export = Callable[[Edition], bytes]


@dataclass(frozen=True)
class Exporter:
    """An export of an edition: the file's name, its type, and whether the public may have it."""

    file_name: str
    title: str | Promise
    media_type: str
    public: bool
    export: Export


registry: Registry[Exporter] = Registry("exporter")


def exporter(
    file_name: str, *, title: str | Promise, media_type: str, public: bool = False
) -> Callable[[Export], Export]:
    """Declare the function below as the one that makes the export ``file_name``."""

    def declare(export: Export) -> Export:
        registry.add(file_name, Exporter(file_name, title, media_type, public, export))
        return export

    return declare


def harmless(cell: object) -> object:
    """The cell without control characters, with a mark in front where a spreadsheet would take it for a formula."""
    cell = without_controls(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def harmless_rows(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """All rows with harmless cells."""
    return [[harmless(cell) for cell in row] for row in rows]


def as_csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows with harmless cells as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(harmless_rows(rows))
    return text.getvalue()


def as_csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a CSV file in UTF-8 with a byte order mark: without it Excel misreads Chinese and Arabic."""
    return as_csv_text(rows).encode("utf-8-sig")


def being_computed() -> HttpResponse:
    """The answer while the numbers of a file are being computed, to be asked again."""
    sentence = _("It is being computed. Ask again in some seconds.")
    return HttpResponse(sentence, "text/plain; charset=utf-8", 503, headers={"Retry-After": "3"})


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    """The content as a file to save, which whoever passes it on may keep."""
    disposition = str(content_disposition_header(as_attachment=True, filename=name))
    return HttpResponse(content, media_type, headers={"Content-Disposition": disposition})


CSV = "text/csv; charset=utf-8"
PDF = "application/pdf"


def download(content: str | bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """The content as a private file, which no cache keeps: to save, or ``inline`` to show."""
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
