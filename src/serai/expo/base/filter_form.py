"""The form of a filter on a page, made from its declaration (``filters``).

``filters.read`` alone reads the address, so that an address means the same on a page and in a call.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from serai.expo.base.filters import Asked, declared

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
