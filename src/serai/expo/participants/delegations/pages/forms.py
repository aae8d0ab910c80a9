"""Forms of delegations that the organiser keeps."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.choices import country_choices
from serai.expo.participants.delegations.models import DelegationMember


class DelegationForm(forms.Form):
    """A delegation."""

    name = forms.CharField(label=_("Name of the delegation"), max_length=200)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)


class MemberForm(forms.Form):
    """A member of a delegation, and when it comes."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=200)
    part = forms.ChoiceField(
        label=_("Part"), choices=DelegationMember.Part.choices, initial=DelegationMember.Part.DELEGATE
    )
    firm = forms.CharField(
        label=_("Firm"), required=False, max_length=32, help_text=_("Its identifier, where it takes part.")
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput({"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput({"type": "date"}))
    letter = forms.ChoiceField(label=_("Letter for the visa"), choices=DelegationMember.Letter.choices)
