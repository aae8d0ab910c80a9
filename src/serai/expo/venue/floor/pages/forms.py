"""Forms of halls and booths."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Section
from serai.expo.venue.floor.domain.floor_plan import Grid
from serai.expo.venue.floor.domain.plan_edits import Side
from serai.expo.venue.halls.models import Booth, Entrance, Hall, TableArea
from serai.expo.venue.halls.pages import LABELS, equipment_field
from serai.expo.venue.halls.pages import NAMES as EQUIPMENT


class HallForm(forms.ModelForm[Hall]):
    """A hall: its code on the signs, its name, its section and its size."""

    class Meta:
        model = Hall
        fields = ("code", "title", "width_m", "depth_m", "site_x_m", "site_y_m", "order")
        labels: ClassVar = {
            "code": _("Code"),
            "title": pgettext_lazy("of a thing", "Name"),
            "width_m": _("Width, m"),
            "depth_m": _("Depth, m"),
            "site_x_m": _("From the left edge of the site, m"),
            "site_y_m": _("From the upper edge of the site, m"),
            "order": _("Order"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sections = {str(section.pk): section for section in Section.objects.all()}
        choices = [("", "–"), *((key, in_language(section.title).text) for key, section in self.sections.items())]
        self.fields["section"] = forms.ChoiceField(label=_("Section"), choices=choices, required=False)
        self.fields["section"].initial = self.instance.section_id or ""
        for name in ("width_m", "depth_m"):
            self.fields[name] = forms.FloatField(
                label=self.fields[name].label, min_value=1, max_value=10_000, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.instance.section = self.sections.get(cleaned.get("section", ""))
        return cleaned


class GridForm(forms.Form):
    """Rows of like booths."""

    rows = forms.IntegerField(label=_("Rows"), min_value=1, max_value=200, initial=8)
    in_a_row = forms.IntegerField(label=_("Booths in a row"), min_value=1, max_value=200, initial=10)
    width_m = forms.FloatField(label=_("Width of a booth, m"), min_value=0.5, max_value=1000, initial=3)
    depth_m = forms.FloatField(label=_("Depth of a booth, m"), min_value=0.5, max_value=1000, initial=3)
    aisle_m = forms.FloatField(label=_("Width of the aisles, m"), min_value=0, max_value=100, initial=3)

    def grid(self) -> Grid:
        """What was given."""
        return Grid(**self.cleaned_data)


class BoothForm(forms.ModelForm[Booth]):
    """A booth: where it stands, what it is, and whether it can be had."""

    equipment = equipment_field(_("Equipment"))

    class Meta:
        model = Booth
        fields = (
            *("code", "x_m", "y_m", "width_m", "depth_m", "kind", "build", "power_kw", *EQUIPMENT),
            *("pavilion", "price", "state", "held_until"),
        )
        labels: ClassVar = {
            "code": _("Code"),
            "x_m": _("From the left wall, m"),
            "y_m": _("From the near wall, m"),
            "width_m": _("Width, m"),
            "depth_m": _("Depth, m"),
            "kind": _("Kind"),
            "build": _("How it is built"),
            "power_kw": _("Power, kW"),
            **LABELS,
            "pavilion": _("Country pavilion"),
            "price": _("Price"),
            "state": _("State"),
            "held_until": _("Held until"),
        }
        widgets: ClassVar = {"held_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class TablesForm(forms.ModelForm[TableArea]):
    """Meeting tables that stand together: their numbers, and the rectangle on which they stand in rows."""

    class Meta:
        model = TableArea
        fields = ("first", "last", "x_m", "y_m", "width_m", "depth_m")
        labels: ClassVar = {
            "first": _("First table"),
            "last": _("Last table"),
            "x_m": _("From the left wall, m"),
            "y_m": _("From the near wall, m"),
            "width_m": _("Width, m"),
            "depth_m": _("Depth, m"),
        }


class PlaceForm(forms.Form):
    """Where a booth stands and how large it is."""

    x_m = forms.FloatField(label=_("From the left wall, m"), min_value=0, max_value=10_000)
    y_m = forms.FloatField(label=_("From the near wall, m"), min_value=0, max_value=10_000)
    width_m = forms.FloatField(label=_("Width, m"), min_value=0.1, max_value=10_000)
    depth_m = forms.FloatField(label=_("Depth, m"), min_value=0.1, max_value=10_000)


class SplitForm(forms.Form):
    """Where a booth is divided in two."""

    side = forms.ChoiceField(label=_("Divide"), choices=[(Side.WIDTH, _("The width")), (Side.DEPTH, _("The depth"))])
    metres = forms.FloatField(label=_("After, m"), min_value=0.1, max_value=10_000)


class EntranceForm(forms.ModelForm[Entrance]):
    """An entrance of a hall: its code on the signs, its name, and where it is."""

    class Meta:
        model = Entrance
        fields = ("code", "title", "x_m", "y_m")
        labels: ClassVar = {
            "code": _("Code"),
            "title": pgettext_lazy("of a thing", "Name"),
            "x_m": _("From the left wall, m"),
            "y_m": _("From the near wall, m"),
        }


class WorkbookForm(forms.Form):
    """A table of booths."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(
            "The export of booths, changed: .xlsx or .csv with the columns hall, booth, x_m, y_m, width_m, depth_m, "
            "kind, power_kw, equipment, height_m, load_kg_m2, state, held_until; hall_width_m and hall_depth_m if you "
            "like. A row with numbers such as 1-40 in the column tables, and no booth, places meeting tables."
        ),
    )
