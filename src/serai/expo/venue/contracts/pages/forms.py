"""Forms of the terms of exhibiting, and of a signed contract."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import language_name
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.venue.contracts.models import BoothTerms


class BoothTermsForm(forms.Form):
    """A new version of the terms of exhibiting."""

    text = LocalizedTextFormField(label=_("Terms"), long=True, max_length=40_000)
    party = forms.CharField(
        label=_("The organiser as a party"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Legal name, address, number in a register, who signs."),
    )
    language = forms.ChoiceField(
        label=_("Language of the fair"), help_text=_("It stands beside the language of each reader.")
    )
    currency = forms.CharField(label=_("Currency of the prices of booths (ISO 4217)"), max_length=3, required=False)

    def __init__(self, terms: BoothTerms | None, data: Any = None) -> None:
        initial = {name: getattr(terms, name) for name in ("text", "party", "language", "currency")} if terms else {}
        super().__init__(data, initial=initial)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [(code, language_name(code)) for code, _name in settings.LANGUAGES]

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(gettext("A currency has three letters, such as CNY."))
        return code


class SignedForm(forms.Form):
    """The signed page, who signed it and when."""

    file = forms.FileField(label=_("The signed page"), help_text=_("PDF or picture, up to 8 MB."))
    signed_by = forms.CharField(label=_("Who has signed"), max_length=160)
    signed_as = forms.CharField(label=_("Position"), max_length=160, required=False)
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
