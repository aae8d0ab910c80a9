"""Data packages after Frictionless Data Package 1: a zip file of ``datapackage.json`` and a CSV file a table."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serai.expo.base.exporters import as_csv_text
from serai.expo.base.text import without_controls


@dataclass(frozen=True)
class PackageTable:
    """A table of a package: its name, its fields in the words of Frictionless Table Schema, and its rows."""

    name: str
    fields: Sequence[Mapping[str, str]]
    rows: Sequence[Sequence[object]]


def data_package(
    described: Mapping[str, Any], tables: Sequence[PackageTable], documents: Mapping[str, bytes] | None = None
) -> bytes:
    """A package: what describes it, such as name and title, its tables, and more ``documents`` by their names."""
    resources = [
        {
            "name": table.name,
            "path": f"{table.name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "profile": "tabular-data-resource",
            "schema": {"fields": table.fields},
        }
        for table in tables
    ]
    description = {"profile": "tabular-data-package", **described, "resources": resources}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", as_json_document(description))
        for name, content in (documents or {}).items():
            archive.writestr(name, content)
        for table in tables:
            archive.writestr(f"{table.name}.csv", as_csv_text([[field["name"] for field in table.fields], *table.rows]))
    return file.getvalue()


def as_json_document(content: Any) -> bytes:
    """Plain values as JSON that people may read, without control characters."""
    return json.dumps(without_controls(content), ensure_ascii=False, indent=1, default=str).encode()
