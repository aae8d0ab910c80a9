"""What forms of several rooms offer to choose from, and by what it is called."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language

from serai.expo.firms.names import sort_name
from serai.world.classifications import countries


def country_choices() -> list[tuple[str, str]]:
    """None, then all countries and regions by name in the reader's language, Chinese names by pinyin."""
    language = get_language() or "en"
    named = [(code, countries.name(code, language)) for code in countries.countries()]
    return [("", "—"), *sorted(named, key=lambda pair: sort_name(pair[1]))]


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str]) -> None:
    """Let the field offer these rows by this label; they can be asked for inside of an edition's scope only."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.label_from_instance = label  # type: ignore[assignment,method-assign]  # Django's own way is a class a label
