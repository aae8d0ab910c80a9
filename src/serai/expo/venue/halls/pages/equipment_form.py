"""The fields of a form for what is laid on at a booth."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.venue.halls.models import Equipment

NAMES = ("equipment", "height_m", "load_kg_m2")


def equipment_field(label: Any) -> forms.TypedMultipleChoiceField:
    """Boxes to tick, for a list of kinds of equipment."""
    return forms.TypedMultipleChoiceField(
        choices=Equipment.choices, required=False, label=label, widget=forms.CheckboxSelectMultiple
    )


LABELS: dict[str, Any] = {"height_m": _("Building height up to, m"), "load_kg_m2": _("The floor bears, kg/m²")}
