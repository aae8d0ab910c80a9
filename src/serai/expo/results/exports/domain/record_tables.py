"""A table for every model, with all its fields, made from the model.

References are written so that a person can read them (a firm by its identifier and name, a person by the mail
address). A text in several languages has a column for English, one for Chinese, and one with all as JSON.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import CharField, Field, FileField, ForeignKey, JSONField, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.export_tables import Filter, Rows, Table, Wanted
from serai.expo.base.text import LocalizedTextField
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.mailing.models import MailTemplate
from serai.expo.firms.record.domain.fields import SECTIONS
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.models import Chain, Node, Stage
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.people.account.models import Organisation, User
from serai.expo.programme.sessions.models import Forum, Speaker
from serai.expo.results.exports.domain import records
from serai.expo.results.exports.domain.record_titles import title_of
from serai.expo.venue.halls.models import Booth, Hall

AT_A_TIME = 500

READ_AS: Mapping[type[Model], tuple[tuple[str, str], ...]] = {
    Booth: (("_code", "code"), ("_hall", "hall.code")),
    Chain: (("", "slug"),),
    DeskTask: (("_code", "code"),),
    Edition: (("", "slug"),),
    Firm: (("", "identifier"), ("_legal_name", "legal_name")),
    Forum: (("_slug", "slug"),),
    Hall: (("_code", "code"),),
    MailTemplate: (("_key", "key"),),
    Node: (("_code", "code"),),
    Organisation: (("", "slug"),),
    Participation: (("_firm", "firm.identifier"), ("_name", "firm.legal_name"), ("_kind", "kind")),
    Section: (("_slug", "slug"),),
    Speaker: (("_name", "sort_name"),),
    Stage: (("_code", "code"),),
    User: (("", "email"),),
}
"""The columns of a reference to each model: what follows the name of the field, and the path of the value.

A column that adds nothing to the name replaces the primary key of the row.
"""

PERSONAL = {"Badge", "CoExhibitorInvitation", "ContactPerson", "DelegationMember", "Speaker", "User"}
"""Models with data of persons though they refer to no account."""

FILTERS: Mapping[str, str | Promise] = {
    "kind": _("Kind"),
    "state": _("State"),
    "strength": _("Strength"),
    "purpose": _("Purpose"),
}
"""Fields with choices by which a table can be narrowed."""


@dataclass(frozen=True)
class Column:
    """The name of a column, and the function that reads it from a row."""

    name: str
    read: Callable[[Any], object]


def key_of(model: type[Model]) -> str:
    """'BoothWish' is found at 'record-booth-wish'."""
    return "record-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__).lower()


def record_tables() -> Iterator[Table]:
    """The table of each exported model."""
    for name, model in records.models_by_name().items():
        if name not in records.LEFT_OUT:
            yield record_table(model)


def record_table(model: type[Model]) -> Table:
    """All rows of an edition with all exported fields."""
    columns = [column for field in records.fields_of(model) for column in columns_of(model, field)]
    links = _links(model)

    def rows(edition: Edition, wanted: Wanted) -> Rows:
        of_edition = records.rows_of(model, edition)
        assert of_edition is not None, f"{model.__name__} has no way to an edition: it belongs into LEFT_OUT."
        narrowed = of_edition.filter(**wanted).order_by("pk")
        for row in (narrowed.select_related(*links) if links else narrowed).iterator(AT_A_TIME):
            if records.may_take(row):
                yield tuple(column.read(row) for column in columns)

    names = tuple(column.name for column in columns)
    return Table(
        key_of(model), title_of(model.__name__), names, filters_of(model), is_personal(model), rows, record=True
    )


def is_personal(model: type[Model]) -> bool:
    """Whether rows of the model hold data of persons."""
    return model.__name__ in PERSONAL or any(field.related_model is User for field in model._meta.concrete_fields)


def filters_of(model: type[Model]) -> tuple[Filter, ...]:
    fields = {field.name: field for field in records.fields_of(model) if isinstance(field, CharField) and field.choices}
    return tuple(
        Filter(name, label, list(fields[name].flatchoices)) for name, label in FILTERS.items() if name in fields
    )


def columns_of(model: type[Model], field: Field[Any, Any]) -> list[Column]:
    """The columns of a field."""
    name = field.name
    if field.is_relation and field.related_model is Edition and model.__name__ not in records.WHOLE:
        return []  # all rows are of one
    if isinstance(field, ForeignKey):
        ways = READ_AS.get(field.related_model, ())
        own = (
            [] if any(not behind for behind, _way in ways) else [Column(name, lambda row: records.value_of(row, field))]
        )
        return own + [Column(name + behind, _over(field, way)) for behind, way in ways]
    if isinstance(field, LocalizedTextField):
        return [
            Column(f"{name}_en", lambda row: (records.value_of(row, field) or {}).get("en")),
            Column(f"{name}_zh", lambda row: (records.value_of(row, field) or {}).get("zh-hans")),
            Column(f"{name}_all", lambda row: as_json(records.value_of(row, field) or None)),
        ]
    if isinstance(field, JSONField):
        return [Column(name, lambda row: as_cell(records.value_of(row, field)))]
    if isinstance(field, FileField):
        return [Column(name, lambda row: str(records.value_of(row, field) or ""))]
    return [Column(name, lambda row: records.value_of(row, field))]


def _over(field: Field[Any, Any], path: str) -> Callable[[Any], object]:
    return lambda row: value_at(getattr(row, field.name), path) if records.value_of(row, field) is not None else None


def value_at(row: Any, path: str) -> object:
    """The value at the end of a path such as ``lead.firm.identifier``; None where a part of it is None."""
    return reduce(lambda value, step: None if value is None else getattr(value, step), path.split("."), row)


def _links(model: type[Model]) -> list[str]:
    """The relations that are fetched with a row, so that a table takes one query for any number of rows."""
    links = {"firm"} if model in SECTIONS else set[str]()
    for field in records.fields_of(model):
        for _behind, way in READ_AS.get(field.related_model, ()):  # type: ignore[arg-type]
            links.add("__".join((field.name, *way.split(".")[:-1])))
    return sorted(links)


def as_json(value: object) -> str:
    """A value as JSON; None is an empty text."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def as_cell(value: object) -> object:
    """A list of plain values stays a list; other nested values become JSON."""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return value
    return as_json(value) if isinstance(value, list | dict) else value
