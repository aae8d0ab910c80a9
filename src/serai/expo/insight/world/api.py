"""The model of the world: indicators with their values by country, kinds of scenarios, and what grades say."""

from functools import lru_cache
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.interface.domain.answers import shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.world.measures import INDICATORS, PROPERTIES, Indicator, Record, measure
from serai.world.readers import DEFAULT_TABLE, read
from serai.world.shocks import SHOCKS, Shock
from serai.world.supply.records import GRADES

room = Room(_("World"))


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


@room.list("/world/indicators", _("Indicators"), IndicatorShown)
def indicators(_request: Call, wanted: Query[IndicatorsWanted]) -> Any:
    """Every indicator that is declared, with its definition and source."""
    rows = [row for row in INDICATORS.values() if wanted.property in ("", row.property)]
    return Listed(rows, lambda row: shown(IndicatorShown, row, **_indicator(row)))


@lru_cache(256)
def _measured(symbol: str) -> tuple[int, str, tuple[Record, ...]]:
    """Year and source of the packaged table, and the values: the same for everybody until the process ends."""
    table = read(DEFAULT_TABLE)
    return table.year, table.source, tuple(measure(table, symbols=[symbol]))


@room.get("/world/indicators/{symbol}", _("An indicator by country"), IndicatorInFull)
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


@room.list("/world/shocks", _("Kinds of scenarios"), ShockShown)
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


@room.get("/world/grades", _("Grades"), dict[str, str])
def grades(_request: Call) -> Any:
    """What each grade says of how close a share stands to its product, the best first."""
    return dict(GRADES)
