"""The built-in exports: figures and exhibitors."""

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from serai.expo.base.exporters import as_csv_file, exporter, harmless_rows
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.visibility import shown as shown_field
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain.summary import figures

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_records(counted: Iterable[Figure]) -> list[dict[str, Any]]:
    """Each figure with its unit, definition, version and time."""
    return [
        {
            "code": figure.code,
            "title": str(figure.definition.title),
            "value": figure.value,
            "unit": str(figure.definition.unit),
            "definition": str(figure.definition.text),
            "version": figure.definition.version,
            "as_of": figure.as_of.isoformat(),
        }
        for figure in counted
    ]


@exporter("figures.json", title=gettext_lazy("Figures as data (JSON)"), media_type=JSON, public=True)
def figures_json(edition: Edition) -> bytes:
    document = {"edition": edition.slug, "figures": as_records(figures(edition))}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


@exporter("figures.csv", title=gettext_lazy("Figures as a table (CSV)"), media_type=CSV, public=True)
def figures_csv(edition: Edition) -> bytes:
    records = as_records(figures(edition))
    return as_csv_file([list(records[0]), *(list(record.values()) for record in records)])


@exporter("exhibitors.csv", title=gettext_lazy("Exhibitors as a table (CSV)"), media_type=CSV, public=True)
def exhibitors_csv(edition: Edition) -> bytes:
    return as_csv_file(_exhibitors(edition))


@exporter("exhibitors.xlsx", title=gettext_lazy("Exhibitors as a workbook"), media_type=XLSX, public=True)
def exhibitors_xlsx(edition: Edition) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Exhibitors"))
    for row in harmless_rows(_exhibitors(edition)):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _exhibitors(edition: Edition) -> list[Sequence[object]]:
    """A header that the import can read, and a row for each exhibitor."""
    shown = (
        exhibitors(edition)
        .select_related("firm", "section")
        .prefetch_related("booths__hall", Prefetch("offers", Offer.objects.filter(PUBLISHED)))
    )
    header = ("identifier", "name", "name (zh)", "country", "kind", "section", "hall", "booth", "website", "offers")
    return [
        header,
        *(
            (
                participation.firm.identifier,
                participation.firm.name.get("en") or participation.firm.legal_name,
                participation.firm.name.get("zh-hans", ""),
                participation.firm.country,
                participation.kind,
                participation.section.slug if participation.section else "",
                "; ".join(booth.hall.code for booth in participation.booths.all()),
                "; ".join(booth.code for booth in participation.booths.all()),
                shown_field(participation.firm, "website"),
                "; ".join(offer.title.get("en", "") for offer in participation.offers.all()),
            )
            for participation in shown
        ),
    ]
