"""A new edition from an earlier one. The chosen parts are copied and their dates moved; data of people and firms stay.

A room declares in its ``hooks.py`` which of its models are copied:

    copied(DeskTask, "tasks", shifted=("due_on",))

The copy is planned first, without writing anything, so that the organiser sees it before. Exhibitors of the earlier
fair can be invited again; an invitation copies nothing of what they wrote.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ForeignKey, Max, Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import Hook, load_hooks
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
    "questions": (
        _("Questions at registration"),
        _("What you ask those who register, and fields of your own lists, never what somebody has in them."),
    ),
    "badges": (_("Rules of badges"), _("Which kinds you decide on, and how many a participant may have.")),
    "mail": (_("Mail templates and segments"), _("Texts and choices of readers, never a mail.")),
    "pages": (_("Pages of your own"), _("With their texts.")),
    "reports": (_("Reports of your own"), _("What is in them and your words, never what was published.")),
    "retention": (_("How long data of persons are kept"), _("The times that you chose, with their reasons.")),
}
"""Part of a fair that can be copied -> its title and a description. Rooms add models to the parts."""


@dataclass(frozen=True)
class Copied:
    """A model whose rows are copied with a part: which dates move, which fields begin anew, and which rows.

    ``whole`` leaves a row out if any row that it refers to is left out, as its meaning would change.
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

    A reference to a row that is not copied becomes empty; if it may not be empty, the row is not copied.
    """
    if part not in PARTS:
        raise ValueError(f"{model.__name__}: no fair has the part {part!r}. Known: {', '.join(PARTS)}.")
    chosen = only if callable(only) else (lambda _edition: only or Q())
    _declared[model] = Copied(model, part, tuple(shifted), anew or {}, chosen, whole)


copied(Section, "sections")
copied(Phase, "phases", shifted=("opens_at", "closes_at"))
copied(SizeRule, "sizes")


def latest_version(model: type[Model]) -> Callable[[Edition], Q]:
    """A condition for ``only``: the newest version."""

    def only(edition: Edition) -> Q:
        rows: Any = model._default_manager.filter(edition=edition)
        return Q(version=rows.aggregate(last=Max("version"))["last"])

    return only


def declared() -> list[Copied]:
    """All declared models, each after the models that it refers to. Raises ValueError for a circle."""
    load_hooks()
    references = {model: (_references(model) - {model}) & _declared.keys() for model in _declared}
    try:
        return [_declared[model] for model in TopologicalSorter(references).static_order()]
    except CycleError as error:
        names = ", ".join(model.__name__ for model in error.args[1])
        raise ValueError(f"These models refer to each other in a circle: {names}.") from None


def _references(model: type[Model]) -> set[type[Model]]:
    return {field.related_model for field in model._meta.concrete_fields if isinstance(field.related_model, type)}


@dataclass(frozen=True)
class Moment:
    """A date of a row that moves, before and after."""

    model: str
    row: Model
    field: str
    before: date | datetime
    after: date | datetime


@dataclass(frozen=True)
class Planned:
    """The copies of one model's rows by the primary key of the original, how many rows are left out, moved dates."""

    model: type[Model]
    part: str
    rows: Mapping[int, Model]
    left_out: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class Plan:
    """A planned copy, of which nothing is written yet."""

    new: Edition
    days: int
    planned: tuple[Planned, ...]
    invited: int

    @property
    def moments(self) -> list[Moment]:
        return [moment for planned in self.planned for moment in planned.moments]


@dataclass(frozen=True)
class Cloned:
    """The new edition, how many rows of each model were copied, and how many firms were invited again."""

    edition: Edition
    copied: Mapping[str, int]
    invited: int


def plan_clone(edition: Edition, new: Edition, parts: Iterable[str] = tuple(PARTS), *, invite: bool = False) -> Plan:
    """Plan a copy of the chosen parts to ``new`` (its fields set, not saved), without writing anything.

    Dates move by the days between the two openings and keep their local time.
    """
    chosen = set(parts)
    moved = _Moved((new.starts_on - edition.starts_on).days, ZoneInfo(edition.time_zone), ZoneInfo(new.time_zone))
    copies: dict[type[Model], Mapping[int, Model]] = {}
    planned = []
    for declaration in declared():
        if declaration.part in chosen:
            plan = _plan(declaration, edition, new, copies, moved)
            copies[declaration.model] = plan.rows
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
    """Save ``new`` (its fields set, with the organisation of ``edition``) as a draft with the chosen parts.

    Raises AddressTakenError, and then nothing is saved.
    """
    check_address(new.slug)
    new.state, new.fictional = Edition.State.DRAFT, edition.fictional
    plan = plan_clone(edition, new, parts, invite=invite)
    new.save()
    with scope(edition=new):
        for planned in plan.planned:
            planned.model._default_manager.bulk_create(planned.rows.values(), batch_size=500)
    counts = {planned.model.__name__: len(planned.rows) for planned in plan.planned}
    sections = next((planned.rows for planned in plan.planned if planned.model is Section), {})
    invited = _invite(edition, new, sections) if invite else 0
    after = state(new) | {"from": edition.slug, "copied": counts, "invited": invited}
    record("edition.cloned", new, after=after, user=user, edition=new)
    edition_cloned.call(new)
    return Cloned(new, counts, invited)


