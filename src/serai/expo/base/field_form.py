"""Form fields made from the table of fields, and their choices."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop

from serai.expo.base.collation import index_key
from serai.expo.base.fields import Field
from serai.expo.base.text_form import LocalizedTextFormField
from serai.world.classifications import countries

LONGEST_LIST = 20_000
"""The most characters of a list of codes or names. The field itself limits its entries."""


class Page(Protocol):
    """The page of a form: the languages that are side by side, and the one that the reader asked for."""

    @property
    def languages(self) -> Sequence[str]: ...

    @property
    def asked(self) -> str: ...


class NumberField(forms.FloatField):
    """A number. A whole number is shown without a decimal mark."""

    def prepare_value(self, value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _text(field: Field, page: Page, options: dict[str, Any]) -> forms.Field:
    return LocalizedTextFormField(
        asked=page.asked, languages=page.languages, long=field.long, max_length=field.most, **options
    )


type Make = Callable[[Field, Any, dict[str, Any]], forms.Field]
"""Makes the field of a form for a page, with the options label, help and required."""


def _limited(kind: type[Any], **more: Any) -> Make:
    return lambda field, _page, options: kind(min_value=field.least, max_value=field.most, **more, **options)


PLAIN: Mapping[str, Make] = {
    "line": lambda field, _page, options: forms.CharField(max_length=field.most, **options),
    "texts": _text,
    "year": _limited(forms.IntegerField),
    "days": _limited(forms.IntegerField),
    "number": _limited(NumberField, widget=forms.NumberInput({"step": "any", "dir": "ltr"})),
    "decimal": lambda field, _page, options: forms.DecimalField(
        min_value=field.least, max_value=field.most, max_digits=16, decimal_places=field.places, **options
    ),
    "day": lambda _field, _page, options: forms.DateField(widget=day_input(), **options),
    "flag": lambda _field, _page, options: forms.BooleanField(**options),
}


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
