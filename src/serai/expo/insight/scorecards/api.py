"""Scorecards in the interface: which there are, and all numbers of each."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.insight.scorecards.domain import cards
from serai.expo.insight.scorecards.domain.files import records
from serai.expo.insight.scorecards.domain.presentation import Side
from serai.expo.insight.scorecards.domain.subjects import KINDS, subject, subjects
from serai.expo.insight.supply.domain.stored import stored

room = Room(_("Scorecards"))


class SubjectShown(Schema):
    kind: str = Field(description="country, group, industry or chain")
    code: str
    title: str


class SubjectsWanted(Cut):
    kind: str = Field("", pattern=f"^({'|'.join(KINDS)})?$", json_schema_extra={"enum": ["", *KINDS]})


class ScoreShown(Schema):
    property: str = Field(description="Of the nine properties of a supply network")
    indicator: str
    name: str
    year: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    sense: int = Field(description="1 where more is better, -1 where less is, 0 where it depends")
    countries: int | None = Field(None, description="Of how many countries it is a mean or a median")
    table: str | None = None
    source: str | None = None
    reason: str = Field("", description="Why it is not measured")
    caution: str = ""


class ScorecardShown(SubjectShown):
    state: str = Field(description="done, or waiting while it is being computed: ask again in some seconds")
    problem: str = Field(description="Why there is none")
    values: list[ScoreShown]


@room.list("/scorecards", _("Subjects of scorecards"), SubjectShown)
def scorecards(_request: Call, edition: Edition, wanted: Query[SubjectsWanted]) -> Any:
    """Countries, the groups that the fair chose, chains of the fair, and industries."""
    kinds = [wanted.kind] if wanted.kind else list(KINDS)
    rows = [row for kind in kinds for row in subjects(edition, kind)]
    return Listed(rows, lambda row: shown(SubjectShown, row))


@room.get("/scorecards/{kind}/{code}", _("A scorecard"), ScorecardShown)
def scorecard(_request: Call, edition: Edition, kind: str, code: str) -> Any:
    """Every indicator of the nine properties, with interval, year and source, or why it is not measured."""
    row = subject(edition, kind, code)
    if row is None:
        raise Http404(_now("There is no such scorecard at this fair."))
    result = stored(cards.edition_of(edition, kind), cards.KIND, row.key)
    values = [] if result.data is None else list(records(Side(row, result.data)))
    return ScorecardShown(
        kind=row.kind,
        code=row.code,
        title=row.title,
        state="waiting" if result.is_awaited else "done",
        problem=_now(result.problem) if result.problem else "",
        values=[ScoreShown.model_validate(value) for value in values],
    )
