"""Forms of the organiser: vetting a buyer, and the terms for hosted buyers."""

from typing import Any

from babel.numbers import is_currency
from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.buyers.domain.visits import FIELDS, MOST_INTERESTS
from serai.expo.participants.buyers.models import Visit


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


class VisitForm(forms.Form):
    """What a buyer or a delegation comes for, and when."""

    budget = forms.DecimalField(label=_("Budget"), required=False, min_value=0, max_digits=14, decimal_places=2)
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, help_text=_("Its code, such as EUR, USD or CNY.")
    )
    interests = forms.CharField(
        label=_("Interests"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What it wants to see, one a line."),
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput({"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, visit: Visit, data: Any = None) -> None:
        kept = {name: getattr(visit, name) for name in FIELDS} | {"interests": "\n".join(visit.interests)}
        super().__init__(data, initial=kept)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not is_currency(code):
            raise forms.ValidationError(_("No currency has this code. Write one such as EUR, USD or CNY."))
        return code

    def clean_interests(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["interests"].splitlines())
        return [line for line in lines if line][:MOST_INTERESTS]
