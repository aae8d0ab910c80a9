"""The form of an own field, and the form of what a participant has in all of them."""

from collections.abc import Iterable
from typing import Any

from django import forms

from serai.expo.participants.own_fields.domain.fields import LONGEST, Shown
from serai.expo.participants.own_fields.models import OwnField


class OwnFieldForm(forms.ModelForm[OwnField]):
    """Its title in each language, what it holds, and who reads it."""

    class Meta:
        model = OwnField
        fields = ("title", "kind", "audience", "listed")


class OwnValuesForm(forms.Form):
    """An input for each own field of the fair, by its key."""

    def __init__(self, values: Iterable[Shown], data: Any = None) -> None:
        super().__init__(data)
        for shown in values:
            self.fields[shown.field.key] = forms.CharField(
                label=shown.title,
                required=False,
                max_length=LONGEST,
                initial="" if shown.value is None else str(shown.value),
            )
