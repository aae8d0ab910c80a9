"""How forms draw their fields: as Django does, with choices that keep the beginning of a long name in every script."""

from typing import Any

from django.forms import BoundField, Select, SelectMultiple, Widget
from django.forms.renderers import DjangoTemplates


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
