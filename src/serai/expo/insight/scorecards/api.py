"""Scorecards in the interface: which there are, and all numbers of each."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext
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
from serai.expo.insight.supply.api import Computed, computed
from serai.expo.insight.supply.domain.stored import stored
from serai.world.measures import INDICATORS

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
    definition: str = Field("", description="Empty for a plain figure by year, whose name says what it is")
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


class MadeShown(Schema):
    chain: str
    node: str
    share: float = Field(description="Of the world's supply of the node, 0 to 1")
    rank: int = Field(description="Place among the makers that are known")
    grade: str = Field(description="How close the share stands to the product; see /world/grades")
    year: int | None


class CouldMakeShown(Schema):
    chain: str
    node: str
    country: str = Field(description="Of a group the member that is closest")
    density: float = Field(description="Share of related products that it exports with an advantage, 0 to 1")


class ScorecardShown(Computed, SubjectShown):
    values: list[ScoreShown]
    makes: list[MadeShown] = Field(description="Nodes of chains of which it makes most; of countries and groups")
    could_make: list[CouldMakeShown] = Field(description="Nodes to which its exports are close; not free capacity")


def _kinds(edition: Edition | None, wanted: SubjectsWanted) -> Listed:
    rows = [row for kind in ([wanted.kind] if wanted.kind else KINDS) for row in subjects(edition, kind)]
    return Listed(rows, lambda row: shown(SubjectShown, row))


def _scorecard(edition: Edition | None, kind: str, code: str) -> ScorecardShown:
    row = subject(edition, kind, code)
    if row is None:
        raise Http404(gettext("There is no such scorecard."))
    result = stored(cards.edition_of(edition, kind), cards.KIND, row.key)
    data = result.data or {}
    return ScorecardShown(
        kind=row.kind,
        code=row.code,
        title=row.title,
        values=[_score(value) for value in (records(Side(row, data)) if data else ())],
        makes=[MadeShown.model_validate(made) for made in data.get("makes", ())],
        could_make=[CouldMakeShown.model_validate(node) for node in data.get("could", ())],
        **computed(result),
    )


def _score(value: dict[str, Any]) -> ScoreShown:
    declared = INDICATORS.get(value["indicator"])
    return ScoreShown.model_validate(value | {"definition": declared.description if declared else ""})


@room.list("/scorecards", _("Subjects of scorecards"), SubjectShown)
def scorecards(_request: Call, edition: Edition, wanted: Query[SubjectsWanted]) -> Any:
    """Countries, the groups that the fair chose, chains of the fair, and industries."""
    return _kinds(edition, wanted)


@room.get("/scorecards/{kind}/{code}", _("A scorecard"), ScorecardShown)
def scorecard(_request: Call, edition: Edition, kind: str, code: str) -> Any:
    """Every indicator of the nine properties, with interval, year and source, or why it is not measured."""
    return _scorecard(edition, kind, code)


@room.list("/world/scorecards", _("Subjects of scorecards of the world"), SubjectShown)
def world_scorecards(_request: Call, wanted: Query[SubjectsWanted]) -> Any:
    """Countries, all groups of countries, the chains that come with Serai, and industries."""
    return _kinds(None, wanted)


@room.get("/world/scorecards/{kind}/{code}", _("A scorecard of the world"), ScorecardShown)
def world_scorecard(_request: Call, kind: str, code: str) -> Any:
    """The same without any fair; of a group its members of today."""
    return _scorecard(None, kind, code)
