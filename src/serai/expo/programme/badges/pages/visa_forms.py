"""The form of a letter of invitation: details of a passport, which are printed and never saved."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.badges.domain.visa_letters import Traveller

OLDEST = 120
"""Years."""


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}), **options
    )


class PassportField(forms.CharField):
    """A passport number, normalised to capitals without spaces and hyphens."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper().replace(" ", "").replace("-", "")


class TravellerForm(forms.Form):
    """The traveller, with the details of the passport."""

    name = forms.CharField(
        label=_("Name as in the passport"), help_text=_("In Latin letters, as in its lowest two lines."), max_length=120
    )
    born_on = _day(_("Date of birth"))
    nationality = forms.ChoiceField(label=_("Nationality"), choices=country_choices)
    passport = PassportField(
        label=_("Passport number"),
        max_length=20,
        validators=[RegexValidator(r"\A[A-Z0-9]{5,20}\Z", _("A passport number has 5 to 20 letters and digits."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    valid_until = _day(_("Passport valid until"))
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    arrives_on = _day(_("Arrives on"), required=False)
    leaves_on = _day(_("Leaves on"), required=False)

    def __init__(self, edition: Edition, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.edition = edition

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        today: date = today_at(self.edition)
        born, until = given.get("born_on"), given.get("valid_until")
        arrives, leaves = given.get("arrives_on"), given.get("leaves_on")
        if (born and not today.year - OLDEST <= born.year <= today.year) or (born and born >= today):
            self.add_error("born_on", _("This is no date of birth of somebody who travels."))
        if until and until < max(self.edition.ends_on, leaves or self.edition.ends_on):
            self.add_error(
                "valid_until", _("The passport runs out before the journey ends. It has to be renewed first.")
            )
        if bool(arrives) != bool(leaves):
            self.add_error("leaves_on", _("Give both days of the stay, or neither."))
        elif arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", _("The traveller would leave before arriving."))
        return given

    def traveller(self) -> Traveller:
        return Traveller(**self.cleaned_data)
