"""Forms of an edition."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.domain.phases import Span, Standing
from serai.expo.fairs.edition.models import Participation, Phase

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: object) -> forms.DateTimeField:
    """A date and a time as a browser's own control sends it, in the current time zone."""
    return forms.DateTimeField(
        label=str(label),
        required=False,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class PhasesForm(forms.Form):
    """When each phase opens and closes. Made, checked and shown in the time zone of the fair."""

    def __init__(self, standings: Mapping[str, Standing], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.standings = standings
        for kind, standing in standings.items():
            for end, label, at in (
                ("opens", _("Opens"), standing.opens_at),
                ("closes", _("Closes"), standing.closes_at),
            ):
                field = moment_field(f"{standing.title}: {label}")
                field.initial = at
                self.fields[f"{kind}-{end}"] = field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for kind in self.standings:
            opens, closes = cleaned.get(f"{kind}-opens"), cleaned.get(f"{kind}-closes")
            if opens and closes and closes <= opens:
                self.add_error(f"{kind}-closes", _("Give an end after the beginning."))
        return cleaned

    @property
    def rows(self) -> list[tuple[Standing, forms.BoundField, forms.BoundField]]:
        """For each phase its standing and its two fields."""
        return [(standing, self[f"{kind}-opens"], self[f"{kind}-closes"]) for kind, standing in self.standings.items()]

    def spans(self) -> dict[str, Span]:
        """Kind of a phase -> its given dates."""
        given = self.cleaned_data.get
        return {kind: (given(f"{kind}-opens"), given(f"{kind}-closes")) for kind in Phase.Kind.values}


DECISIONS = (
    (Participation.State.CONFIRMED, _("Accept")),
    (Participation.State.WAITING, _("Put on the waiting list")),
    (Participation.State.REJECTED, _("Don't accept")),
    (Participation.State.APPLIED, _("Take up again")),
)


class DecisionForm(forms.Form):
    """A decision on the chosen applications, with the reason that the applicants read."""

    to = forms.ChoiceField(choices=DECISIONS)
    reason = LocalizedTextFormField(
        label=_("Reason"),
        long=True,
        required=False,
        max_length=2000,
        help_text=_("The applicants read it; it is needed where you don't accept them."),
    )
