"""The form of a quotation."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from serai.expo.offers.interests.domain.quotations import TERMS
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.units import UNITS
from serai.expo.offers.market.models import Incoterm


class QuotationForm(forms.Form):
    """A price, for how much of what, delivered how and where, in what time, and until when it holds."""

    price = forms.DecimalField(label=_("Price"), max_digits=16, decimal_places=4, min_value=Decimal("0.0001"))
    currency = forms.CharField(
        label=_("Currency (ISO 4217)"), max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    per = forms.DecimalField(
        label=_("For how many"),
        max_digits=16,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        initial=1,
        help_text=_("Of the unit below: 1000 where the price is for a thousand."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS[1:])
    incoterm = forms.ChoiceField(
        label=_("Term of delivery (Incoterms 2020)"), choices=[("", "—"), *Incoterm.choices], required=False
    )
    place = forms.CharField(label=_("Place that the term names"), max_length=200, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity that it holds for"), max_digits=16, decimal_places=2, min_value=Decimal(0), required=False
    )
    lead_time_days = forms.IntegerField(label=_("Lead time in days"), min_value=0, max_value=3_650, required=False)
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("The quotation as a document"), required=False, help_text=_("PDF or picture, up to 8 MB.")
    )

    def __init__(self, standing: Quotation | None, data: Any = None, files: Any = None) -> None:
        initial = {name: getattr(standing, name) for name in TERMS} if standing else {}
        for name in ("price", "per", "quantity"):
            if isinstance(amount := initial.get(name), Decimal):
                initial[name] = amount.normalize() if amount == amount.to_integral() else amount
                initial[name] = format(initial[name], "f")
        super().__init__(data, files, initial=initial)
        if standing and standing.file:
            self.fields["file"].help_text = _t("Without a new file %s stays with it.") % standing.file.name

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_t("A currency has three letters, such as CNY."))
        return code

    def clean(self) -> dict[str, Any]:
        """A day that is not over, and a place for a term that names one."""
        values = super().clean() or self.cleaned_data
        if values.get("incoterm") and not values.get("place"):
            self.add_error("place", _t("Say the place that the term of delivery names."))
        if (until := values.get("valid_until")) is not None and until < timezone.localdate():
            self.add_error("valid_until", _t("The day until which it holds is over already."))
        return values
