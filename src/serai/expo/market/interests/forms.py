"""The form of an expression of interest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.market.models import Agreement, Family


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
        known = [choice for choice in Agreement.choices if not agreements or choice[0] in agreements]
        field.choices = [("", "—"), *known]


class FilterForm(forms.Form):
    """What of the market is shown."""

    kind = forms.ChoiceField(label=_("What"), choices=[("need", _("Needs")), ("offer", _("Offers"))], required=False)
    family = forms.ChoiceField(label=_("Family"), choices=[("", "—"), *Family.choices], required=False)
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    unnamed = forms.BooleanField(label=_("Without a name only"), required=False)
