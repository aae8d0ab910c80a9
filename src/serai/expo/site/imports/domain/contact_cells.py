"""Reading the cells of contact persons."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.firm_cells import day_of
from serai.expo.participants.contact_persons import domain as phone
from serai.expo.participants.contact_persons.domain import SaidPerson, lines, mails, persons
from serai.expo.participants.contact_persons.models import longest
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.site.imports.domain.amount_cells import currency_in, times_in


def _persons(cell: str) -> tuple[SaidPerson, ...]:
    return tuple(persons(cell))


def _mails(cell: str) -> tuple[str, ...]:
    good, bad = mails(cell)
    if bad:
        raise cells.UnreadableError("not_a_mail", tuple(good), unknown=", ".join(bad)[:200])
    return tuple(good)


def _salutations(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for line in lines(cell) for part in line.split("/") if part.strip())


def _consent(cell: str) -> str:
    """The source of a consent; nothing where the cell says no."""
    if cells.meanings("yes_or_no").get(fold(cell)) == "no" or not any(map(str.isalnum, cell)):
        return ""
    return _line("consent_source")(cell)


def day(cell: str) -> date:
    """A day, as a list writes it."""
    read = day_of(cell)
    if read is None:
        raise cells.UnreadableError("not_a_day")
    return read


def _line(field: str) -> Callable[[str], str]:
    return cells.line(longest(field))


CELLS: Mapping[str, Callable[[str], Any]] = {
    "contact_name": _persons,
    "contact_given_name": lambda cell: tuple(lines(cell)),
    "contact_family_name": lambda cell: tuple(lines(cell)),
    "contact_salutation": _salutations,
    "contact_position": lambda cell: tuple(lines(cell)),
    "contact_email": _mails,
    "contact_phone": lambda cell: tuple(phone.phone_parts(cell)),
    "contact_mobile": lambda cell: tuple(phone.phone_parts(cell)),
    "contact_language": cells.language,
    "contact_address": _line("address"),
    "contact_postcode": _line("postcode"),
    "consent_source": _consent,
    "consent_on": day,
}
"""How the cell of each column of contact persons is read."""


def budget(cell: str) -> tuple[Decimal, str]:
    """An amount and its currency, as in '500.000 EUR', '€ 1,5 Mio.' or '200万元'; of a range the higher amount."""
    amounts = [
        Decimal(str(number)) * times_in(match[2])
        for match in re.finditer(r"(\d[\d\s.,']*\d|\d)\s*([^\W\d_]*)", cell)
        if (number := cells.number_of(match[1])) is not None
    ]
    if not amounts or max(amounts) >= 10**14:
        raise cells.UnreadableError("not_a_budget")
    currency = currency_in(cell)
    if not currency:
        raise cells.UnreadableError("budget_without_currency")
    return max(amounts).quantize(Decimal("0.01")), currency  # as the database keeps it


def part(cell: str) -> str:
    """What a person is in a delegation."""
    return _parts().get(fold(cell), DelegationMember.Part.DELEGATE)


@cache
def _parts() -> Mapping[str, str]:
    heads = dict.fromkeys(map(fold, ("leader", "head of delegation", "leiter")), DelegationMember.Part.HEAD.value)
    return heads | cells.meanings_of(DelegationMember.Part.choices)


OF_VISITS: Mapping[str, Callable[[str], Any]] = {
    "budget": budget,
    "interests": cells.items,
    "arrives_on": day,
    "leaves_on": day,
    "delegation": cells.line(200),
    "delegation_part": part,
}
"""How the cell of each column of visits and delegations is read."""

WHO = frozenset({"contact_name", "contact_given_name", "contact_family_name", "contact_email", "contact_phone"})
"""The columns by which a row names a person, or how to reach one."""
