"""The leads of an exhibitor as a table for a spreadsheet or a customer system."""

import csv
import io
from collections.abc import Iterable

from serai.expo.base.exporters import harmless_rows
from serai.expo.meetings.leads.models import Asked, Lead

COLUMNS = (
    *("person", "position", "firm", "country", "contact", "need", "asked", "rating", "notes"),
    *("next_step", "next_on", "owner", "done", "met_at", "met_by"),
)


def leads_csv(leads: Iterable[Lead]) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs to read Chinese and Arabic."""
    text = io.StringIO()
    csv.writer(text).writerows(harmless_rows([COLUMNS, *(_row(lead) for lead in leads)]))
    return text.getvalue().encode("utf-8-sig")


def _row(lead: Lead) -> tuple[object, ...]:
    asked = "; ".join(str(Asked(code).label) for code in lead.asked if code in Asked.values)
    country = lead.other.firm.country if lead.other else ""
    next_on = lead.next_on.isoformat() if lead.next_on else ""
    done = lead.done_at.date().isoformat() if lead.done_at else ""
    who = (lead.person, lead.position, lead.firm_name, country, lead.contact)
    what = (lead.need, asked, lead.rating or "", lead.notes)
    return (*who, *what, lead.next_step, next_on, lead.owner or "", done, lead.met_at.isoformat(), lead.met_by or "")
