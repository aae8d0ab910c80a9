"""What an import would do: each row's state, and the objects that it would make and change. Reads and never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from serai.expo.editions.models import Edition
from serai.expo.firms.finding import Sought, alike_within, find_firms
from serai.expo.firms.known import said_address
from serai.expo.imports.attending import join_lead, stand, take_part
from serai.expo.imports.draft import Draft
from serai.expo.imports.identifying import firm_of, look_ahead
from serai.expo.imports.models import ImportRow
from serai.expo.imports.offering import offer_and_need
from serai.expo.imports.rows import Parsed, Rejection
from serai.expo.imports.stored import Contents, load
from serai.expo.imports.work import Annotate, Choices, RowPlan, Work

State = ImportRow.State


@dataclass
class Plan:
    """What becomes of each row, the changes, and each participation's items and booths as they would be."""

    rows: list[RowPlan]
    draft: Draft
    contents: Mapping[int, Contents]


def plan(
    edition: Edition,
    parsed: Sequence[Parsed | Rejection],
    *,
    on: date,
    annotate: Annotate,
    choices: Choices | None = None,
) -> Plan:
    """Plan the import of rows into an edition. Call inside of its scope; the number of queries is fixed."""
    rows = [row for row in parsed if isinstance(row, Parsed)]
    sought = [_sought(row) for row in rows]
    found = find_firms(sought)
    chosen = choices or {}
    known = {one.firm for one in found if one.firm} | {int(choice) for choice in chosen.values() if choice.isdecimal()}
    stored = load(known)
    alike: dict[int, list[tuple[int, float]]] = {}
    for later, earlier, similarity in alike_within(sought):
        if not (found[later].firm or found[earlier].firm):
            alike.setdefault(rows[later].number, []).append((rows[earlier].number, similarity))
    work = Work(edition, on, annotate, chosen, stored, alike)
    for row in rows:
        look_ahead(work, row)
    plans = {row.number: firm_of(work, row, one) for row, one in zip(rows, found, strict=True)}
    taken = [(row, plans[row.number]) for row in rows if plans[row.number].firm]
    for step in (take_part, join_lead, stand, offer_and_need):
        for row, row_plan in taken:
            step(work, row, row_plan)
    for _row, row_plan in taken:
        if row_plan.state == State.MATCHED and not row_plan.reason and row_plan.number not in work.draft.rows:
            row_plan.state = State.UNCHANGED
    for rejection in parsed:
        if isinstance(rejection, Rejection):
            plans[rejection.number] = RowPlan(
                rejection.number, State.REJECTED, rejection.reason, dict(rejection.details)
            )
    return Plan([plans[row.number] for row in parsed], work.draft, stored.contents)


def _sought(row: Parsed) -> Sought:
    address = said_address(row.values.get("address", {}))
    return Sought(row.country, row.names, row.identifiers, address, row.values.get("website", ""))
