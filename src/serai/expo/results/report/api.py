"""The figures of the report, each with its definition and version."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.values import Moment
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain.summary import figures

room = Room(_("Report"))

COUNTED = _("Counted from the records of this fair, by the definition beside it")


class FigureShown(Schema):
    code: str
    group: str
    title: str
    definition: str
    version: int
    unit: str
    value: float | None = Field(description="null means that it cannot be said, never that it is zero")
    as_of: Moment = Field(description="When it was counted")
    source: str


def figure(row: Figure) -> FigureShown:
    definition = row.definition
    return FigureShown(
        code=row.code,
        group=definition.group,
        title=str(definition.title),
        definition=str(definition.text),
        version=definition.version,
        unit=str(definition.unit),
        value=row.value,
        as_of=row.as_of,
        source=str(COUNTED),
    )


@room.list("/figures", _("Figures"), FigureShown, figure)
def figures_(_request: Call, edition: Edition) -> Any:
    """The figures of the report, counted now."""
    return figures(edition)


@room.get("/figures/{code}", _("A figure"), FigureShown)
def figure_(_request: Call, edition: Edition, code: str) -> Any:
    row = next(iter(figures(edition, codes=[code])), None)
    if row is None:
        raise Http404(_("There is no figure of this code."))
    return figure(row)
