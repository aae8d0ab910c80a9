"""The forms of a firm's sources."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import country_choices
from serai.expo.base.long_select import LongSelect
from serai.expo.base.numbers import plain_number
from serai.expo.fairs.edition.models import Participation
from serai.expo.insight.exposure.domain.sources import MOST_SOURCES, Said, Source, Subject, key_of, subjects_of
from serai.expo.insight.exposure.models import DeclaredInput
from serai.expo.offers.market.domain.units import UNITS

BLANK_ROWS = 3
"""Empty rows for sources below those that are filled."""


class SourceForm(forms.Form):
    """A source: its country, a firm where it is named, a share where it is known."""

    country = forms.ChoiceField(label=_("Country or region"), required=False, widget=LongSelect)
    firm = forms.CharField(label=_("Firm"), required=False, max_length=200)
    share = forms.DecimalField(
        label=_("Share in per cent"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = countries

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("country") and (values.get("firm") or values.get("share")):
            self.add_error("country", _("Choose the country of this source."))
        return values

    def source(self) -> Source | None:
        """The source that the row says, None for an empty row."""
        values = self.cleaned_data
        return Source(values["country"], values["firm"], values["share"]) if values["country"] else None


class InputForm(forms.Form):
    """What is bought, how long the stock lasts, and what is bought in a year; with its rows of sources."""

    input = forms.ChoiceField(label=_("What you buy"))
    stock_weeks = forms.DecimalField(
        label=_("Stock in weeks"),
        help_text=_("How many weeks of normal use you keep in stock."),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=1,
    )
    volume = forms.DecimalField(
        label=_("What you buy in a year"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, required=False)

    def __init__(
        self, participation: Participation, row: DeclaredInput | None = None, data: Any = None, *, chosen: str = ""
    ) -> None:
        self.subjects = subjects_of(participation)
        subject = (row.node or row.need) if row else None
        initial: dict[str, Any] = {"input": key_of(subject) if subject else chosen}
        if row:
            initial |= {"stock_weeks": row.stock_weeks, "volume": plain_number(row.volume), "unit": row.unit}
        super().__init__(data, initial=initial)
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (_subject, group, title) in self.subjects.items():
            groups.setdefault(group, []).append((key, title))
        field = self.fields["input"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *groups.items()]
        if row:
            field.disabled = True
        countries = country_choices()
        present = list(row.sources.all()) if row else []
        blank = max(0, min(BLANK_ROWS, MOST_SOURCES - len(present)))
        known = [{"country": s.country, "firm": s.firm, "share": plain_number(s.share)} for s in present]
        self.sources = [
            SourceForm(data, prefix=f"source-{number}", initial=initial_, countries=countries)
            for number, initial_ in enumerate([*known, *[{}] * blank])
        ]

    def is_valid(self) -> bool:
        """Whether the input and all of its rows are."""
        return all([super().is_valid(), *(form.is_valid() for form in self.sources)])

    def subject(self) -> Subject:
        """What is bought."""
        return self.subjects[self.cleaned_data["input"]][0]

    def said(self) -> Said:
        """What the form says of it."""
        sources = tuple(source for form in self.sources if (source := form.source()) is not None)
        values = self.cleaned_data
        return Said(sources, values["stock_weeks"], values["volume"], values["unit"])


class TableForm(forms.Form):
    """A workbook of sources."""

    file = forms.FileField(label=_("Your table"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))
