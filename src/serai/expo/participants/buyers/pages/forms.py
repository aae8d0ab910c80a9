"""Forms of the organiser: vetting a buyer, and the terms for hosted buyers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation


class VetForm(forms.Form):
    """What the organiser decides about a buyer."""

    to = forms.ChoiceField(
        choices=[*Participation.State.choices, ("ask", "")],
    )
    words = forms.CharField(label=_("Reason, or what you want to know"), required=False, max_length=1000)


class TermsForm(forms.Form):
    """A new version of the terms for hosted buyers."""

    text = LocalizedTextFormField(label=_("Terms"), long=True, max_length=20_000)
    suggested = forms.IntegerField(label=_("Meetings suggested"), min_value=0, max_value=200)
    maximum = forms.IntegerField(label=_("Meetings at most"), min_value=1, max_value=200)
