"""What forms of several rooms offer to choose from, and by what it is called."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop

from serai.expo.base.collation import index_key
from serai.world.classifications import countries

NOTHING_CHOSEN = gettext_noop("- Select an option -")
"""Django's own words above a list, which it has not translated into all our languages."""


def country_choices() -> list[tuple[str, str]]:
    """None, then all countries and regions as ``countries_by_name`` has them."""
    return [("", "—"), *countries_by_name(countries.countries())]


def countries_by_name(codes: Iterable[str]) -> list[tuple[str, str]]:
    """These countries and regions with their names in the reader's language, in the order of its index.

    Chinese names stand by pinyin, accents count for nothing, and Arabic names stand as in an Arabic index.
    """
    language = get_language() or "en"
    named = [(code, countries.name(code, language)) for code in codes]
    return sorted(named, key=lambda pair: index_key(pair[1]))


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str]) -> None:
    """Let the field offer these rows by this label; they can be asked for inside of an edition's scope only."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.label_from_instance = label  # type: ignore[assignment,method-assign]  # Django's own way is a class a label
