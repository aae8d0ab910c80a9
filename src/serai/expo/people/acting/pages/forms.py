"""Forms of acting with the rights of somebody else."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why; it is kept."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It is kept, together with all that is done until the end.")
    )


class ActAsForm(ReasonForm):
    person = forms.IntegerField(widget=forms.HiddenInput)
