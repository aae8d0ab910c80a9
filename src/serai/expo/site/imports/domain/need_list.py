"""A list of needs: each row what a firm of the fair looks for. The same firm and title are the same need."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.expo.base.collation import fold
from serai.expo.base.fields import Field
from serai.expo.base.workbooks.domain.moments import days
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain import cells, firm_cells
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.domain.fields import longest
from serai.expo.offers.market.domain.item_fields import NEED
from serai.expo.offers.market.models import Need
from serai.expo.site.imports.domain import amount_cells
from serai.expo.site.imports.domain.amount_cells import Amount, Quantity
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make
from serai.expo.site.imports.domain.fields import Column, split, with_aliases, worded
from serai.expo.site.imports.domain.identity import Participants, identify_participant, participants_of
from serai.expo.site.imports.domain.rows import (
    Annotate,
    Cells,
    annotator,
    details_of,
    notes_on,
    read_cells,
    texts_of,
)
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent, State, rejected, state_of

IMPORTED = (
    *("title", "summary", "text", "family", "hs", "cpc", "isic", "quantity", "unit", "frequency", "currency"),
    *("certificates", "countries_wanted", "countries_excluded", "languages", "agreements", "partner_kinds"),
    *("partner_sizes", "incoterms", "delivery_place", "delivery_from", "delivery_until", "valid_until", "anonymous"),
)
"""Fields of a need that a column fills as they are. Budget and target price, from and to, are a column each."""

_EXAMPLES = {"title": "Example need", "hs": "850760", "quantity": "500", "unit": "t", "countries_wanted": "KE; CN",
             "certificates": "ISO 9001", "valid_until": "2026-12-31"}  # fmt: skip


def day(cell: str) -> date:
    """A day. Raises UnreadableError."""
    read_days = days(cell)
    if len(read_days) != 1:
        raise UnreadableError("day_of_two_meanings" if read_days else "not_a_day")
    return read_days[0]


def several(field: Field) -> Callable[[str], tuple[str, ...]]:
    """Choices by their codes or words in any language of the interface, with semicolons or commas between."""
    assert field.choices
    meanings = cells.meanings_of(field.choices.choices)
    codes = ", ".join(field.choices.values)

    def parse(cell: str) -> tuple[str, ...]:
        whole = (
            [cell] if fold(cell) in meanings else [part for end in ";；\n" for part in cell.split(end) if end in cell]
        )
        parts = whole or cell.split(",")
        read = tuple(dict.fromkeys(meanings[fold(part)] for part in parts if fold(part) in meanings))
        if any(fold(part) and fold(part) not in meanings for part in parts):
            raise UnreadableError("unknown_choice", read, known=codes)
        return read

    return parse


def _one(field: Field) -> Callable[[str], str]:
    parse_several = several(field)

    def parse(cell: str) -> str:
        read = parse_several(cell)
        if len(read) != 1:
            assert field.choices
            raise UnreadableError("unknown_choice", known=", ".join(field.choices.values))
        return read[0]

    return parse


_READ: Mapping[str, Callable[[Field], Callable[[str], Any]]] = {
    "texts": lambda _field: cells.text,
    "line": lambda field: cells.line(field.most or 300),
    "choice": _one,
    "several": several,
    "hs": lambda _field: cells.hs,
    "cpc": lambda _field: firm_cells.cpc,
    "isic": lambda _field: cells.isic,
    "countries": lambda _field: firm_cells.markets,
    "languages": lambda _field: firm_cells.spoken,
    "schemes": lambda _field: cells.items,
    "currency": lambda _field: amount_cells.currency,
    "unit": lambda _field: amount_cells.unit,
    "decimal": lambda _field: amount_cells.quantity,
    "day": lambda _field: day,
    "flag": lambda _field: cells.yes_or_no,
}
"""How a cell of a field of each kind is read."""


def _column(name: str) -> Column:
    field = NEED[name]
    read = _READ[field.kind](field)

    def parse(cell: str) -> Any:
        value = read(cell)
        return cells.within(value, None, field.most) if isinstance(value, str | tuple) else value

    hint = field.help or field.words
    return worded(
        name, parse, field.words, hint, _EXAMPLES.get(name, ""), localized=field.kind == "texts", names=name == "title"
    )


@cache
def need_columns() -> Mapping[str, Column]:
    """All columns by key, in the order of the template."""
    firm = cells.line(longest("legal_name"))
    columns = [
        worded("firm", firm, _("Buyer"), _("The name of the firm, as it takes part in the fair."), "Example Cars Ltd"),
        worded("serai", cells.serai_identifier, _("Identifier of the firm"), _("Instead of its name."), ""),
        *map(_column, IMPORTED),
        worded(
            "budget", amount_cells.amount, _("Budget"), _("As in 100000-200000 EUR, or up to 200000."), "200000 EUR"
        ),
        worded("price", amount_cells.amount, _("Target price"), _("As in 12.50 EUR, or from and to."), ""),
    ]
    return with_aliases("needs", columns)


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
    rows = [read_cells(row, sent.header, sent.mapped, need_columns()) for row in sent.rows]
    plans = [row if isinstance(row, RowPlan) else _row(row, sent, among, draft, annotate, firsts) for row in rows]
    return Plan(plans, draft)


def _row(
    read: Cells, sent: Sent, among: Participants, draft: Draft, annotate: Annotate, firsts: dict[int, int]
) -> RowPlan:
    number, values = read.number, read.values
    notes = details_of(read.notes)
    name, identifier = values.get("firm", ""), values.get("serai", "")
    if not (name or identifier):
        return rejected(number, "no_firm_named", notes)
    if not any(split(key)[0] == "title" for key in values):
        return rejected(number, "no_title", notes)
    choice = sent.choices.get(number, "")
    identity = identify_participant([name] if name else [], identifier, choice, among)
    own = among.by_firm.get(identity.firm.pk) if identity.firm else None
    if own is None:
        return RowPlan(number, identity.state, identity.reason, {**identity.details, **notes})
    need, is_new = draft.take(number, _need(read, own, draft))
    first = firsts[id(need)] = firsts[id(need)] or number
    state = state_of(number, draft, is_new=is_new)
    if identity.reason and state == State.UNCHANGED:
        state = State.MATCHED  # a person chose the firm
    reason, details = identity.reason, details_of(notes_on(number, read.notes, draft, annotate))
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
    need = next((other for other in needs if keys & {fold(text) for text in other.title.values()}), None)
    is_new = need is None
    if need is None:
        number = max((other.number for other in needs), default=0) + 1
        need = Need(edition=own.edition, participation=own, number=number, title=title)
        yield Make(need)
    is_first = draft.first_of(read.number, need)
    changes = {name: value for name, value in _plain(values).items() if is_first(name, value)}
    for name in _TEXTS:
        if texts := texts_of(values, name, stated, own.firm.country):
            new = {language: text for language, text in texts.items() if is_first(f"{name}:{language}", text)}
            changes[name] = {**getattr(need, name), **new}
    if any(getattr(need, name) != changes[name] for name in _TEXTS if name in changes):
        changes["tokens"] = ""  # who looks makes them anew
    yield Change(need, changes)
    return need, is_new


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a need that the row fills, its texts left out."""
    plain: dict[str, Any] = {}
    for name in IMPORTED:
        if name in _TEXTS or name not in values:
            continue
        value = values[name]
        plain[name] = list(value) if isinstance(value, tuple) else value
    if isinstance(quantity := plain.get("quantity"), Quantity):
        plain["quantity"] = quantity.number
        if quantity.unit:
            plain.setdefault("unit", quantity.unit)
    for name, (low, high) in _AMOUNTS.items():
        if isinstance(amount := values.get(name), Amount):
            plain |= {low: amount.low, high: amount.high}
            if amount.currency:
                plain.setdefault("currency", amount.currency)
    return {name: _as_stored(name, value) for name, value in plain.items()}


def _as_stored(name: str, value: Any) -> Any:
    """A number with as many places as its column has, so that it is as it is read again."""
    places = NEED[name].places
    return value.quantize(Decimal(1).scaleb(-places)) if places and isinstance(value, Decimal) else value
