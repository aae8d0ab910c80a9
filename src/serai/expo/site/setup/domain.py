"""Setting a fair up: its steps, and the preview of a copy for the next fair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.text import Text, in_language
from serai.expo.fairs.edition.domain.clone import PARTS, Plan
from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section
from serai.expo.programme.sessions.models import Forum
from serai.expo.results.exports.domain.record_tables import title_of
from serai.expo.venue.halls.models import Booth


@dataclass(frozen=True)
class Step:
    """One step: its reason, its page, a count, and whether it is done."""

    title: Text
    why: Text
    page: str
    count: int | None
    done: bool


def steps(edition: Edition) -> list[Step]:
    """The steps in the order of the work."""
    sections = Section.objects.filter(edition=edition).count()
    phases = Phase.objects.filter(edition=edition).count()
    booths = Booth.objects.filter(edition=edition)
    drawn = booths.filter(*(Q(**{f"{name}__isnull": False}) for name in ("x_m", "y_m", "width_m", "depth_m"))).count()
    firms = Participation.objects.filter(edition=edition).count()
    forums = Forum.objects.filter(edition=edition).count()
    published = edition.state != Edition.State.DRAFT

    def counted(title: Text, why: Text, page: str, count: int) -> Step:
        return Step(title, why, page, count, count > 0)

    return [
        Step(
            _("Name, days and place"), _("What the public reads first."), "edition-change", None, _is_described(edition)
        ),
        counted(
            _("Sections"),
            _("What the fair is about: each section is a trade from raw material to user, called a chain."),
            "sections",
            sections,
        ),
        counted(
            _("Phases"), _("When applications, requests and meetings open and close by themselves."), "phases", phases
        ),
        counted(
            _("Halls and booths"),
            _("The ground plan, drawn or from a workbook.")
            if drawn or not booths.exists()
            else _("Booths are listed, but none has its place on the plan yet."),
            "floor",
            drawn,
        ),
        counted(_("Firms"), _("One workbook is enough to start; others apply by themselves."), "import-upload", firms),
        counted(
            _("Programme"),
            _("Ceremony, forums, sessions and their rooms, typed or from a workbook."),
            "programme",
            forums,
        ),
        Step(_("Publish"), _("Until then nobody but you sees the fair."), "edition-state", None, published),
    ]


def _is_described(edition: Edition) -> bool:
    """Whether somebody has given name, days and place: a fair that a list opened is called by its address only."""
    return bool(edition.city or edition.venue) or edition.name != {"en": edition.slug}


def next_step(edition: Edition, page: str) -> Step | None:
    """What comes after the step of a page: the first later step that is not done, else the first of all.

    None once the fair is published, or where all is done.
    """
    if edition.state != Edition.State.DRAFT:
        return None
    listed = steps(edition)
    place = next((number for number, step in enumerate(listed) if step.page == page), -1)
    open_ = [step for step in (*listed[place + 1 :], *listed[:place]) if not step.done]
    return open_[0] if open_ else None


@dataclass(frozen=True)
class Part:
    """A part with its records: title, how many are copied, how many are left out."""

    title: Text
    records: Sequence[tuple[Text, int, int]]


@dataclass(frozen=True)
class Move:
    """A date or a moment that moves."""

    record: Text
    name: str
    before: date | datetime
    after: date | datetime

    @property
    def timed(self) -> bool:
        return isinstance(self.before, datetime)


@dataclass(frozen=True)
class Shown:
    """The preview of the copy."""

    days: int
    invited: int
    parts: Sequence[Part]
    moves: Sequence[Move]

    @property
    def left_out(self) -> bool:
        return any(left for part in self.parts for _title, _count, left in part.records)


def shown(edition: Edition, plan: Plan) -> Shown:
    """The plan in the reader's language."""
    parts = []
    for key, (title, _text) in PARTS.items():
        planned = [copied for copied in plan.planned if copied.part == key]
        if planned:
            records = [(title_of(copied.model.__name__), len(copied.rows), copied.left_out) for copied in planned]
            parts.append(Part(title, records))
    with scope(edition=edition):
        moves = [
            Move(title_of(copied.model), _name(copied.row), copied.before, copied.after) for copied in plan.moments
        ]
    return Shown(plan.days, plan.invited, parts, moves)


def _name(row: Model) -> str:
    """The name of a row: its title, kind or code, else its text."""
    if title := in_language(getattr(row, "title", None) or {}).text:
        return title
    if hasattr(row, "get_kind_display"):
        return str(row.get_kind_display())
    return str(getattr(row, "code", "") or row)
