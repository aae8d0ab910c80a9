"""The forms of the market: what of it is shown, and an expression of interest."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.base.filter_form import FilterForm
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.interests.domain.quotations import TERMS
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.units import UNITS
from serai.expo.offers.market.domain.visibility import ItemFilter
from serai.expo.offers.market.models import Agreement, Incoterm
from serai.world.classifications.country_groups import groups


class InterestForm(forms.Form):
    """The three questions, and the kind of agreement."""

    agreement = forms.ChoiceField(label=_("Kind of agreement"), required=False)
    cooperation = forms.CharField(
        label=_("What kind of cooperation do you mean?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    unclear = forms.CharField(
        label=_("What is unclear to you?"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    about = forms.CharField(
        label=_("Who are you?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you do, how large you are, with whom you work. Your firm is named to the other side."),
    )

    def __init__(self, agreements: list[str], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        choices = [choice for choice in Agreement.choices if not agreements or choice[0] in agreements]
        field.choices = [("", "—"), *choices]


def filter_form(edition: Edition, kind: str, wanted: ItemFilter) -> FilterForm:
    """What of the market is shown: needs or offers, and the conditions that a call takes too."""
    shown = forms.ChoiceField(
        label=_("What"), choices=[("need", _("Needs")), ("offer", _("Offers"))], required=False, initial=kind
    )
    return FilterForm(
        wanted,
        first={"kind": shown},
        always=("q", "family", "unnamed"),
        choices={
            "chain": [(chain.slug, in_language(chain.title).text) for chain in chains_of_edition(edition)],
            "country": country_choices(),
            "group": [(group.key, in_language(group.titles).text) for group in groups()],
        },
    )


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
            self.fields["file"].help_text = gettext("Without a new file %s stays with it.") % standing.file.name

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(gettext("A currency has three letters, such as CNY."))
        return code

    def clean(self) -> dict[str, Any]:
        """A day that is not over, and a place for a term that names one."""
        values = super().clean() or self.cleaned_data
        if values.get("incoterm") and not values.get("place"):
            self.add_error("place", gettext("Say the place that the term of delivery names."))
        if (until := values.get("valid_until")) is not None and until < timezone.localdate():
            self.add_error("valid_until", gettext("The day until which it holds is over already."))
        return values
