"""Whom a firm should meet and why, and the timetable of an organiser: drafts with their proof, and publishing."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, page_of, row_of, shown, slice_of
from serai.expo.firms.record.rules import may_see_needs
from serai.expo.meetings.matchmaking.domain.matching import partners_of
from serai.expo.meetings.matchmaking.domain.partners import Partner
from serai.expo.meetings.timetable.domain.drafts import NoWishesError, TimetableRefusedError, make_timetable
from serai.expo.meetings.timetable.domain.publication import (
    Difference,
    NothingToPublishError,
    differences,
    publish_timetable,
)
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.site.directory.api import participation_of

room = Room(_("Matches and timetable"), TimetableRefusedError)


class MatchShown(Schema):
    firm: str
    relation: str = Field(description="How the two stand to each other on the chain")
    score: float = Field(description="What speaks for it, both sides taken together")
    reasons: list[str] = Field(description="In your language")


@room.get("/editions/{slug}/firms/{identifier}/matches", "matches", _("Matches of a firm"), Page[MatchShown])
def list_matches(request: Call, edition: Edition, identifier: str, cut: Query[Cut]) -> Any:
    """Its best partners with the reasons; buyers only where you act for the firm or organise the fair."""
    row = participation_of(request, edition, identifier)
    partners = partners_of(row, public=not may_see_needs(request.user, row), most=50)
    return slice_of(partners, _match, cursor=cut.cursor, limit=cut.limit)


def _match(row: Partner) -> MatchShown:
    return MatchShown(
        firm=row.participation.firm.identifier,
        relation=str(row.relation_label),
        score=row.match.score,
        reasons=[str(sentence) for sentence in (*row.sentences, *row.supply)],
    )


class RunShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    state: str = Field(description="draft, published or replaced")
    made_at: datetime
    status: str = Field(description="optimal where it is proved that none is better")
    objective: float
    bound: float = Field(description="No timetable is worth more")
    seconds: float
    wished: int
    placed: int
    why_not: dict[str, int] = Field(description="How many meetings are not placed, by reason")
    live: bool


class DraftGiven(Schema):
    seconds: float = Field(20.0, ge=0.1, le=60, description="For how long to look for a better one at most")
    move_told: bool = Field(False, description="Meetings that both sides know of may move, unless they are locked")


class DifferenceShown(Schema):
    meeting: int
    what: str
    starts_at: datetime | None
    place: str
    why_not: str


def run(row: TimetableRun) -> RunShown:
    return shown(RunShown, row, number=row.pk)


@room.get("/editions/{slug}/timetables", "timetables", _("Timetables"), Page[RunShown], scope=ORGANISE)
def list_runs(_request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Every draft and what became of it, the first first."""
    return page_of(TimetableRun.objects.filter(edition=edition), run, cursor=cut.cursor, limit=cut.limit)


@room.post(
    "/editions/{slug}/timetables", "draft_timetable", _("Draft a timetable"), RunShown, scope=DECIDE, status=201,
    atomic=False,
)  # fmt: skip
def draft(request: Call, edition: Edition, given: DraftGiven) -> Any:
    """Solve all wishes into a draft, which only organisers see; the answer comes when it is solved."""
    try:
        return run(make_timetable(edition, seconds=given.seconds, by=request.user, move_told=given.move_told))
    except NoWishesError:
        raise TimetableRefusedError(_("Nobody wishes for a meeting, and there are no matches either.")) from None


@room.get(
    "/editions/{slug}/timetables/{number}/differences",
    "timetable_differences",
    _("What a draft would change"),
    Page[DifferenceShown],
    scope=ORGANISE,
)
def list_differences(_request: Call, edition: Edition, number: int, cut: Query[Cut]) -> Any:
    """Against what has been told, in order of time."""
    row = row_of(TimetableRun.objects.filter(edition=edition), number, _("There is no such timetable."))

    def show(difference: Difference) -> DifferenceShown:
        return shown(DifferenceShown, difference, meeting=difference.meeting.pk)

    return slice_of(differences(row), show, cursor=cut.cursor, limit=cut.limit)


@room.post(
    "/editions/{slug}/timetables/publish", "publish_timetable", _("Publish the timetable"), RunShown, scope=DECIDE
)
def publish(request: Call, edition: Edition) -> Any:
    """Tell both sides of every meeting that the latest draft seats, moves or drops."""
    try:
        return run(publish_timetable(edition, by=request.user))
    except NothingToPublishError:
        raise TimetableRefusedError(_("There is no draft to publish.")) from None
