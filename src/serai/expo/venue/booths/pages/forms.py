"""The forms of the organiser's booths."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.long_select import LongSelect
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.venue.booths.domain.assignment import may_be_given
from serai.expo.venue.halls.models import Booth, Stand
from serai.expo.venue.halls.pages.equipment_form import LABELS, NAMES, equipment_field


class BoothForm(forms.ModelForm[Booth]):
    """What a booth is, and whether it can be had."""

    equipment = equipment_field(gettext_lazy("Equipment"))
    held_for = forms.IntegerField(widget=LongSelect, label=gettext_lazy("Held for"), required=False)

    class Meta:
        model = Booth
        fields: ClassVar = ["state", "held_until", "kind", "build", "power_kw", *NAMES, "pavilion", "price"]
        widgets: ClassVar = {"held_until": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
        labels: ClassVar = {
            "state": gettext_lazy("State"),
            "held_until": gettext_lazy("Held until"),
            "kind": gettext_lazy("Kind of booth"),
            "build": gettext_lazy("How it is built"),
            "power_kw": gettext_lazy("Power in kilowatts"),
            **LABELS,
            "pavilion": gettext_lazy("Only for members of the country pavilion (ISO 3166, two letters)"),
            "price": gettext_lazy("Price"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exhibiting = ("exhibitor", "service")
        rows = Participation.objects.filter(edition=self.instance.edition, kind__in=exhibiting)
        names = rows.order_by("firm__sort_name", "pk").values_list("pk", "firm__legal_name")
        self.fields["held_for"].widget = LongSelect(choices=[("", "–"), *names])
        self.fields["held_for"].initial = self.instance.held_for_id

    def clean_held_for(self) -> Participation | None:
        number = self.cleaned_data.get("held_for")
        if number is None:
            return None
        participation = Participation.objects.filter(edition=self.instance.edition, pk=number).first()
        if participation is None:
            raise forms.ValidationError(_("There is no such exhibitor."))
        return participation

    def clean_pavilion(self) -> str:
        return str(self.cleaned_data["pavilion"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("state") == Booth.State.ON_HOLD and not cleaned.get("held_until"):
            self.add_error("held_until", _("Say until which day it is on hold."))
        taken = Stand.objects.filter(booth=self.instance.pk).exists()
        if cleaned.get("state") == Booth.State.BLOCKED and taken:
            self.add_error("state", _("Someone stands there; give them another booth before you block it."))
        return cleaned

    def save(self, commit: bool = True) -> Booth:
        """The booth, with whom it is held for."""
        self.instance.held_for = self.cleaned_data["held_for"]
        return super().save(commit)


class StandForm(forms.Form):
    """The exhibitor that gets the booth, whether it leaves its other booths, and whether it shares the booth."""

    exhibitor = forms.TypedChoiceField(label=gettext_lazy("Exhibitor"), coerce=int, widget=LongSelect)
    move = forms.TypedChoiceField(
        label=gettext_lazy("If it has a booth"),
        choices=[("1", gettext_lazy("It moves here")), ("0", gettext_lazy("It gets this one too"))],
        coerce=lambda text: text == "1",
        initial="1",
    )
    share = forms.BooleanField(label=gettext_lazy("It shares the booth with who is there"), required=False)

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
