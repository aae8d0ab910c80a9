"""What forms of several rooms offer to choose from, and by what it is called."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop

from serai.expo.firms.record.domain.names import sort_name
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


_ARTICLE = re.compile(r"^[اٱ]ل(?=\w{2})")
_AS_IN_AN_INDEX = str.maketrans("ٱىة", "ايه")


def index_key(name: str) -> str:
    """By what a name stands in an index: the article of an Arabic one, and the forms of alef, count for nothing.

    The article has a bare alef: with a hamza, as in the Arabic for Germany, it is the name's own letter.
    """
    return sort_name(_ARTICLE.sub("", name).translate(_AS_IN_AN_INDEX))


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str]) -> None:
    """Let the field offer these rows by this label; they can be asked for inside of an edition's scope only."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
    field.label_from_instance = label  # type: ignore[assignment,method-assign]  # Django's own way is a class a label
