"""What the participant of a row comes for, and the delegation that its people belong to."""

from collections.abc import Mapping
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.buyers.domain.visits import COMING, MOST_INTERESTS
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.site.imports.domain.contact_record import names_of
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.rows import Parsed

DAYS = ("arrives_on", "leaves_on")


def visit_record(row: Parsed, participation: Participation, draft: Draft) -> Drafting[None]:
    """The visit of a buyer, and the members of a delegation with their days."""
    days = {name: row.values[name] for name in DAYS if row.values.get(name)}
    if len(days) == 2 and days["leaves_on"] < days["arrives_on"]:
        yield Remark("leaves_on", "leaves_before_arriving")
        days = {}
    values: dict[str, Any] = dict(days)
    if money := row.values.get("budget"):
        values |= {"budget": money[0], "currency": money[1]}
    if interests := row.values.get("interests"):
        values["interests"] = list(interests)[:MOST_INTERESTS]
    if values and participation.kind in COMING:
        yield from _visit(row, participation, values, draft)
    elif lost := [name for name in values if name not in DAYS or "delegation" not in row.values]:
        yield Remark("budget" if lost[0] == "currency" else lost[0], "visit_of_no_buyer")
    if name := row.values.get("delegation"):
        yield from _members(row, participation, name, days, draft)


def _visit(row: Parsed, participation: Participation, values: Mapping[str, Any], draft: Draft) -> Drafting[None]:
    visit = next(iter(draft.owned(participation, Visit)), None)
    if visit is None:
        visit = Visit(edition=participation.edition, participation=participation)
        yield Make(visit)
    is_first = draft.first_of(row.number, visit)
    entered = {name: value for name, value in values.items() if is_first(name, value)}
    arrives, leaves = (entered.get(name, getattr(visit, name)) for name in DAYS)
    if arrives and leaves and leaves < arrives:
        yield Remark("leaves_on", "leaves_before_arriving")
        entered = {name: value for name, value in entered.items() if name not in DAYS}
    yield Change(visit, entered)


def _members(
    row: Parsed, participation: Participation, name: str, days: Mapping[str, Any], draft: Draft
) -> Drafting[None]:
    """The persons of the row as members of the delegation, which is new where there is none of this name."""
    persons = names_of(row)
    if not persons:
        yield Remark("delegation", "delegation_without_person")
        return
    if fold(name) not in draft.delegations:
        yield Make(Delegation(edition=participation.edition, name=name, country=participation.firm.country))
    delegation = draft.delegations[fold(name)]
    for person in persons:
        same = (member for member in draft.owned(delegation, DelegationMember) if fold(member.name) == fold(person))
        member = next(same, None)
        if member is None:
            part = row.values.get("delegation_part") or DelegationMember.Part.DELEGATE.value
            member = DelegationMember(
                edition=participation.edition,
                delegation=delegation,
                participation=participation,
                name=person[:200],
                part=part,
                **days,
            )
            yield Make(member)
        else:
            fields = {"part": row.values.get("delegation_part"), **days}
            yield Change(member, {field: value for field, value in fields.items() if value})
