"""Halls, booths, and who stands there."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Key, Of, Texts, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.venue.booths.domain import assignment
from serai.expo.venue.halls.domain.plan import booths_visible_to, halls_visible_to, state_now
from serai.expo.venue.halls.models import Booth, TableArea

room = Room(_("Halls and booths"), assignment.StandRefusedError)


class HallShown(Schema):
    code: str
    title: Texts
    section: Annotated[str | None, Of("section.slug")] = Field(description="Slug of the section that it holds")
    width_m: float | None
    depth_m: float | None


class BoothShown(Schema):
    number: Key
    hall: str
    code: str
    x_m: float | None = Field(description="Metres from the corner of the hall")
    y_m: float | None
    width_m: float | None
    depth_m: float | None
    kind: str
    power_kw: float
    equipment: list[str] = Field(description="What is laid on: water, air, internet, three_phase, hanging")
    height_m: float | None = Field(description="Up to which height may be built")
    load_kg_m2: float | None = Field(description="What the floor bears")
    pavilion: str
    firms: list[str] = Field(description="Identifiers of those who stand there")
    state: str | None = Field(description="Whether it can be had: for organisers")
    price: float | None = Field(description="For organisers")


class Leaving(Schema):
    firm: Code = Field(description="Identifier of a firm", min_length=1)
    kind: Annotated[str, one_of([kind.value for kind in EXHIBITING], blank=True)] = Field(
        "", description="Where the firm takes part as more than one; else the exhibitor"
    )


class BoothGiven(Leaving):
    move: bool = Field(True, description="It leaves the booths that it has; false: this is one more")
    share: bool = Field(False, description="It stands beside who is there")


class BoothChanged(Schema):
    booth: BoothShown
    meetings_moved: int = Field(description="Meetings that were told and are held elsewhere now; both sides are told")
    warnings: list[str] = Field(description="What the organiser should know, a sentence each")


class TablesShown(Schema):
    number: Key
    hall: Annotated[str, Of("hall.code")]
    first: int = Field(description="Number of the first of the tables that stand together, as in T1")
    last: int
    x_m: float = Field(description="Metres from the corner of the hall")
    y_m: float
    width_m: float
    depth_m: float


class BoothsWanted(Cut):
    hall: str = Field("", max_length=64, description="Code of a hall")
    firm: str = Field("", max_length=64, description="Identifier of who stands there")


@room.list("/halls", _("Halls"), HallShown)
def halls(request: Call, edition: Edition) -> Any:
    return halls_visible_to(request.user, edition).select_related("section")


@room.list("/booths", _("Booths"), BoothShown)
def booths(request: Call, edition: Edition, wanted: Query[BoothsWanted]) -> Any:
    """The plan, and who stands where."""
    rows = booths_visible_to(request.user, edition)
    if wanted.hall:
        rows = rows.filter(hall__code=wanted.hall.replace("\0", ""))
    if wanted.firm:
        there = rows.filter(participations__firm__identifier=leading(wanted.firm))
        rows = rows.filter(pk__in=there.values("pk"))
    return Listed(rows, _shown_to(request, edition))


@room.get("/booths/{number}", _("A booth"), BoothShown)
def booth(request: Call, edition: Edition, number: int) -> Any:
    row = row_of(booths_visible_to(request.user, edition), number, _("There is no such booth."))
    return _shown_to(request, edition)(row)


@room.post("/booths/{number}/give", _("Give a booth"), BoothChanged, scope=DECIDE)
def give_booth(request: Call, edition: Edition, number: int, given: BoothGiven) -> Any:
    """To an exhibitor; its co-exhibitors go where it goes, and so do the meetings that were told."""
    row = _unchanged(request, edition, number)
    participation = assignment.exhibitor_named(edition, given.firm, given.kind)
    return _done(
        request, edition, row, assignment.give(row, participation, move=given.move, share=given.share, by=request.user)
    )


@room.post("/booths/{number}/leave", _("Leave a booth"), BoothChanged, scope=DECIDE)
def leave_booth(request: Call, edition: Edition, number: int, given: Leaving) -> Any:
    """An exhibitor has this booth no more; meetings that were told are held at its other booth, or at tables."""
    row = _unchanged(request, edition, number)
    participation = assignment.exhibitor_named(edition, given.firm, given.kind)
    return _done(request, edition, row, assignment.leave(row, participation, by=request.user))


def _unchanged(request: Call, edition: Edition, number: int) -> Booth:
    row = row_of(booths_visible_to(request.user, edition), number, _("There is no such booth."))
    require_unchanged(request, _shown_to(request, edition)(row))
    return row


def _done(request: Call, edition: Edition, booth: Booth, done: assignment.Done) -> BoothChanged:
    now = booths_visible_to(request.user, edition).get(pk=booth.pk)
    return BoothChanged(booth=_shown_to(request, edition)(now), meetings_moved=done.moved, warnings=list(done.warnings))


@room.list("/tables", _("Meeting tables"), TablesShown)
def tables(_request: Call, edition: Edition) -> Any:
    """Where the meeting tables stand on the plan, as far as they have a place."""
    return TableArea.objects.filter(edition=edition).select_related("hall")


def _shown_to(request: Call, edition: Edition) -> Any:
    organising = request.user.has_perm("expo.read_floor", edition)

    def show(row: Booth) -> BoothShown:
        there: list[Any] = row.standing  # type: ignore[attr-defined]  # prefetched by booths_visible_to
        return shown(
            BoothShown,
            row,
            hall=row.hall.code,
            firms=[participation.firm.identifier for participation in there],
            state=state_now(row) if organising else None,
            price=row.price if organising else None,
        )

    return show
