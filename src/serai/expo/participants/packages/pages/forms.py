"""Forms of packages."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.packages.models import Package

KINDS = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)


class PackageForm(forms.ModelForm[Package]):
    """A package and its limits."""

    class Meta:
        model = Package
        fields: ClassVar = [
            *("code", "title", "text", "price", "currency", "meetings_minimum", "meetings_maximum", "seats"),
            *("badges", "offers", "launches", "booth_events", "order"),
        ]
        labels: ClassVar = {
            "code": _("Code"),
            "title": _("Title"),
            "text": _("What it holds"),
            "price": _("Price"),
            "currency": _("Currency (ISO 4217)"),
            "meetings_minimum": _("Meetings at least"),
            "meetings_maximum": _("Meetings at most"),
            "seats": _("Seats of the team"),
            "badges": _("Badges"),
            "offers": _("Offers"),
            "launches": _("Launches"),
            "booth_events": _("Events at the booth"),
            "order": _("Order"),
        }
        help_texts: ClassVar = {
            "badges": _("Empty: no limit."),
            "offers": _("Empty: no limit."),
            "launches": _("Empty: no limit."),
            "booth_events": _("Empty: what holds for the fair."),
        }

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as CNY."))
        return code


class GiveForm(forms.Form):
    """To whom a package is given."""

    firms = forms.CharField(
        label=_("Identifiers of firms"),
        required=False,
        max_length=20_000,
        help_text=_("Each on a line or with spaces between."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label=_("All that have none yet, of the kind"),
        required=False,
        choices=[("", "—"), *((kind, kind.label) for kind in KINDS)],
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("firms") and not values.get("kind"):
            raise forms.ValidationError(_("Say to whom it is given."))
        return values
