"""The form in which the organiser gives a booth to an exhibitor."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from serai.expo.base.long_select import LongSelect
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.venue.booths.domain.assignment import may_be_given
from serai.expo.venue.halls.models import Booth


class StandForm(forms.Form):
    """Who gets the booth, whether it leaves those that it has, and whether it stands beside who is there."""

    exhibitor = forms.TypedChoiceField(label=_("Exhibitor"), coerce=int, widget=LongSelect)
    move = forms.TypedChoiceField(
        label=_("If it has a booth"),
        choices=[("1", _("It moves here")), ("0", _("It gets this one too"))],
        coerce=lambda text: text == "1",
        initial="1",
    )
    share = forms.BooleanField(label=_("It shares the booth with who is there"), required=False)

    def __init__(self, booth: Booth, data: Any = None) -> None:
        super().__init__(data, prefix="stand")
        self.exhibitors = may_be_given(booth.edition).select_related("firm")
        there = set(booth.stands.values_list("participation_id", flat=True))
        signed = Prefetch("booths", Booth.objects.select_related("hall").only("code", "hall__code"))
        choices = [("", "–")]
        for participation in self.exhibitors.only("firm__name", "firm__legal_name").prefetch_related(signed):
            if participation.pk not in there:
                labels = ", ".join(has.label for has in participation.booths.all())
                choices.append(
                    (
                        str(participation.pk),
                        f"{shown_name(participation.firm)} · {labels}" if labels else shown_name(participation.firm),
                    )
                )
        self.fields["exhibitor"].choices = choices  # type: ignore[attr-defined]
        if not there:
            del self.fields["share"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("exhibitor"):
            cleaned["exhibitor"] = self.exhibitors.get(pk=cleaned["exhibitor"])
        return cleaned
