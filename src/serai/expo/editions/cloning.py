"""A new edition from an earlier one: what was set up is copied, its dates moved; people and firms' data never are.

A room declares what of it is copied in ``<room>/cloning.py``, which is found by its name, after what it refers to:

    copied(DeskTask, shifted=("due_on",))

An exhibitor of the earlier fair can be invited again, which makes an invitation of it and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ForeignKey, Model, Q
from django_scopes import scope

from serai.expo.audit.domain import record, state
from serai.expo.editions.changing import check_address
from serai.expo.editions.models import Edition, Participation, Phase, Section
from serai.expo.halls.models import Booth, Hall
from serai.expo.meetings.models import MeetingRule, RequestLimit
from serai.expo.people.models import User
from serai.expo.programme.models import Forum, Room
from serai.expo.rooms import load_declarations
from serai.expo.search.indexing import index_later

KINDS_INVITED = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR)


@dataclass(frozen=True)
class Copied:
    """A model whose rows are copied: fields whose dates move, fields that begin anew, and which rows."""

    model: type[Model]
    shifted: tuple[str, ...] = ()
    anew: Mapping[str, Any] = field(default_factory=dict)
    only: Q = field(default_factory=Q)


_declared: list[Copied] = []


def copied(
    model: type[Model], *, shifted: Sequence[str] = (), anew: Mapping[str, Any] | None = None, only: Q | None = None
) -> None:
    """Declare that the rows of a model are copied to a new edition.

    A reference to a row that is not copied is left empty; where it may not be empty, the row is not copied.
    """
    _declared.append(Copied(model, tuple(shifted), anew or {}, only or Q()))


FREE_BOOTH = {"state": Booth.State.AVAILABLE, "held_until": None, "held_for": None}

copied(Section)
copied(Hall)
copied(Booth, anew=FREE_BOOTH)
copied(Room)
copied(Forum, only=~Q(kind=Forum.Kind.BOOTH_EVENT))
copied(Phase, shifted=("opens_at", "closes_at"))
copied(MeetingRule)
copied(RequestLimit)


@dataclass(frozen=True)
class Cloned:
    """The new edition, how many rows of each model were copied, and how many firms were invited again."""

    edition: Edition
    copied: Mapping[str, int]
    invited: int


@transaction.atomic
def clone_edition(edition: Edition, new: Edition, *, invite: bool = False, user: User | None = None) -> Cloned:
    """Keep ``new`` (its fields set, its organisation that of ``edition``) as a draft with all that was set up before.

    Dates move by the days between the two openings, at the same hour of the fair's own place. Raises
    AddressTakenError, and then nothing is kept.
    """
    check_address(new.slug)
    load_declarations("cloning")
    new.state, new.fictional = Edition.State.DRAFT, edition.fictional
    new.save()
    moved = _Moved((new.starts_on - edition.starts_on).days, ZoneInfo(edition.time_zone), ZoneInfo(new.time_zone))
    copies: dict[type[Model], dict[int, Model]] = {}
    counts: dict[str, int] = {}
    for one in _declared:
        copies[one.model] = _copy(one, edition, new, copies, moved)
        counts[one.model.__name__] = len(copies[one.model])
    invited = _invite(edition, new, copies[Section]) if invite else 0
    after = state(new) | {"from": edition.slug, "copied": counts, "invited": invited}
    record("edition.cloned", new, after=after, user=user, edition=new)
    index_later(new)
    return Cloned(new, counts, invited)


@dataclass(frozen=True)
class _Moved:
    """By how many days dates move, and from which clock to which."""

    days: int
    old: ZoneInfo
    new: ZoneInfo

    def __call__(self, value: Any) -> Any:
        if isinstance(value, datetime):
            there = value.astimezone(self.old).replace(tzinfo=None) + timedelta(days=self.days)
            return there.replace(tzinfo=self.new)
        return value + timedelta(days=self.days) if isinstance(value, date) else value


def _copy(
    one: Copied, edition: Edition, new: Edition, copies: Mapping[type[Model], Mapping[int, Model]], moved: _Moved
) -> dict[int, Model]:
    manager = one.model._default_manager
    with scope(edition=edition):
        rows = list(manager.filter(one.only, edition=edition).order_by("pk"))
    made: dict[int, Model] = {}
    for row in rows:
        if (values := _values(one, row, new, copies, moved)) is not None:
            made[row.pk] = one.model(**values)
    with scope(edition=new):
        manager.bulk_create(made.values(), batch_size=500)
    return made


def _values(
    one: Copied, row: Model, new: Edition, copies: Mapping[type[Model], Mapping[int, Model]], moved: _Moved
) -> dict[str, Any] | None:
    """The fields of the copy of a row, or None where it refers to something that is not copied and has to."""
    values: dict[str, Any] = {"edition": new}
    for known in row._meta.concrete_fields:
        name = known.name
        if known.primary_key or name == "edition":
            continue
        if name in one.anew:
            values[name] = one.anew[name]
        elif isinstance(known, ForeignKey) and _is_of_an_edition(known.related_model):
            number = getattr(row, known.attname)
            values[name] = copies.get(known.related_model, {}).get(number)
            if values[name] is None and not known.null:
                return None
        elif isinstance(known, ForeignKey):
            values[known.attname] = getattr(row, known.attname)
        else:
            value = getattr(row, name)
            values[name] = moved(value) if name in one.shifted else value
    return values


def _is_of_an_edition(model: Any) -> bool:
    return any(known.name == "edition" for known in model._meta.concrete_fields)


def _invite(edition: Edition, new: Edition, sections: Mapping[int, Model]) -> int:
    """Invite the exhibitors of the earlier fair: firm, kind, section and leader, and nothing of what they wrote."""
    with scope(edition=edition):
        found = Participation.objects.filter(
            edition=edition, kind__in=KINDS_INVITED, state=Participation.State.CONFIRMED
        )
        earlier = list(found.order_by("pk"))
    made = {
        one.pk: Participation(
            edition=new,
            firm_id=one.firm_id,
            kind=one.kind,
            state=Participation.State.INVITED,
            section_id=copy.pk if (copy := sections.get(one.section_id or 0)) else None,
            meetings_minimum=one.meetings_minimum,
            meetings_maximum=one.meetings_maximum,
        )
        for one in earlier
    }
    with scope(edition=new):
        Participation.objects.bulk_create(made.values(), batch_size=500)
        led = [one for one in earlier if one.lead_id in made]
        for one in led:
            made[one.pk].lead = made[one.lead_id or 0]
        Participation.objects.bulk_update([made[one.pk] for one in led], ["lead"], batch_size=500)
    return len(made)
