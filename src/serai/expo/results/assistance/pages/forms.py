"""Forms of the assistance desk."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.results.assistance.domain import cases
from serai.expo.results.assistance.models import AssistanceCase


class CaseForm(forms.ModelForm[AssistanceCase]):
    """A case as the organiser edits it."""

    class Meta:
        model = AssistanceCase
        fields = ("kind", "state", "note", "answer", "budget_line", "budget", "spent", "currency", "due_on")
        widgets: ClassVar = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
            "answer": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.staff = {str(user.pk): user for user in cases.staff(edition)}
        self.fields["responsible"] = forms.ChoiceField(
            label=_("Responsible"),
            choices=[("", "–"), *((key, str(user)) for key, user in self.staff.items())],
            required=False,
            initial=self.instance.responsible_id or "",
        )
        for name in ("budget", "spent"):
            self.fields[name].widget.attrs["min"] = 0
        self.fields["currency"].widget.attrs["pattern"] = "[A-Za-z]{3}"

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).strip().upper()
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as USD."))
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("budget", "spent"):
            if (cleaned.get(name) or 0) < 0:
                self.add_error(name, _("Give 0 or more."))
        self.instance.responsible = self.staff.get(cleaned.get("responsible", ""))
        return cleaned


class NewCaseForm(CaseForm):
    """A new case, for one of the exhibitors who are entitled."""

    def __init__(self, edition: Edition, exhibitors: list[Participation], *args: Any, **options: Any) -> None:
        super().__init__(edition, *args, **options)
        self.exhibitors = {str(exhibitor.pk): exhibitor for exhibitor in exhibitors}
        named = [(key, shown_name(exhibitor.firm)) for key, exhibitor in self.exhibitors.items()]
        self.fields["participation"] = forms.ChoiceField(label=_("Exhibitor"), choices=named)
        self.order_fields(["participation"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (chosen := self.exhibitors.get(cleaned.get("participation", ""))) is not None:
            self.instance.participation = chosen
        return cleaned


class AskForm(forms.Form):
    """What an exhibitor asks for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AssistanceCase.Kind.choices)
    note = forms.CharField(
        label=_("What is needed"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
