"""Exports for organisers: which tables there are, and each as a workbook, CSV or JSON."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.export_tables import Table, tables
from serai.expo.base.rows import or_404
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Slug, one_of
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.jobs.api import JobShown, shown_job
from serai.expo.fairs.jobs.domain import start
from serai.expo.results.exports.domain.formats import FORMATS

room = Room(_("Exports"))


class FilterShown(Schema):
    name: str
    choices: list[str]


class TableShown(Schema):
    key: str
    title: str
    columns: list[str]
    filters: list[FilterShown]
    personal: bool = Field(description="It holds data of persons")
    record: bool = Field(description="All fields of one kind of record, and not a view made of several")


class Taking(Schema):
    format: Annotated[str, one_of(list(FORMATS))] = "json"
    filters: dict[str, str] = Field(
        default_factory=dict, max_length=20, description="Of those that the table has, by name"
    )


def table(row: Table) -> TableShown:
    filters = [
        FilterShown(name=filter_.name, choices=[str(value) for value, _label in filter_.choices])
        for filter_ in row.filters
    ]
    return TableShown(
        key=row.key,
        title=str(row.title),
        columns=list(row.columns),
        filters=filters,
        personal=row.personal,
        record=row.record,
    )


@room.list("/exports", _("Tables to download"), TableShown, table, scope=ORGANISE)
def exports(_request: Call, _edition: Edition) -> Any:
    """With the columns and filters of each."""
    return list(tables().values())


@room.post("/exports/{key}", _("Download a table"), JobShown, scope=DECIDE, status=202)
def take_export(request: Call, edition: Edition, key: Slug, given: Taking) -> Any:
    """As the file of a job. A POST, since who took what is written down."""
    table = or_404(tables().get(key), _("There is no such export."))
    for name, value in given.filters.items():
        if value not in table.offered.get(name, ()):
            raise ProblemError(
                409, _("This table has no filter %(name)s with the choice %(value)s.") % {"name": name, "value": value}
            )
    return shown_job(start(edition, "export", user=request.user, table=key, **given.model_dump()))


@room.post("/exports", _("Download all data of the fair"), JobShown, scope=DECIDE, status=202)
def take_everything(request: Call, edition: Edition) -> Any:
    """As the file of a job: one archive with a file of JSON lines for each kind of record."""
    return shown_job(start(edition, "export-of-all", user=request.user))
