"""The forms of the market: what of it is shown, and an expression of interest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.base.filter_form import FilterForm
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.market.domain.visibility import ItemFilter
from serai.expo.offers.market.models import Agreement
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
