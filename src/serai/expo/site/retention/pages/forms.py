"""The form of a term."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.retention import LONGEST


class TermForm(forms.Form):
    """The days and the reason of a term."""

    days = forms.IntegerField(label=_("Days after the last day"), min_value=0, max_value=LONGEST)
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Whoever is concerned reads it."))
