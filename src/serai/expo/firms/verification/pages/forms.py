"""Forms of the firm: claiming it, entering a new one, asking for a level of verification, deciding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.models import Evidence, Verification
from serai.expo.firms.verification.domain.verification import NEEDED


class ClaimForm(forms.Form):
    """A code from the organiser, or words on how the user belongs to the firm."""

    code = forms.CharField(
        label=_("Code from the organiser"),
        required=False,
        max_length=40,
        help_text=_("If you have one, you speak for the firm at once."),
    )
    note = forms.CharField(
        label=_("How do you belong to the firm?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class NewFirmForm(forms.Form):
    """What is needed to enter a firm, and to find it where it is known already."""

    legal_name = forms.CharField(
        label=_("Legal name"), max_length=longest("legal_name"), help_text=_("As in the certificate of registration.")
    )
    country = forms.ChoiceField(label=_("Country or region"), choices=country_choices)
    address = forms.CharField(label=_("Address"), required=False, max_length=longest("address"))
    website = forms.URLField(label=_("Web site"), required=False, max_length=longest("website"), assume_scheme="https")


class RegisterForm(NewFirmForm):
    """A firm as one of its people enters it."""

    sure = forms.BooleanField(label=_("It is none of these: enter it as a new firm"), required=False)

    def __init__(self, data: Any = None, *, asked: bool = False) -> None:
        super().__init__(data)
        if not asked:
            del self.fields["sure"]


class VerificationForm(forms.Form):
    """A level and its evidence, each kind in words or as a file."""

    level = forms.TypedChoiceField(label=_("Level"), choices=Verification.Level, coerce=int)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        for level, kinds in NEEDED.items():
            for kind in kinds:
                label = f"{level} · {kind.label}"
                self.fields[f"{kind.value}_text"] = forms.CharField(
                    label=label, required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
                )
                self.fields[f"{kind.value}_file"] = forms.FileField(
                    label=_("%s: file") % label, required=False, help_text=_("PDF or picture, 8 MB at most.")
                )

    def given(self) -> list[tuple[str, str, Any]]:
        """Kind, words and upload of each piece of evidence."""
        cleaned = self.cleaned_data
        return [
            (kind, cleaned.get(f"{kind}_text", ""), cleaned.get(f"{kind}_file"))
            for kind in Evidence.Kind.values
            if f"{kind}_text" in self.fields
        ]


class DecideForm(forms.Form):
    """Granting or refusing a level."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput({"type": "date"}))
    note = forms.CharField(label=_("Reason or remark"), required=False, max_length=2000)
