"""Fields that forms of the programme share: a moment on the fair's clock, a choice among titles."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition


class MomentField(forms.DateTimeField):
    """A day and a time, local to the fair, as the browser's own picker gives them."""

    def __init__(self, edition: Edition, **options: Any) -> None:
        self.zone = ZoneInfo(edition.time_zone)
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone) if isinstance(value, datetime) and timezone.is_aware(value) else value

    def clean(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            found = super().clean(value)
        assert found is None or isinstance(found, datetime)
        return found


class TitledChoiceField(forms.ModelChoiceField[Any]):
    """A choice among rows, each by its title in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return in_language(obj.title).text
