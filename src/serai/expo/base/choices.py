"""Choices that forms of several rooms offer, with their labels."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop

from serai.expo.base.collation import index_key
from serai.world.classifications import countries

NOTHING_CHOSEN = gettext_noop("- Select an option -")
"""Django's own first choice of a list, which Django has not translated into all our languages."""


def country_choices() -> list[tuple[str, str]]:
    """An empty choice, then all countries and regions in the order of ``countries_by_name``."""
    return [("", "—"), *countries_by_name(countries.countries())]


def countries_by_name(codes: Iterable[str]) -> list[tuple[str, str]]:
    """These countries and regions with their names in the reader's language, in the order of ``index_key``."""
    language = get_language() or "en"
    named = [(code, countries.name(code, language)) for code in codes]
    return sorted(named, key=lambda pair: index_key(pair[1]))


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str]) -> None:
    """Let the field offer these rows with this label. The class of a form cannot name rows of an edition."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.label_from_instance = label  # type: ignore[assignment,method-assign]  # Django's own way is a class a label
