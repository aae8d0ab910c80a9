"""Forms of asking, answering and keeping notes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import across
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest
from serai.expo.meetings.timetable.pages.forms import slot_choices
from serai.expo.people.account.models import User


class TimeForm(forms.Form):
    """A free time and a message."""

    starts_at = forms.ChoiceField(label=_("Time"), required=False)
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you want to speak about. Up to 1,000 characters."),
    )

    def __init__(self, edition: Edition, slots: Iterable[Slot], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        time = self.fields["starts_at"]
        assert isinstance(time, forms.ChoiceField)
        time.choices = slot_choices(edition, slots)

    def time(self) -> datetime | None:
        """The time chosen, or None for any."""
        chosen = self.cleaned_data["starts_at"]
        return datetime.fromisoformat(chosen) if chosen else None


class ExchangeForm(forms.Form):
    """The other meeting for the exchange."""

    other = forms.TypedChoiceField(label=_("With the time of"), coerce=int)
    message = forms.CharField(label=_("Message to both sides"), required=False, max_length=300)

    def __init__(self, edition: Edition, own: Participation, others: Iterable[Meeting], *args: Any) -> None:
        super().__init__(*args)
        other = self.fields["other"]
        assert isinstance(other, forms.ChoiceField)
        zone = ZoneInfo(edition.time_zone)
        other.choices = [
            (meeting.pk, f"{_when(meeting, zone)} · {in_language(across(meeting, own).firm.name).text}")
            for meeting in others
        ]


def _when(meeting: Meeting, zone: ZoneInfo) -> str:
    assert meeting.starts_at is not None
    begins = meeting.starts_at.astimezone(zone)
    return f"{date_format(begins, 'MONTH_DAY_FORMAT')} {begins:%H:%M}"


class DeclineForm(forms.Form):
    """The reason of a refusal."""

    reason = forms.ChoiceField(label=_("Reason"), choices=MeetingRequest.Reason.choices)
    words = forms.CharField(label=_("Message to them"), required=False, max_length=300)


class CodeForm(forms.Form):
    """The code of the other side."""

    code = forms.CharField(
        label=_("Code of the other side"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PersonForm(forms.Form):
    """The colleague who goes."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Who goes"), required=False, empty_label=_("not said"))

    def __init__(self, people: Iterable[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = User.objects.filter(pk__in=[colleague.pk for colleague in people])


class NoteForm(forms.Form):
    """The private note of a side."""

    rating = forms.TypedChoiceField(
        label=_("How good was it?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[
            ("", _("not rated")),
            (5, _("5: excellent")),
            (4, _("4: good")),
            (3, _("3: of some use")),
            (2, _("2: of little use")),
            (1, _("1: of no use")),
        ],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    next_step_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), required=False)
    done = forms.BooleanField(label=_("Done"), required=False)

    def __init__(self, people: Iterable[User], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(pk__in=[colleague.pk for colleague in people])
