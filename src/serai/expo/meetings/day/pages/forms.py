"""The form of an adviser's meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.timetable.domain.grids import all_slots, lengths
from serai.expo.meetings.timetable.pages.forms import slot_choices


class ArrangeForm(forms.Form):
    """Two firms, and when."""

    one = forms.CharField(label=_("Identifier of one firm"), max_length=32)
    other = forms.CharField(label=_("Identifier of the other"), max_length=32)
    starts_at = forms.ChoiceField(label=_("Time"), required=False)
    reason = forms.CharField(label=_("Why they should meet"), required=False, max_length=500)

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        time = self.fields["starts_at"]
        assert isinstance(time, forms.ChoiceField)
        begins = {slot.starts_at: slot for slot in all_slots(edition, lengths(edition))}
        time.choices = slot_choices(edition, begins.values())
