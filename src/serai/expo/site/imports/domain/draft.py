"""The draft of an import: objects that it would make and change, by the rows that cause it. Nothing is written.

A step of the plan yields what a row makes, changes and could not use; the draft takes it and is the only thing that
changes while a plan is made. The first row of a file that fills a field wins; a later row that differs gets a remark.
So the rows of one file agree on what they leave behind, and the same file sent again changes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Model

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Certification, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.offers.chains.models import ChainPosition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.own_fields.models import OwnField, OwnRecord
from serai.expo.venue.halls.models import Booth, Hall, Stand

_OWNER: Mapping[type[Model], str] = {
    **dict.fromkeys((FirmIdentifier, FirmAlias, Plant, Certification, Flow, ChainPosition, Participation), "firm"),
    **dict.fromkeys((Offer, Need, Stand, ContactPerson, OwnRecord, Visit), "participation"),
    DelegationMember: "delegation",
}
"""The reference by which an object belongs to a firm or to a participation."""


@dataclass(frozen=True)
class Make:
    """A new object."""

    instance: Model


@dataclass(frozen=True)
class Change:
    """New values of an object, stored or drafted."""

    instance: Model
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Remark:
    """A field of the row that was not taken: a code of ``reasons`` and what its sentence needs."""

    name: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


type Drafting[Result] = Generator[Make | Change | Remark, None, Result]
"""A step. The draft takes each thing that it yields before the step goes on, so that the step sees it."""

type IsFirst = Callable[[str, Any], bool]
"""Whether the row is the first of the file to fill a field, by the field's name and value."""


@dataclass
class Changed:
    """A stored object that would change: the fields as they were, and the row that changed it first."""

    instance: Model
    row: int
    before: dict[str, Any] = field(default_factory=dict)


class Draft:
    """Objects made and changed, and all objects that are there, stored or made. They refer to each other unsaved."""

    def __init__(self, stored: Iterable[Model]) -> None:
        self.made: list[tuple[Model, int]] = []
        self.changed: dict[tuple[type[Model], Any], Changed] = {}
        self.rows: set[int] = set()
        """The rows that make or change anything."""
        self.remarks: dict[int, list[Remark]] = defaultdict(list)
        self.halls: dict[str, Hall] = {}
        self.booths: dict[tuple[str, str], Booth] = {}
        """By code of the hall and code of the booth."""
        self.own_fields: list[OwnField] = []
        self.delegations: dict[str, Delegation] = {}
        """By folded name."""
        self._owned: dict[tuple[int, type[Model]], list[Any]] = defaultdict(list)
        self._first: dict[tuple[int, str], tuple[int, Any]] = {}
        """Row and value by the owner's ``id`` and the name of the field: new objects have no primary key yet."""
        for instance in stored:
            self._enter(instance)

    def take[Result](self, row: int, drafting: Drafting[Result]) -> Result:
        """Take what a step yields for a row, and return what the step returns."""
        while True:
            try:
                event = next(drafting)
            except StopIteration as end:
                result: Result = end.value
                return result
            match event:
                case Make(instance):
                    self.make(row, instance)
                case Change(instance, values):
                    self._change(row, instance, values)
                case Remark():
                    self.remarks[row].append(event)

    def make(self, row: int, instance: Model) -> None:
        """Take a new object."""
        self.made.append((instance, row))
        self.rows.add(row)
        self._enter(instance)

    def first_of(self, row: int, owner: Model) -> IsFirst:
        """Tells for this row and firm or participation whether the row is the first to fill a field."""
        return partial(self._is_first, row, owner)

    def owned[Owned: Model](self, owner: Model, model: type[Owned]) -> Sequence[Owned]:
        """The objects of a model that belong to a firm or participation."""
        return self._owned.get((id(owner), model), ())

    def participations(self) -> Iterator[Participation]:
        """All participations, stored or made."""
        return (own for (_owner, model), owned in self._owned.items() if model is Participation for own in owned)

    def made_of[Made: Model](self, model: type[Made]) -> list[tuple[Made, int]]:
        """The objects of a model that would be made, each with its row."""
        return [(instance, row) for instance, row in self.made if isinstance(instance, model)]

    def changed_of(self, model: type[Model]) -> Iterator[Changed]:
        """The objects of a model that would change."""
        return (changed for (kind, _pk), changed in self.changed.items() if kind is model)

    def order_new_halls(self) -> None:
        """Let new halls stand after the others as people count them: hall 2 before hall 10."""
        new = sorted((hall for hall, _row in self.made_of(Hall)), key=lambda hall: _as_counted(hall.code))
        for order, hall in enumerate(new, start=len(self.halls) - len(new) + 1):
            hall.order = order

    def _is_first(self, row: int, owner: Model, name: str, value: Any) -> bool:
        first, heard = self._first.setdefault((id(owner), name), (row, value))
        if first != row and heard != value:
            self.remarks[row].append(Remark(name, "said_before", {"first": first}))
        return first == row

    def _change(self, row: int, instance: Model, values: Mapping[str, Any]) -> None:
        """Set the fields that differ; of a stored object the earlier values are kept."""
        for name, value in values.items():
            before = getattr(instance, name)
            if before == value:
                continue
            if instance.pk is not None:
                changed = self.changed.setdefault((type(instance), instance.pk), Changed(instance, row))
                changed.before.setdefault(name, before)
            setattr(instance, name, value)
            self.rows.add(row)

    def _enter(self, instance: Model) -> None:
        if isinstance(instance, Hall):
            self.halls[instance.code] = instance
        elif isinstance(instance, Booth):
            self.booths[instance.hall.code, instance.code] = instance
        elif isinstance(instance, OwnField):
            self.own_fields.append(instance)
        elif isinstance(instance, Delegation):
            self.delegations.setdefault(fold(instance.name), instance)
        elif reference := _OWNER.get(type(instance)):
            self._owned[id(getattr(instance, reference)), type(instance)].append(instance)


def _as_counted(code: str) -> list[tuple[bool, int, str]]:
    """What codes are sorted by: their numbers as numbers."""
    parts = re.split(r"(\d+)", code.casefold())
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
