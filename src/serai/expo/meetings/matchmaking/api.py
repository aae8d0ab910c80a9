"""The matches of a firm, and the sources of a need."""

from functools import partial
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.firms.record.rules import may_see_needs
from serai.expo.meetings.matchmaking.domain.matching import partners_of
from serai.expo.meetings.matchmaking.domain.partners import Partner
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.offers.market.domain.buyer_needs import NeedRefusedError
from serai.expo.offers.market.models import Need
from serai.expo.participants.participation.api import participation_of
from serai.expo.participants.participation.domain.representation import acted_for

room = Room(_("Buyers and delegations"), NeedRefusedError)
matches_room = Room(_("Matches and timetable"))


class SourceShown(Schema):
    firm: str
    score: float
    reasons: list[str]


class SourcesShown(Schema):
    best: list[SourceShown]
    safer: SourceShown | None = Field(description="One that makes the supply safer, where there is one")
    others: int


def _source(row: Partner) -> SourceShown:
    return SourceShown(
        firm=row.participation.firm.identifier,
        score=row.match.shown,
        reasons=[*row.sentences, *row.wishes, *row.supply],
    )


@room.get("/needs/{number}/sources", _("Sources of a need"), SourcesShown, scope=READ)
def need_sources(request: Call, edition: Edition, number: int) -> Any:
    """The best three at this fair and one that makes the supply safer: for those who act for the buyer."""
    own = acted_for(request.user, edition)
    rows = Need.objects.filter(edition=edition, participation__in=own.values("pk"))
    row = rows.select_related("participation__firm", "participation__edition").filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such need of yours."))
    sources = sources_of(row)
    safer = _source(sources.safer) if sources.safer else None
    return SourcesShown(best=[_source(source) for source in sources.best], safer=safer, others=sources.others)


class MatchShown(Schema):
    firm: str
    relation: str = Field(description="Whether it could supply the firm or buy from it")
    score: float = Field(description="What speaks for it, both sides taken together")
    reasons: list[str] = Field(description="In your language")


@matches_room.list("/firms/{identifier}/matches", _("Matches of a firm"), MatchShown)
def matches(request: Call, edition: Edition, identifier: str) -> Any:
    """Its best partners with the reasons; buyers only where you act for the firm or organise the fair."""
    row = participation_of(request, edition, identifier)
    own = may_see_needs(request.user, row)
    return Listed(partners_of(row, public=not own, most=50), partial(_match, own=own))


def _match(row: Partner, *, own: bool) -> MatchShown:
    return MatchShown(
        firm=row.participation.firm.identifier,
        relation=str(row.relation_label),
        score=row.match.shown,
        reasons=[*row.sentences, *(row.wishes if own else ()), *row.supply],
    )
