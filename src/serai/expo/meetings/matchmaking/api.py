"""The sources of a need."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.meetings.matchmaking.domain.partners import Partner
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.offers.market.domain.buyer_needs import NeedRefusedError
from serai.expo.offers.market.models import Need
from serai.expo.participants.participation.domain.representation import acted_for

room = Room(_("Buyers and delegations"), NeedRefusedError)


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
        score=row.match.score,
        reasons=[str(one) for one in (*row.sentences, *row.supply)],
    )


@room.get("/editions/{slug}/needs/{number}/sources", "need_sources", _("Sources of a need"), SourcesShown, scope=READ)
def need_sources(request: Call, edition: Edition, number: int) -> Any:
    """The best three at this fair and one that makes the supply safer: for those who act for the buyer."""
    own = acted_for(request.user, edition)
    rows = Need.objects.filter(edition=edition, participation__in=own.values("pk"))
    row = rows.select_related("participation__firm", "participation__edition").filter(pk=number).first()
    if row is None:
        raise Http404(_("There is no such need of yours."))
    found = sources_of(row)
    safer = _source(found.safer) if found.safer else None
    return SourcesShown(best=[_source(one) for one in found.best], safer=safer, others=found.others)
