"""The form of a lead."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.people.account.models import User

RATINGS = [(0, "—"), (1, "★"), (2, "★★"), (3, "★★★"), (4, "★★★★"), (5, "★★★★★")]


class LeadForm(forms.Form):
    """A person met, their interest, and the next step."""

    person = forms.CharField(label=_("Person"), max_length=120)
    firm_name = forms.CharField(label=_("Firm"), required=False, max_length=300)
    position = forms.CharField(label=_("Position"), required=False, max_length=120)
    contact = forms.CharField(label=_("Mail, telephone or WeChat"), required=False, max_length=300)
    need = forms.CharField(
        label=_("What is needed"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    asked = forms.MultipleChoiceField(
        label=_("What was asked for"), choices=Asked.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    rating = forms.TypedChoiceField(label=_("Rating"), choices=RATINGS, coerce=int, required=False, empty_value="0")
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    next_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), required=False)

    def clean_rating(self) -> int:
        return int(self.cleaned_data["rating"])

    @classmethod
    def empty(cls) -> Self:
        """The form without a lead: it lists no people of a team, and a badge can stand for the person."""
        form = cls(Lead())
        del form.fields["owner"]
        form.fields["person"].required = False
        return form

    def __init__(self, lead: Lead, data: Any = None) -> None:
        initial = {name: getattr(lead, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        if lead.participation_id is not None:
            owner.queryset = User.objects.filter(roles__firm=lead.participation.firm_id).order_by("name", "pk")
