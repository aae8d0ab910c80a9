"""The reason for which somebody acts with more rights than its own."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """The reason, which is recorded."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It is kept, together with all that is done until the end.")
    )
