"""How forms are drawn, and the form of a filter on a page, made from its declaration (``filters``).

``filters.read`` alone reads the address, so that an address means the same on a page and in a call.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField, Select, SelectMultiple, Widget
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from serai.expo.base.filters import Asked, declared


class Field(BoundField):
    """A field whose choice stands in the direction of its first option: in Arabic a Latin name is cut at its end."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        drawn = widget or self.field.widget
        if isinstance(drawn, Select) and not isinstance(drawn, SelectMultiple):
            built.setdefault("dir", "auto")
        return built


class Renderer(DjangoTemplates):
    bound_field_class = Field


class LongSelect(forms.Select):
    """A list without a template for each option: Django's takes a tenth of a second for a thousand exhibitors."""

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> Any:  # noqa: ARG002 - Django's signature
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        chosen = "" if value is None else str(value)
        choices = ((key, " selected" if str(key) == chosen else "", label) for key, label in self.choices)
        options = format_html_join("\n", '<option value="{}"{}>{}</option>', choices)
        return format_html("<select{}>\n{}\n</select>", attributes, options)


type Choices = Iterable[tuple[str, Any]]


class FilterForm(forms.Form):
    """The fields of a filter that have a title, each with the value that was given."""

    def __init__(
        self,
        wanted: Any,
        *,
        choices: Mapping[str, Choices] | None = None,
        first: Mapping[str, forms.Field] | None = None,
        always: Iterable[str] = (),
    ) -> None:
        """``wanted`` is the filter as it was read. ``choices`` are offered for codes that are declared without choices.
        ``first`` are fields of the page that are no conditions. ``always`` names the conditions that are always open.
        """
        super().__init__()
        self.fields.update(first or {})
        self.always = (*(first or ()), *always)
        for name, asked in declared(type(wanted)).items():
            if asked.title:
                field = _field(asked, (choices or {}).get(name))
                field.initial = getattr(wanted, name) or None
                self.fields[asked.name] = field

    def open(self) -> list[forms.BoundField]:
        """The fields that are always shown."""
        return [self[name] for name in self.fields if name in self.always]

    def more(self) -> list[forms.BoundField]:
        """The fields that are shown only when they are opened or set."""
        return [self[name] for name in self.fields if name not in self.always]

    def more_is_set(self) -> bool:
        return any(field.initial for field in self.more())


def _field(asked: Asked, choices: Choices | None) -> forms.Field:
    options: dict[str, Any] = {"label": asked.title, "required": False}
    if asked.kind is bool:
        return forms.BooleanField(widget=forms.CheckboxInput({"value": "1"}), **options)
    if asked.kind is int:
        return forms.IntegerField(min_value=1, max_value=asked.most, **options)
    if offered := choices or asked.labels:
        return forms.ChoiceField(choices=[("", "—"), *(pair for pair in offered if pair[0])], **options)
    return forms.CharField(max_length=asked.most, **options)
