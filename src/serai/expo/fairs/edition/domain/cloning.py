"""A new edition from an earlier one: the parts chosen are copied, their dates moved; people and firms' data never are.

A room declares in its ``hooks.py`` which of its models are copied:

    copied(DeskTask, "tasks", shifted=("due_on",))

What is copied is planned first, without writing anything, so that it can be shown before it is done. An exhibitor of
the earlier fair can be invited again, which makes an invitation of it and nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ForeignKey, Max, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import load_hooks
from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.domain.changes import check_address
from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section, SizeRule
from serai.expo.people.account.models import User

KINDS_INVITED = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR)
PERSONAL = {"user", "firm"}
"""Models of which a copy refers to no row."""

edition_cloned = Hook[[Edition], None]("an edition is cloned")
"""Called with the new edition."""

PARTS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "sections": (_("Sections"), _("The chains and themes of the fair.")),
    "phases": (_("Phases"), _("When each part opens and closes.")),
    "halls": (_("Halls and booths"), _("The ground plan with the meeting tables, every booth free.")),
    "rooms": (_("Rooms and forums"), _("Stages, rooms and forums, without what is held in them.")),
    "sessions": (
        _("Session blocks of the programme"),
        _("Times, rooms and languages of the organiser's own sessions, without titles, speakers and seats taken."),
    ),
    "rules": (_("Who may meet whom"), _("Rules, and how many requests may wait at a time.")),
    "sizes": (_("Size classes"), _("Whom the fair counts as a small firm.")),
    "timetable": (
        _("Settings of the timetable"),
        _("Session blocks of meetings, floors and weights; nothing that was learned from answers."),
    ),
    "interpreters": (_("Interpreters"), _("How many work at once, by pair of languages.")),
    "hosted": (_("Terms of hosted buyers"), _("As they stood last, to be accepted anew.")),
    "packages": (_("Packages"), _("What exhibitors get for their fee.")),
    "tasks": (_("Tasks of exhibitors"), _("What exhibitors have to do, and by when.")),
    "questions": (_("Questions at registration"), _("What you ask those who register, never an answer.")),
    "badges": (_("Rules of badges"), _("Which kinds you decide on, and how many a participant may have.")),
    "mail": (_("Mail templates and segments"), _("Texts and choices of readers, never a mail.")),
    "reports": (_("Reports of your own"), _("What is in them and your words, never what was published.")),
    "retention": (_("How long data of persons are kept"), _("The times that you chose, with their reasons.")),
}
"""The parts of a fair that can be copied: title, and what is in them. Rooms add models to them."""


@dataclass(frozen=True)
class Copied:
    """A model whose rows are copied: of which part, which dates move, which fields begin anew, and which rows.

    ``whole``: a row is left out where anything that it refers to is, since it would mean something else without.
    """

    model: type[Model]
    part: str
    shifted: tuple[str, ...] = ()
    anew: Mapping[str, Any] = field(default_factory=dict)
    only: Callable[[Edition], Q] = field(default=lambda _edition: Q())
    whole: bool = False


_declared: dict[type[Model], Copied] = {}


def copied(
    model: type[Model],
    part: str,
    *,
    shifted: Sequence[str] = (),
    anew: Mapping[str, Any] | None = None,
    only: Q | Callable[[Edition], Q] | None = None,
    whole: bool = False,
) -> None:
    """Declare that the rows of a model are copied to a new edition with a part of the fair.

    A reference to a row that is not copied is left empty; where it may not be empty, the row is not copied.
    """
    if part not in PARTS:
        raise ValueError(f"{model.__name__}: no fair has the part {part!r}. Known: {', '.join(PARTS)}.")
    chosen = only if callable(only) else (lambda _edition: only or Q())
    _declared[model] = Copied(model, part, tuple(shifted), anew or {}, chosen, whole)


copied(Section, "sections")
copied(Phase, "phases", shifted=("opens_at", "closes_at"))
copied(SizeRule, "sizes")


def latest_version(model: type[Model]) -> Callable[[Edition], Q]:
    """For ``only``: of rows with versions the newest. To be called inside of the edition's scope."""

    def only(edition: Edition) -> Q:
        rows: Any = model._default_manager.filter(edition=edition)
        return Q(version=rows.aggregate(last=Max("version"))["last"])

    return only


def declared() -> list[Copied]:
    """All that can be copied, each after what it refers to."""
    load_hooks()
    left, ordered = dict(_declared), list[Copied]()
    while left:
        ready = [one for model, one in left.items() if not (_references(model) - {model}) & left.keys()]
        if not ready:
            raise ValueError(f"These models refer to each other in a circle: {', '.join(m.__name__ for m in left)}.")
        ordered += ready
        for one in ready:
            del left[one.model]
    return ordered


def _references(model: type[Model]) -> set[type[Model]]:
    return {known.related_model for known in model._meta.concrete_fields if isinstance(known.related_model, type)}


