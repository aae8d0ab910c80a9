"""The form of a correction."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import countries_by_name
from serai.expo.base.text import in_language
from serai.expo.fairs.groups.domain import choosable
from serai.expo.fairs.groups.models import GroupMembership
from serai.world.classifications.countries import countries
from serai.world.classifications.country_groups import groups

STATUSES = [
    ("member", _("member")),
    ("party", _("party to the agreement")),
    ("signatory", _("has signed")),
    ("observer", _("observer")),
    (GroupMembership.NONE, _("no membership")),
]


class ChoiceForm(forms.Form):
    """The groups for which the fair shows shares."""

    shown = forms.MultipleChoiceField(
        label=_("Groups whose share is shown"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["shown"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choosable()


class CorrectionForm(forms.Form):
    """A membership of a country in a group, with its dates and its source."""

    group = forms.ChoiceField(label=_("Group"))
    country = forms.ChoiceField(label=_("Country or region"))
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES)
    since = forms.CharField(
        label=_("From"), required=False, max_length=10, help_text=_("As 2026, 2026-11 or 2026-11-24.")
    )
    until = forms.CharField(label=_("Last day"), required=False, max_length=10)
    source = forms.CharField(label=_("Source"), max_length=300)
    verified = forms.BooleanField(label=_("Two independent sources agree"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        lists = {
            "group": [(group.key, str(in_language(group.titles))) for group in groups()],
            "country": countries_by_name(countries()),
        }
        for key, choices in lists.items():
            field = self.fields[key]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
