"""Forms of API keys and webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import ApiKey
from serai.expo.people.account.models import User


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=100,
        help_text=_("What uses it, so that you know it again."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=ApiKey.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    only_in = forms.ModelChoiceField(label=_("Only for"), queryset=Edition.objects.none(), required=False)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(90, _("90 days")), (365, _("365 days")), (0, _("Until it is revoked"))],
        initial=365,
    )

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        only_in = self.fields["only_in"]
        assert isinstance(only_in, forms.ModelChoiceField)
        only_in.queryset = Edition.objects.filter(organisation__roles__user=user).distinct()
        rows = [(row.pk, _name(row)) for row in only_in.queryset]
        only_in.choices = [("", _("every fair that I may see")), *rows]


def _name(edition: Edition) -> str:
    return in_language(edition.name).text or edition.slug


class WebhookForm(forms.Form):
    """A new webhook."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "dir": "ltr", "lang": "zxx"}),
    )
    events = forms.CharField(
        label=_("Events"),
        initial="meeting.*\nsign_up.*",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "lang": "zxx"}),
        help_text=_("One a line; * stands for any part, as in meeting.* ."),
    )

    def clean_events(self) -> list[str]:
        return str(self.cleaned_data["events"]).split()
