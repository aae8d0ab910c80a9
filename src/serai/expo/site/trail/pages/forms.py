"""The form that narrows the audit trail."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.words import done
from serai.expo.base.collation import index_key
from serai.expo.results.exports.domain.record_titles import record_title


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
        labelled: Mapping[str, Iterable[tuple[str, str]]] = {
            "action": ((action, f"{done(action)} ({action})") for action in actions),
            "object_type": ((name, str(record_title(name))) for name in object_types),
        }
        for name, choices in labelled.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("all")), *sorted(choices, key=lambda choice: index_key(choice[1]))]
