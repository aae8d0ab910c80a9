"""How forms are drawn: by the templates of Serai, with long choices drawn once."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField, Select, SelectMultiple, Widget
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join


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
