"""Forms of the ledger."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.meetings.outcomes.domain.ledger import Terms
from serai.expo.meetings.outcomes.models import FollowUp, Outcome

CURRENCIES = ("USD", "EUR", "CNY", "GBP", "JPY", "AED", "BRL", "CHF", "INR", "KES", "RUB", "SAR", "ZAR")


class TermsForm(forms.Form):
    """The terms of an outcome."""

    title = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    value = forms.DecimalField(label=_("Amount"), required=False, max_digits=15, decimal_places=2, min_value=0)
    currency = forms.ChoiceField(
        label=_("Currency"), required=False, choices=[("", "—"), *((code, code) for code in CURRENCIES)]
    )
    band = forms.ChoiceField(label=_("Or a band"), required=False, choices=[("", _("not said")), *Outcome.Band.choices])
    months = forms.IntegerField(label=_("Over how many months"), required=False, min_value=1, max_value=240)
    confidential = forms.BooleanField(
        label=_("Confidential"), required=False, help_text=_("Its value then counts in sums only, never by itself.")
    )

    def terms(self, language: str) -> Terms:
        """The terms as they were filled in."""
        return Terms(**self.cleaned_data, language=language)


class FollowUpForm(forms.Form):
    """The answer to a follow-up."""

    answer = forms.ChoiceField(label=_("How is it going?"), choices=FollowUp.Answer.choices)
    words = forms.CharField(label=_("In a few words"), required=False, max_length=500)


class EvidenceForm(forms.Form):
    """A document."""

    file = forms.FileField(
        label=_("Document"), help_text=_("PDF, PNG or JPEG, up to 5 MB. Only the parties and the organiser see it.")
    )
