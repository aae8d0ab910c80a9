"""What an entry of the trail tells, in words: which fields changed, from what and to what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from serai.expo.base.audit.domain.entries import OWN_OF_MODEL
from serai.expo.base.audit.domain.field_titles import ACTIONS, TITLES
from serai.expo.base.fields import title_in_table
from serai.expo.base.numbers import plain_number
from serai.expo.base.text import LocalizedTextField, country_name, in_language, language_name

EMPTY = "–"
TOLD_APART = frozenset({"id", "edition", "token_hash", "key_hash"})
"""Fields that an entry names beside its values, and those whose value tells a reader nothing."""

type State = Mapping[str, Any] | None
type Names = Mapping[tuple[type[Model], Any], str]
"""A row, by its model and primary key -> what people call it."""


@dataclass(frozen=True)
class Change:
    """A field before and after; None if there is no such state."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class WordedChange:
    """The title of a field and its values in words; None if there is no such state."""

    title: str
    before: str | None
    after: str | None


def changes(before: State, after: State) -> list[Change]:
    """What changed from one state to the other, field by field."""
    old, new = before or {}, after or {}
    return [
        Change(name, old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)
    ]


def done(action: str) -> str:
    """What an action of the trail did, as in "Changed" for ``hall.changed``."""
    verb = action.rpartition(".")[2]
    return str(ACTIONS.get(verb) or gettext(capfirst(verb.replace("_", " "))))


def in_words(entries: Sequence[tuple[str, State, State]]) -> list[list[WordedChange]]:
    """The changes of each entry, given by the name of its model and both states, in the reader's language.

    A row that a value names is called as people call it. The queries are as many as there are models of such rows.
    """
    names = _names(entries)
    return [list(_worded(_fields(kind), kind, before, after, names)) for kind, before, after in entries]


def _worded(
    fields: Mapping[str, Field[Any, Any]], kind: str, before: State, after: State, names: Names
) -> Iterator[WordedChange]:
    for change in changes(before, after):
        field = fields.get(change.field)
        if change.field in TOLD_APART:
            continue
        title = title_of(kind, change.field, field)
        for part, old, new in _parts(field, change.before, change.after):
            told_old = None if before is None else words_of(field, old, names)
            told_new = None if after is None else words_of(field, new, names)
            if not (before is None and told_new == EMPTY) and not (after is None and told_old == EMPTY):
                yield WordedChange(f"{title} ({part})" if part else title, told_old, told_new)


def _parts(field: Field[Any, Any] | None, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """A mapping key by key, each text with its language; another value whole."""
    if not all(isinstance(value, Mapping) or value is None for value in (old, new)):
        yield "", old, new
        return
    for change in changes(old, new):
        localized = isinstance(field, LocalizedTextField)
        yield language_name(change.field) if localized else change.field, change.before, change.after


def _fields(kind: str) -> Mapping[str, Field[Any, Any]]:
    try:
        model = apps.get_model("expo", kind)
    except LookupError:
        return {}
    return {field.name: field for field in model._meta.concrete_fields}


def title_of(kind: str, name: str, field: Field[Any, Any] | None) -> str:
    """What a field of a model is called in the reader's language; ``field`` is None where the model has none."""
    declared = title_in_table(kind, name)
    if not declared and field is not None and isinstance(field.verbose_name, Promise):
        declared = field.verbose_name
    usual = capfirst(str(field.verbose_name) if field is not None else name.replace("_", " "))
    return str(declared or TITLES.get(name) or gettext(usual))


def words_of(field: Field[Any, Any] | None, value: Any, names: Names) -> str:
    """A value in words: a choice by its label, a row by its name, days and numbers as readers write them."""
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field is not None and field.is_relation and field.related_model:
        return names.get((field.related_model, value), str(value))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {words_of(None, part, names)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(words_of(None, part, names) for part in value)
    if isinstance(value, float):
        return plain_number(Decimal(str(value)))
    if field is None:
        return str(value)
    if label := dict(field.flatchoices).get(value):
        return str(label)
    return _told_by_kind(field, value)


def _told_by_kind(field: Field[Any, Any], value: Any) -> str:
    kind, text = field.get_internal_type(), str(value)
    with suppress(LookupError, ValueError):  # what is masked, or was never right, stands as it is
        if field.name == "country":
            return country_name(text)
        if field.name == "language":
            return language_name(text)
        if kind == "DateTimeField" and (moment := parse_datetime(text)):
            return date_format(localtime(moment) if is_aware(moment) else moment, "DATETIME_FORMAT")
        if kind == "DateField" and (day := parse_date(text)):
            return date_format(day, "DATE_FORMAT")
        if kind == "TimeField" and (clock := parse_time(text)):
            return time_format(clock, "TIME_FORMAT")
    return text


def _names(entries: Iterable[tuple[str, State, State]]) -> Names:
    """What people call the rows that values of these entries name."""
    asked: dict[type[Model], set[Any]] = {}
    for kind, *states in entries:
        fields = _fields(kind)
        for name, value in ((name, value) for state in states for name, value in (state or {}).items()):
            model = fields[name].related_model if name in fields and name not in TOLD_APART else None
            if isinstance(model, type) and isinstance(value, int) and model._meta.model_name not in OWN_OF_MODEL:
                asked.setdefault(model, set()).add(value)
    return {
        (model, row.pk): name
        for model, numbers in asked.items()
        for row in _rows(model).filter(pk__in=numbers)
        if (name := _name(row))
    }


def _rows(model: type[Model]) -> Any:
    of_firm = any(field.name == "firm" for field in model._meta.concrete_fields)
    return model._base_manager.select_related("firm") if of_firm else model._base_manager.all()


def _name(row: Any) -> str:
    """What people call a row: its title or name, or that of its firm; a person as everywhere."""
    if row._meta.model_name == "user":
        return str(row)
    for owner in (row, getattr(row, "firm", None)):
        for name in ("title", "name", "legal_name"):
            text = getattr(owner, name, None)
            text = in_language(text).text if isinstance(text, Mapping) else text
            if isinstance(text, str) and text:
                return text
    return ""
