"""Files as organisers send them, and a folder of the instance for each test."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.imports.domain import batches as domain
from serai.expo.site.imports.models import Import

type Write = Callable[..., Path]

HEADER = ("Name", "Country", "Hall", "Booth", "Offers", "Website")
FIRMS = (
    ("Wuxi Separator Co., Ltd.", "China", "E1", "A12", "Wet-process separator; Coated separator", "separator.example"),
    ("Nairobi Tea Exporters", "Kenya", "E1", "A13", "Black tea", ""),
    ("Lyon Chimie SA", "France", "E2", "B01", "Electrolyte", "https://chimie.example"),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the instance of its own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SERAI_HOME", str(folder))
    return folder


@pytest.fixture
def book(tmp_path: Path) -> Write:
    """Write sheets of rows into a workbook; rows alone are one sheet. The same rows give the same bytes."""
    written: dict[str, bytes] = {}  # a workbook holds the time at which it was written

    def write(
        rows: Iterable[Sequence[Any]] = (),
        name: str = "list.xlsx",
        *,
        sheets: dict[str, Iterable[Sequence[Any]]] | None = None,
        merge: Sequence[str] = (),
    ) -> Path:
        path = tmp_path / name
        contents = {title: [tuple(row) for row in content] for title, content in (sheets or {"Firms": rows}).items()}
        key = repr((contents, merge))
        if key in written:
            path.write_bytes(written[key])
            return path
        made = Workbook()
        made.remove(made.worksheets[0])
        for title, content in contents.items():
            sheet = made.create_sheet(title)
            for row in content:
                sheet.append(row)
            for block in merge:
                sheet.merge_cells(block)
        made.save(path)
        written[key] = path.read_bytes()
        return path

    return write


@pytest.fixture
def text(tmp_path: Path) -> Write:
    """Write rows as text with separators, or a text or bytes as they are."""

    def write(
        content: str | bytes | Iterable[Sequence[str]],
        name: str = "list.csv",
        *,
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            lines = io.StringIO()
            csv.writer(lines, delimiter=delimiter).writerows(content)
            content = lines.getvalue()
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def firms() -> list[tuple[str, ...]]:
    """The header and three firms."""
    return [HEADER, *FIRMS]


@pytest.fixture
def previewed(edition: Edition, book: Write) -> Callable[..., Import]:
    """Preview rows as a workbook in the edition."""

    def preview(rows: Iterable[Sequence[Any]], into: Edition = edition, **given: Any) -> Import:
        return domain.preview(into, book(rows), "list.xlsx", **given)

    return preview


@pytest.fixture
def imported(previewed: Callable[..., Import]) -> Callable[..., Import]:
    """Preview and apply rows as a workbook in the edition."""

    def apply(rows: Iterable[Sequence[Any]], *args: Any, **given: Any) -> Import:
        made = previewed(rows, *args, **given)
        domain.apply(made)
        return made

    return apply
