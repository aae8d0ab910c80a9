"""The form that narrows the audit trail."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _


class LookForm(forms.Form):
    """Which entries of the audit trail to show."""

    action = forms.ChoiceField(label=_("Action"), required=False)
    object_type = forms.ChoiceField(label=_("Kind of record"), required=False)
    object_id = forms.CharField(label=_("Number of the record"), required=False, max_length=64)
    user = forms.CharField(
        label=_("Person"), required=False, max_length=200, help_text=_("Part of the name or mail address.")
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    request = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput())

    def __init__(self, data: Mapping[str, str], actions: Sequence[str], object_types: Sequence[str]) -> None:
        super().__init__(data)
        for name, values in (("action", actions), ("object_type", object_types)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("all")), *((value, value) for value in values)]
