"""Operations for organisers, with a key of that scope."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router

from serai.expo.api import shown
from serai.expo.api.caller import in_edition
from serai.expo.api.pages import page_of
from serai.expo.api.public import Cut, with_firm
from serai.expo.editions.models import Participation
from serai.expo.meetings.models import Meeting
from serai.expo.outcomes.models import Outcome, OutcomeParty

router = Router(tags=["Organiser"])


@router.get(
    "/editions/{slug}/participations",
    response=shown.Page[shown.ParticipationShown],
    operation_id="participations",
    summary="Everyone who takes part",
)
def list_participations(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    """Of every kind and in every state, buyers and delegations too."""
    with in_edition(request, slug, organising=True) as edition:
        rows = with_firm(Participation.objects.filter(edition=edition))
        return page_of(rows, shown.participation, cursor=cut.cursor, limit=cut.limit)


@router.get(
    "/editions/{slug}/meetings", response=shown.Page[shown.MeetingShown], operation_id="meetings", summary="Meetings"
)
def list_meetings(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    with in_edition(request, slug, organising=True) as edition:
        rows = Meeting.objects.filter(edition=edition).select_related("host__firm", "guest__firm")
        return page_of(rows, shown.meeting, cursor=cut.cursor, limit=cut.limit)


@router.get(
    "/editions/{slug}/outcomes", response=shown.Page[shown.OutcomeShown], operation_id="outcomes", summary="Outcomes"
)
def list_outcomes(request: HttpRequest, slug: str, cut: Query[Cut]) -> Any:
    """The ledger. The value of what is confidential is left out."""
    with in_edition(request, slug, organising=True) as edition:
        parties = Prefetch("parties", OutcomeParty.objects.select_related("participation__firm"))
        rows = Outcome.objects.filter(edition=edition).prefetch_related(parties)
        return page_of(rows, shown.outcome, cursor=cut.cursor, limit=cut.limit)
