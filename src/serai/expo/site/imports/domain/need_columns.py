"""The columns of a list of buyers' needs: those of a need (``item_fields``), and the firm that has it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.expo.base.collation import fold
from serai.expo.base.fields import Field
from serai.expo.base.workbooks.domain.moments import days
from serai.expo.firms.record.domain import cells, firm_cells
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.domain.fields import longest
from serai.expo.offers.market.domain.item_fields import NEED
from serai.expo.site.imports.domain import amount_cells
from serai.expo.site.imports.domain.fields import Column, with_aliases, worded

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
