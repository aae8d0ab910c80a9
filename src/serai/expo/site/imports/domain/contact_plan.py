"""The plan of a list of contact persons: each row finds its firm among those that take part, or is held back."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from serai.expo.base.workbooks.domain.grid import Row
from serai.expo.firms.identity.domain.known_firms import SERAI
from serai.expo.site.imports.domain.contact_cells import CELLS, OF_VISITS, WHO
from serai.expo.site.imports.domain.contact_record import contact_record
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, fields, split
from serai.expo.site.imports.domain.participant_identity import identify_participant, participants
from serai.expo.site.imports.domain.plan import row_plan
from serai.expo.site.imports.domain.row_cells import Rejection, annotator, read_cells
from serai.expo.site.imports.domain.rows import Parsed
from serai.expo.site.imports.domain.stored import load
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent
from serai.expo.site.imports.domain.visit_record import visit_record
from serai.expo.site.imports.models import ImportRow

State = ImportRow.State
_OF_FIRM = ("name", "legal_name", "serai", "address", "language")


@cache
def columns() -> Mapping[str, Column]:
    """The columns of a list of contact persons: what names their firm, and what is said of them."""
    names = {*_OF_FIRM, *CELLS, *OF_VISITS}
    return MappingProxyType({name: column for name, column in fields().items() if name in names})


def plan_contacts(sent: Sent) -> Plan:
    """Plan the import of contact persons, in a fixed number of queries. No firm is made or changed."""
    stored, annotate = load(sent.edition, ()), annotator(sent)
    draft = Draft(stored.objects)
    among = participants(draft.participations())
    plans: list[RowPlan] = []
    for row in (_parsed(row, sent) for row in sent.rows):
        if isinstance(row, Rejection):
            plans.append(RowPlan(row.number, State.REJECTED, row.reason, row.details))
            continue
        choice = sent.choices.get(row.number, "")
        identity = identify_participant(row.names, row.identifiers.get(SERAI, ""), choice, among)
        own = among.by_firm.get(identity.firm.pk) if identity.firm else None
        if own is not None:
            draft.take(row.number, contact_record(row, own, draft))
            draft.take(row.number, visit_record(row, own, draft))
        plans.append(row_plan(row, identity, own, draft, annotate))
    return Plan(plans, draft)


def _parsed(row: Row, sent: Sent) -> Parsed | Rejection:
    cells = read_cells(row, sent.header, sent.mapped, columns())
    if isinstance(cells, Rejection):
        return cells
    said = cells.values
    names = {split(name)[1] or "en": text for name, text in said.items() if split(name)[0] == "name"}
    if not (names or said.get("legal_name") or said.get("serai")):
        return Rejection(cells.number, "no_firm_named", {"notes": [*cells.notes]})
    if not any(said.get(key) for key in WHO):
        return Rejection(cells.number, "no_contact", {"notes": [*cells.notes]})
    values = {name: value for name, value in said.items() if split(name)[0] != "name"}
    values.setdefault("contact_address", next((said[name] for name in said if split(name)[0] == "address"), ""))
    identifiers = {SERAI: said["serai"]} if "serai" in said else {}
    return Parsed(cells.number, "", names, values, identifiers=identifiers, notes=cells.notes)
