"""A list of needs: each row what a firm of the fair looks for. The same firm and title are the same need."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.offers.market.domain.item_fields import NEED
from serai.expo.offers.market.models import Need
from serai.expo.site.imports.domain.amount_cells import Amount, Quantity
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make
from serai.expo.site.imports.domain.need_columns import IMPORTED, need_columns
from serai.expo.site.imports.domain.participant_identity import Participants, identify_participant, participants_of
from serai.expo.site.imports.domain.row_cells import Annotate, Cells, Rejection, annotator, read_cells
from serai.expo.site.imports.domain.row_identity import Identity
from serai.expo.site.imports.domain.rows import texts_of
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent
from serai.expo.site.imports.models import ImportRow

State = ImportRow.State

_TEXTS = ("title", "summary", "text")
_AMOUNTS = {"budget": ("budget_low", "budget_high"), "price": ("price_low", "price_high")}


def plan_needs(sent: Sent) -> Plan:
    """The plan of a list of needs, in a fixed number of queries."""
    among = participants_of(sent.edition, Participation.Kind.BUYER)
    by_key = {own.pk: own for own in among.by_firm.values()}
    stored = list(Need.objects.filter(participation__in=by_key).order_by("number", "pk"))
    for need in stored:
        need.participation, need.edition = by_key[need.participation_id], sent.edition
    draft, annotate = Draft([*by_key.values(), *stored]), annotator(sent)
    firsts: dict[int, int] = defaultdict(int)
    plans = []
    for row in sent.rows:
        read = read_cells(row, sent.header, sent.mapped, need_columns())
        if isinstance(read, Rejection):
            plans.append(RowPlan(read.number, State.REJECTED, read.reason, read.details))
            continue
        plans.append(_row(read, sent, among, draft, annotate, firsts))
    return Plan(plans, draft)


def _row(
    read: Cells, sent: Sent, among: Participants, draft: Draft, annotate: Annotate, firsts: dict[int, int]
) -> RowPlan:
    number, values = read.number, read.values
    notes = {"notes": [*read.notes]} if read.notes else {}
    name, identifier = values.get("firm", ""), values.get("serai", "")
    if not (name or identifier):
        return RowPlan(number, State.REJECTED, "no_firm_named", notes)
    if not any(key.split(":")[0] == "title" for key in values):
        return RowPlan(number, State.REJECTED, "no_title", notes)
    choice = sent.choices.get(number, "")
    identity = identify_participant([name] if name else [], identifier, choice, among)
    own = among.by_firm.get(identity.firm.pk) if identity.firm else None
    if own is None:
        return RowPlan(number, identity.state, identity.reason, {**identity.details, **notes})
    need, is_new = draft.take(number, _need(read, own, draft))
    first = firsts[id(need)] = firsts[id(need)] or number
    told = [
        *read.notes,
        *(annotate(number, one.name, one.reason, one.details) for one in draft.remarks.get(number, ())),
    ]
    return _planned(number, identity, own, is_new=is_new, changes=number in draft.rows, first=first, notes=told)


def _planned(
    number: int,
    identity: Identity,
    own: Participation,
    *,
    is_new: bool,
    changes: bool,
    first: int,
    notes: list[dict[str, Any]],
) -> RowPlan:
    details: dict[str, Any] = {"notes": notes} if notes else {}
    reason = identity.reason
    state = State.NEW if is_new else State.MATCHED if changes or reason else State.UNCHANGED
    if first != number:
        reason, details = "same_need_as_row", {"first": first, **details}
    return RowPlan(number, state, reason, details, own.firm, own)


def _need(read: Cells, own: Participation, draft: Draft) -> Drafting[tuple[Need, bool]]:
    """The need of a row, and whether it is new."""
    values = read.values
    stated = own.firm.language
    title = texts_of(values, "title", stated, own.firm.country)
    keys = {fold(text) for text in title.values()}
    needs = draft.owned(own, Need)
    need = next((one for one in needs if keys & {fold(text) for text in one.title.values()}), None)
    is_new = need is None
    if need is None:
        number = max((one.number for one in needs), default=0) + 1
        need = Need(edition=own.edition, participation=own, number=number, title=title)
        yield Make(need)
    is_first = draft.first_of(read.number, need)
    said = {name: value for name, value in _said(values).items() if is_first(name, value)}
    for name in _TEXTS:
        if texts := texts_of(values, name, stated, own.firm.country):
            new = {language: text for language, text in texts.items() if is_first(f"{name}:{language}", text)}
            said[name] = {**getattr(need, name), **new}
    if any(getattr(need, name) != said[name] for name in _TEXTS if name in said):
        said["tokens"] = ""  # who looks makes them anew
    yield Change(need, said)
    return need, is_new


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a need that the row fills, its texts left out."""
    said: dict[str, Any] = {}
    for name in IMPORTED:
        if name in _TEXTS or name not in values:
            continue
        value = values[name]
        said[name] = list(value) if isinstance(value, tuple) else value
    if isinstance(quantity := said.get("quantity"), Quantity):
        said["quantity"] = quantity.number
        if quantity.unit:
            said.setdefault("unit", quantity.unit)
    for name, (low, high) in _AMOUNTS.items():
        if isinstance(amount := values.get(name), Amount):
            said |= {low: amount.low, high: amount.high}
            if amount.currency:
                said.setdefault("currency", amount.currency)
    return {name: _as_stored(name, value) for name, value in said.items()}


def _as_stored(name: str, value: Any) -> Any:
    """A number with as many places as its column has, so that it is as it is read again."""
    places = NEED[name].places
    return value.quantize(Decimal(1).scaleb(-places)) if places and isinstance(value, Decimal) else value
