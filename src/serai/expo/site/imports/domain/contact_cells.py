"""Reading the cells of contact persons."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.firms.record.domain import cells
from serai.expo.firms.record.domain.firm_cells import day_of
from serai.expo.participants.contact_persons.domain import phone
from serai.expo.participants.contact_persons.domain.persons import SaidPerson, lines, mails, persons
from serai.expo.participants.contact_persons.models import longest


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
    "contact_phone": lambda cell: tuple(phone.parts(cell)),
    "contact_mobile": lambda cell: tuple(phone.parts(cell)),
    "contact_language": cells.language,
    "contact_address": _line("address"),
    "contact_postcode": _line("postcode"),
    "consent_source": _consent,
    "consent_on": day,
}
"""How the cell of each column of contact persons is read."""

WHO = frozenset({"contact_name", "contact_given_name", "contact_family_name", "contact_email", "contact_phone"})
"""The columns by which a row names a person, or how to reach one."""
