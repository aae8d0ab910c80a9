"""What a list can be about: the columns that it may have, those that it needs, and how its rows become a draft."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serai.expo.base.workbooks.domain.grid import Row
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, split
from serai.expo.site.imports.models import ImportRow

State = ImportRow.State

OWN = "own"
"""In place of a field: the column is kept as a field of the organiser's own (``participants/own_fields``)."""

type Mapped = Mapping[int, str]
"""Field by column; columns that fill nothing are absent. A field is named as in ``fields``: ``name:zh-hans``."""


@dataclass(frozen=True)
class Sent:
    """The rows of a list with the field that each column fills, and what a person chose for rows held back."""

    edition: Edition
    header: Sequence[str]
    mapped: Mapped
    rows: Sequence[Row]
    choices: Mapping[int, str]
    """By row number."""
    on: date
    sheet: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class RowPlan:
    """The planned state of a row."""

    number: int
    state: str
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    firm: Firm | None = None
    participation: Participation | None = None


def rejected(number: int, reason: str, details: Mapping[str, Any] = MappingProxyType({})) -> RowPlan:
    """The plan of a row that is rejected: a code of ``reasons`` and the details of its sentence."""
    return RowPlan(number, State.REJECTED, reason, details)


def state_of(number: int, draft: Draft, *, is_new: bool) -> str:
    """The state of a row that could be used: what it names is new, or is known and changes by it or does not."""
    if is_new:
        return State.NEW
    return State.MATCHED if number in draft.rows else State.UNCHANGED


@dataclass(frozen=True)
class Plan:
    """The plan of each row, and the draft."""

    rows: Sequence[RowPlan]
    draft: Draft


@dataclass(frozen=True)
class Need:
    """Fields of which a list needs one, the usual one first, and what is said where it has none."""

    fields: tuple[str, ...]
    missing: str | Promise


@dataclass(frozen=True, eq=False)
class Subject:
    """A kind of list.

    ``plan`` reads the database and never writes. ``shown`` are the fields by which a row is shown, the first that has a
    cell counts; ``below`` is shown below it. ``after`` is called when a draft has been written.
    """

    key: str
    title: str | Promise
    text: str | Promise
    columns: Callable[[], Mapping[str, Column]]
    plan: Callable[[Sent], Plan]
    needs: tuple[Need, ...]
    shown: tuple[str, ...]
    below: str
    area: str = "people"
    """The area of an organiser's work (``fairs/edition/rules/roles.py``): whoever changes it imports such lists."""
    in_other_languages: tuple[str, ...] = ()
    """Fields with a column in English and one in Chinese in the template, besides that in its language."""
    keeps_own: bool = False
    """Whether a column that no field takes is kept as a field of the organiser's own."""
    after: Callable[[Draft, Edition, User | None], None] | None = None

    def problem(self, mapped: Mapped) -> str:
        """A sentence that says why no list can be read with this mapping, or the empty string."""
        names = [name for name in mapped.values() if name != OWN]
        if twice := next((name for name in names if names.count(name) > 1), None):
            return _("Two columns fill the field '%(field)s'. Choose one of them.") % {"field": twice}
        keys = {split(name)[0] for name in names}
        return next((str(need.missing) for need in self.needs if keys.isdisjoint(need.fields)), "")
