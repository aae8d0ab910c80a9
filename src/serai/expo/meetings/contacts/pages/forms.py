"""Forms of contacts."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ScanForm(forms.Form):
    """The code of a badge, as scanned or typed, with a note."""

    badge = forms.CharField(
        label=_("Code of a badge"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Scan the badge with the camera of your phone, or type the code below its square."),
    )
    note = forms.CharField(label=_("Notes"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))


class ContactForm(forms.Form):
    """What can be changed of a contact."""

    contact = forms.CharField(label=_("Mail, telephone or WeChat"), required=False, max_length=300)
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