@dataclass(frozen=True)
class _Moved:
    """Moves dates by a number of days, and from one time zone to another."""

    days: int
    old: ZoneInfo
    new: ZoneInfo

    def __call__(self, value: Any) -> Any:
        if isinstance(value, datetime):
            there = value.astimezone(self.old).replace(tzinfo=None) + timedelta(days=self.days)
            return there.replace(tzinfo=self.new)
        return value + timedelta(days=self.days) if isinstance(value, date) else value


def _plan(
    declaration: Copied,
    edition: Edition,
    new: Edition,
    copies: Mapping[type[Model], Mapping[int, Model]],
    moved: _Moved,
) -> Planned:
    model = declaration.model
    with scope(edition=edition):
        rows = list(model._default_manager.filter(declaration.only(edition), edition=edition).order_by("pk"))
    copied_rows: dict[int, Model] = {}
    moments: list[Moment] = []
    for row in rows:
        if (values := _values(declaration, row, new, copies, moved)) is not None:
            copied_rows[row.pk] = model(**values)
            moments += [
                Moment(model.__name__, row, name, before, values[name])
                for name in declaration.shifted
                if (before := getattr(row, name)) is not None
            ]
    return Planned(model, declaration.part, copied_rows, len(rows) - len(copied_rows), tuple(moments))


def _values(
    declaration: Copied, row: Model, new: Edition, copies: Mapping[type[Model], Mapping[int, Model]], moved: _Moved
) -> dict[str, Any] | None:
    """The fields of the copy of a row, or None if it needs a row that is not copied."""
    values: dict[str, Any] = {"edition": new}
    for column in row._meta.concrete_fields:
        name = column.name
        if column.primary_key or name == "edition":
            continue
        if name in declaration.anew:
            fresh = declaration.anew[name]
            values[name] = fresh() if callable(fresh) else fresh
        elif isinstance(column, ForeignKey) and _is_of_an_edition_or_personal(column.related_model):
            number = getattr(row, column.attname)
            values[name] = copies.get(column.related_model, {}).get(number)
            if values[name] is None and (not column.null or (declaration.whole and number is not None)):
                return None
        elif isinstance(column, ForeignKey):
            values[column.attname] = getattr(row, column.attname)
        else:
            value = getattr(row, name)
            values[name] = moved(value) if name in declaration.shifted else value
    return values


def _is_of_an_edition_or_personal(model: Any) -> bool:
    has_edition = any(column.name == "edition" for column in model._meta.concrete_fields)
    return has_edition or model._meta.model_name in PERSONAL


def _invitable(edition: Edition) -> list[Participation]:
    with scope(edition=edition):
        confirmed = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
        return list(confirmed.filter(kind__in=KINDS_INVITED).order_by("pk"))


def _invite(edition: Edition, new: Edition, sections: Mapping[int, Model]) -> int:
    """Invite the exhibitors of the earlier fair with their firm, kind, section and leader. Returns how many."""
    earlier = _invitable(edition)
    invitations = {
        participation.pk: Participation(
            edition=new,
            firm_id=participation.firm_id,
            kind=participation.kind,
            state=Participation.State.INVITED,
            section_id=copy.pk if (copy := sections.get(participation.section_id or 0)) else None,
            meetings_minimum=participation.meetings_minimum,
            meetings_maximum=participation.meetings_maximum,
        )
        for participation in earlier
    }
    with scope(edition=new):
        Participation.objects.bulk_create(invitations.values(), batch_size=500)
        led = [participation for participation in earlier if participation.lead_id in invitations]
        for participation in led:
            invitations[participation.pk].lead = invitations[participation.lead_id or 0]
        led_invitations = [invitations[participation.pk] for participation in led]
        Participation.objects.bulk_update(led_invitations, ["lead"], batch_size=500)
    return len(invitations)
