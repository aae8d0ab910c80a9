"""Forms of the buyer's and the delegation's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.models import Firm
from serai.expo.participants.buyers.domain.registration import Answers
from serai.expo.participants.buyers.models import DelegationMember, Vetting
from serai.expo.participants.delegations.domain import Journey
from serai.expo.participants.questions.domain.questions import asked_of
from serai.expo.participants.questions.pages.fields import add_questions, given_in


class RegisterForm(forms.Form):
    """The registration of a firm as a buyer."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"), required=False)
    legal_name = forms.CharField(
        label=_("Name of the firm"),
        max_length=longest("legal_name"),
        required=False,
        help_text=_("As in its certificate of registration."),
    )
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)
    website = forms.URLField(label=_("Web site"), required=False, max_length=longest("website"), assume_scheme="https")
    position = forms.CharField(label=_("Your position"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("You buy"), choices=Vetting.Purpose.choices)
    about = forms.CharField(
        label=_("What you buy, and how much of it a year"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The organiser reads it to let you in; nobody else does."),
    )
    hosted = forms.BooleanField(label=_("We would like to come as a hosted buyer"), required=False)

    def __init__(self, edition: Edition, firms: list[Firm], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = asked_of(edition, Participation.Kind.BUYER)
        add_questions(self, self.questions, Participation.Kind.BUYER)
        firm = self.fields["firm"]
        assert isinstance(firm, forms.ModelChoiceField)
        if firms:
            firm.queryset = Firm.objects.filter(pk__in=[known_firm.pk for known_firm in firms])
            firm.empty_label = str(_("another firm"))
        else:
            del self.fields["firm"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("firm"):
            for name in ("legal_name", "country"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for a firm that you don't act for yet."))
        self.own_answers = given_in(self, self.questions)
        return cleaned

    def answers(self) -> Answers:
        """What was said."""
        given = self.cleaned_data
        return Answers(given["purpose"], given["position"], given["hosted"], given["about"], self.own_answers)


class TargetsForm(forms.Form):
    """The least and the most meetings that a buyer wants."""

    minimum = forms.IntegerField(label=_("Meetings at least"), min_value=0, max_value=500)
    maximum = forms.IntegerField(label=_("Meetings at most"), min_value=0, max_value=500)


class DelegationForm(forms.Form):
    """A delegation."""

    name = forms.CharField(label=_("Name of the delegation"), max_length=200)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = country_choices()


class MemberForm(forms.Form):
    """A member of a delegation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    part = forms.ChoiceField(label=_("Part"), choices=DelegationMember.Part.choices, initial="delegate")
    firm = forms.CharField(
        label=_("Identifier of the firm"),
        max_length=32,
        required=False,
        help_text=_("Its people are asked whether you may act for it."),
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    letter = forms.BooleanField(label=_("A letter for the visa is wanted"), required=False)

    def journey(self) -> Journey:
        """The journey as entered."""
        given = self.cleaned_data
        letter = DelegationMember.Letter.WANTED if given["letter"] else DelegationMember.Letter.NONE
        return Journey(given["arrives_on"], given["leaves_on"], letter)