@dataclass(frozen=True)
class Moment:
    """A date that moves: of which row, and from when to when."""

    model: str
    row: Model
    field: str
    before: date | datetime
    after: date | datetime


@dataclass(frozen=True)
class Planned:
    """The copies of one model's rows by the primary key of the original, how many rows are left out, what moves."""

    model: type[Model]
    part: str
    rows: Mapping[int, Model]
    left_out: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Plan:
    """What a copy would be: nothing of it is written yet."""

    new: Edition
    days: int
    planned: tuple[Planned, ...]
    invited: int

    @property
    def moments(self) -> list[Moment]:
        return [moment for one in self.planned for moment in one.moments]


@dataclass(frozen=True)
class Cloned:
    """The new edition, how many rows of each model were copied, and how many firms were invited again."""

    edition: Edition
    copied: Mapping[str, int]
    invited: int


def plan_clone(edition: Edition, new: Edition, parts: Iterable[str] = tuple(PARTS), *, invite: bool = False) -> Plan:
    """What is copied of the parts chosen to ``new`` (its fields set, not saved), with nothing written.

    Dates move by the days between the two openings, at the same hour of the fair's own place.
    """
    chosen = set(parts)
    moved = _Moved((new.starts_on - edition.starts_on).days, ZoneInfo(edition.time_zone), ZoneInfo(new.time_zone))
    copies: dict[type[Model], Mapping[int, Model]] = {}
    planned = []
    for one in declared():
        if one.part in chosen:
            plan = _plan(one, edition, new, copies, moved)
            copies[one.model] = plan.rows
            planned.append(plan)
    return Plan(new, moved.days, tuple(planned), len(_invitable(edition)) if invite else 0)


@transaction.atomic
def clone_edition(
    edition: Edition,
    new: Edition,
    parts: Iterable[str] = tuple(PARTS),
    *,
    invite: bool = False,
    user: User | None = None,
) -> Cloned:
    """Keep ``new`` (its fields set, its organisation that of ``edition``) as a draft with the parts chosen.

    Raises AddressTakenError, and then nothing is kept.
    """
    check_address(new.slug)
    new.state, new.fictional = Edition.State.DRAFT, edition.fictional
    plan = plan_clone(edition, new, parts, invite=invite)
    new.save()
    with scope(edition=new):
        for one in plan.planned:
            one.model._default_manager.bulk_create(one.rows.values(), batch_size=500)
    counts = {one.model.__name__: len(one.rows) for one in plan.planned}
    sections = next((one.rows for one in plan.planned if one.model is Section), {})
    invited = _invite(edition, new, sections) if invite else 0
    after = state(new) | {"from": edition.slug, "copied": counts, "invited": invited}
    record("edition.cloned", new, after=after, user=user, edition=new)
    edition_cloned.call(new)
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


def _plan(
    one: Copied, edition: Edition, new: Edition, copies: Mapping[type[Model], Mapping[int, Model]], moved: _Moved
) -> Planned:
    with scope(edition=edition):
        found = one.model._default_manager.filter(one.only(edition), edition=edition)
        rows = list(found.order_by("pk"))
    made: dict[int, Model] = {}
    moments: list[Moment] = []
    for row in rows:
        if (values := _values(one, row, new, copies, moved)) is not None:
            made[row.pk] = one.model(**values)
            moments += _moments(one, row, values)
    return Planned(one.model, one.part, made, len(rows) - len(made), tuple(moments))


def _moments(one: Copied, row: Model, values: Mapping[str, Any]) -> Iterator[Moment]:
    for name in one.shifted:
        if (before := getattr(row, name)) is not None:
            yield Moment(one.model.__name__, row, name, before, values[name])


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
            fresh = one.anew[name]
            values[name] = fresh() if callable(fresh) else fresh
        elif isinstance(known, ForeignKey) and (_is_of_an_edition(known.related_model) or _is_personal(known)):
            number = getattr(row, known.attname)
            values[name] = copies.get(known.related_model, {}).get(number)
            if values[name] is None and (not known.null or (one.whole and number is not None)):
                return None
        elif isinstance(known, ForeignKey):
            values[known.attname] = getattr(row, known.attname)
        else:
            value = getattr(row, name)
            values[name] = moved(value) if name in one.shifted else value
    return values


def _is_personal(known: ForeignKey[Any, Any]) -> bool:
    return known.related_model._meta.model_name in PERSONAL


def _is_of_an_edition(model: Any) -> bool:
    return any(known.name == "edition" for known in model._meta.concrete_fields)


def _invitable(edition: Edition) -> list[Participation]:
    with scope(edition=edition):
        found = Participation.objects.filter(
            edition=edition, kind__in=KINDS_INVITED, state=Participation.State.CONFIRMED
        )
        return list(found.order_by("pk"))


def _invite(edition: Edition, new: Edition, sections: Mapping[int, Model]) -> int:
    """Invite the exhibitors of the earlier fair: firm, kind, section and leader, and nothing of what they wrote."""
    earlier = _invitable(edition)
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
