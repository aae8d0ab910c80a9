"""Scorecards and the indicators behind them: which there are, all numbers of each, values by country, and what
grades say.
"""

from functools import lru_cache
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
from serai.expo.insight.supply.domain.stored_results import stored
from serai.world.measures import INDICATORS, PROPERTIES, Indicator, Record, measure
from serai.world.readers import DEFAULT_TABLE, read
from serai.world.shocks import SHOCKS, Shock
from serai.world.supply.records import GRADES

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


indicators_room = Room(_("World"))


class IndicatorShown(Schema):
    symbol: str
    name: str
    description: str
    property: str = Field(description="Of the nine properties of a supply network")
    unit: str
    range: tuple[float | None, float | None] = Field(description="null where it has no end")
    sense: int = Field(description="1 where more is better, -1 where less is, 0 where it depends")
    source: str
    needs: list[str] = Field(description="Tables that it needs beside the world's")


class ValueShown(Schema):
    country: str = Field(description="As the table calls it, or 'world'")
    value: float | None
    low: float | None = Field(description="Where the value lies between bounds")
    high: float | None
    unit: str
    reason: str = Field(description="Why it is not measured")


class IndicatorInFull(IndicatorShown):
    table: str = Field(description="Name of the world table")
    year: int
    table_source: str
    values: list[ValueShown]


class ShockShown(Schema):
    kind: str
    question: str = Field(description="What it answers")
    on: str = Field(description="What it hits: a world table, firms, or a chain")
    parameters: dict[str, str] = Field(description="Each by name with what it is")
    horizon: str = Field(description="For which span of time its assumptions are meant")
    limits: list[str] = Field(description="What it cannot say; a part of every answer")
    sources: list[str]


class IndicatorsWanted(Cut):
    property: str = Field("", pattern=f"^({'|'.join(PROPERTIES)})?$", json_schema_extra={"enum": ["", *PROPERTIES]})


class ValuesWanted(Schema):
    country: str = Field("", max_length=64, description="One country only, as the table calls it")


def _finite(value: float) -> float | None:
    return value if abs(value) != float("inf") else None


def _indicator(row: Indicator) -> dict[str, Any]:
    return {"range": (_finite(row.range[0]), _finite(row.range[1])), "needs": list(row.needs)}


@indicators_room.list("/world/indicators", _("Indicators"), IndicatorShown)
def indicators(_request: Call, wanted: Query[IndicatorsWanted]) -> Any:
    """Every indicator that is declared, with its definition and source."""
    rows = [row for row in INDICATORS.values() if wanted.property in ("", row.property)]
    return Listed(rows, lambda row: shown(IndicatorShown, row, **_indicator(row)))


@lru_cache(256)
def _measured(symbol: str) -> tuple[int, str, tuple[Record, ...]]:
    """Year and source of the packaged table, and the values: the same for everybody until the process ends."""
    table = read(DEFAULT_TABLE)
    return table.year, table.source, tuple(measure(table, symbols=[symbol]))


@indicators_room.get("/world/indicators/{symbol}", _("An indicator by country"), IndicatorInFull)
def indicator(_request: Call, symbol: str, wanted: Query[ValuesWanted]) -> Any:
    """Its values for every country of the table that comes with Serai, and for the world where it exists."""
    row = INDICATORS.get(symbol)
    if row is None:
        raise Http404(_("There is no indicator of this symbol."))
    year, source, records = _measured(symbol)
    values = [shown(ValueShown, record) for record in records if wanted.country in ("", record.country)]
    return shown(
        IndicatorInFull, row, **_indicator(row), table=DEFAULT_TABLE, year=year, table_source=source, values=values
    )


@indicators_room.list("/world/shocks", _("Kinds of scenarios"), ShockShown)
def shocks(_request: Call) -> Any:
    """The method of every kind of scenario: question, parameters, horizon, limits and sources."""
    return Listed(list(SHOCKS.values()), _shock)


def _shock(row: Shock) -> ShockShown:
    return ShockShown(
        kind=row.kind,
        question=row.question,
        on=row.on,
        parameters={name: parameter.text for name, parameter in row.parameters.items()},
        horizon=row.horizon.value,
        limits=list(row.limits),
        sources=list(row.sources),
    )


@indicators_room.get("/world/grades", _("Grades"), dict[str, str])
def grades(_request: Call) -> Any:
    """What each grade says of how close a share stands to its product, the best first."""
    return dict(GRADES)
