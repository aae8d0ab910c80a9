"""The plan of a list of firms or of contact persons: the state of each row, and the draft of objects that it would
make and change.

Reads from the database and never writes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from serai.expo.base.workbooks.domain.grid import Row
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.domain.known_firms import SERAI, city_names, said_address
from serai.expo.firms.identity.domain.lookup import Found, Sought, alike_within, find_firms
from serai.expo.site.imports.domain.columns import kind_of_list
from serai.expo.site.imports.domain.contact_cells import CELLS, OF_VISITS, WHO
from serai.expo.site.imports.domain.contact_record import contact_record, visit_record
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, fields, split
from serai.expo.site.imports.domain.firm_record import firm_record
from serai.expo.site.imports.domain.identity import (
    Choices,
    Evidence,
    FirmsOfFile,
    Identity,
    identify,
    identify_participant,
    participants,
)
from serai.expo.site.imports.domain.inventory import Stored, load
from serai.expo.site.imports.domain.participation_record import (
    hall_names,
    item_record,
    lead_record,
    leads_by_name,
    own_columns,
    own_record,
    participation_record,
    stand_record,
)
from serai.expo.site.imports.domain.rows import (
    Annotate,
    Parsed,
    annotator,
    details_of,
    notes_on,
    parse,
    read_cells,
)
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent, State, rejected

_BY_ITSELF = frozenset({"", "same_as_row", "like_known"})
"""Reasons for a known firm that are no person's choice for this row."""


def plan(sent: Sent) -> Plan:
    """Plan the import of rows into an edition, in a fixed number of queries."""
    parsed = [parse(row, sent.header, sent.mapped) for row in sent.rows]
    edition, choices, on, annotate = sent.edition, sent.choices, sent.on, annotator(sent)
    rows = [row for row in parsed if isinstance(row, Parsed)]
    evidence = _evidence(rows, choices)
    matched = {row_evidence.found.firm for row_evidence in evidence.values() if row_evidence.found.firm}
    stored = load(edition, matched | {int(choice) for choice in choices.values() if choice.isdecimal()})
    draft = Draft(stored.objects)
    identities = _firms(rows, evidence, FirmsOfFile(rows, choices, stored.firms), draft, stored, on)
    participations = _participations(sent, rows, identities, draft, stored)
    plans = [
        row
        if isinstance(row, RowPlan)
        else row_plan(row, identities[row.number], participations.get(row.number), draft, annotate)
        for row in parsed
    ]
    return Plan(plans, draft)


def _evidence(rows: Sequence[Parsed], choices: Choices) -> dict[int, Evidence]:
    """The evidence for the firm of each row, by row number."""
    sought = [_sought(row) for row in rows]
    findings: Sequence[Found] = find_firms(sought)
    alike: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for later, earlier, similarity in alike_within(sought):
        if not findings[later].firm:
            alike[rows[later].number].append((rows[earlier].number, similarity))
    return {
        row.number: Evidence(finding, wanted.record(), choices.get(row.number, ""), alike[row.number])
        for row, wanted, finding in zip(rows, sought, findings, strict=True)
    }


def _sought(row: Parsed) -> Sought:
    address = said_address(row.values.get("address", {}))
    cities = city_names(row.values.get("city", {}))
    return Sought(row.country, row.names, row.identifiers, address, row.values.get("website", ""), cities)


def _firms(
    rows: Sequence[Parsed], evidence: Mapping[int, Evidence], firms: FirmsOfFile, draft: Draft, stored: Stored, on: date
) -> dict[int, Identity]:
    """Identify the firm of each row and draft what the row says of it: the numbers of a firm help the rows below."""
    identities: dict[int, Identity] = {}
    for row in rows:
        identity = identify(row, evidence[row.number], firms, draft, stored.firms, on=on)
        identities[row.number] = identity
        if firm := identity.firm:
            firms.enter(row, firm)
            if identity.state == State.NEW:
                draft.make(row.number, firm)
            draft.take(row.number, firm_record(row, firm, draft, stored))
    return identities


def _participations(
    sent: Sent, rows: Sequence[Parsed], identities: Mapping[int, Identity], draft: Draft, stored: Stored
) -> dict[int, Participation]:
    """Draft what the rows say of the fair, each step for all rows: a leader may stand below in the file."""
    kind = kind_of_list(sent.header, sent.mapped, sent.sheet, sent.file_name)
    taking_part = [
        (row, draft.take(row.number, participation_record(row, firm, draft, stored, kind)))
        for row in rows
        if (firm := identities[row.number].firm)
    ]
    leads = leads_by_name(draft)
    for row, participation in taking_part:
        is_first = draft.first_of(row.number, participation)
        draft.take(row.number, lead_record(row, participation, leads, is_first))
    halls = hall_names(stored.halls, rows)
    for row, participation in taking_part:
        draft.take(row.number, stand_record(row, participation, draft, halls))
    draft.order_new_halls()
    for row, participation in taking_part:
        draft.take(row.number, item_record(row, participation, draft))
        draft.take(row.number, contact_record(row, participation, draft))
        draft.take(row.number, visit_record(row, participation, draft))
    own = own_columns(sent, [participation for _row, participation in taking_part])
    for row, participation in taking_part:
        draft.take(row.number, own_record(row.number, participation, own, draft))
    return {row.number: participation for row, participation in taking_part}


def row_plan(
    row: Parsed, identity: Identity, participation: Participation | None, draft: Draft, annotate: Annotate
) -> RowPlan:
    """The plan of a row whose firm was looked for."""
    details = {**identity.details, **details_of(notes_on(row.number, row.notes, draft, annotate))}
    state = identity.state
    is_stored = bool(identity.firm and not identity.firm._state.adding)
    changes = row.number in draft.rows or identity.reason not in _BY_ITSELF
    if state == State.MATCHED and is_stored and not changes:
        state = State.UNCHANGED
    return RowPlan(row.number, state, identity.reason, details, identity.firm, participation)


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
        if isinstance(row, RowPlan):
            plans.append(row)
            continue
        choice = sent.choices.get(row.number, "")
        identity = identify_participant(row.names, row.identifiers.get(SERAI, ""), choice, among)
        own = among.by_firm.get(identity.firm.pk) if identity.firm else None
        if own is not None:
            draft.take(row.number, contact_record(row, own, draft))
            draft.take(row.number, visit_record(row, own, draft))
        plans.append(row_plan(row, identity, own, draft, annotate))
    return Plan(plans, draft)


def _parsed(row: Row, sent: Sent) -> Parsed | RowPlan:
    cells = read_cells(row, sent.header, sent.mapped, columns())
    if isinstance(cells, RowPlan):
        return cells
    said = cells.values
    names = {split(name)[1] or "en": text for name, text in said.items() if split(name)[0] == "name"}
    if not (names or said.get("legal_name") or said.get("serai")):
        return rejected(cells.number, "no_firm_named", {"notes": [*cells.notes]})
    if not any(said.get(key) for key in WHO):
        return rejected(cells.number, "no_contact", {"notes": [*cells.notes]})
    values = {name: value for name, value in said.items() if split(name)[0] != "name"}
    values.setdefault("contact_address", next((said[name] for name in said if split(name)[0] == "address"), ""))
    identifiers = {SERAI: said["serai"]} if "serai" in said else {}
    return Parsed(cells.number, "", names, values, identifiers=identifiers, notes=cells.notes)
