"""The organiser's form of a rule for size classes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.firms.record.domain import size_classes as sizing


class SizeRuleForm(forms.Form):
    """From where on a firm is no longer of each class, in one country or in all others."""

    country = forms.ChoiceField(
        label=_("Country or region"),
        choices=country_choices,
        required=False,
        help_text=_("Empty: all without a rule of their own."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={f"{size}_employees": limit for size, limit in _USUAL.items()})
        for of, limits, label in (
            ("employees", sizing.EMPLOYEES, _("%s: fewer than … employees")),
            ("turnover", sizing.TURNOVER, _("%s: turnover below … million US$ a year")),
        ):
            for size in sizing.CLASSES:
                self.fields[f"{size.value}_{of}"] = forms.TypedChoiceField(
                    label=label % sizing.NAMES[size],
                    choices=[("", "—"), *((limit, str(limit)) for limit in limits)],
                    coerce=int,
                    empty_value=None,
                    required=False,
                )

    def limits(self, of: str) -> dict[str, int | None]:
        """The limits of employees or turnover by class."""
        return {size.value: self.cleaned_data[f"{size.value}_{of}"] for size in sizing.CLASSES}


_USUAL = {"micro": 10, "small": 50, "medium": 250}
"""As the European Commission has it (2003/361/EC), to begin with."""
