"""Forms of the timetable's settings, sessions, interpreters, presence, and of a single meeting."""

from collections.abc import Iterable
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils import formats
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.field_form import choose_from
from serai.expo.base.text import WRITTEN, language_name
from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.arrangements import Cell, cells, is_there
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, MeetingTerms, TimetableSettings
from serai.expo.venue.halls.models import Hall

LANGUAGES = tuple(sorted(code.split("-")[0] for code in WRITTEN))
"""Languages of interpreters. Spoken Chinese is one language, however it is written."""


def _code(hall: Any) -> str:
    return str(hall.code)


def _hours(block: Any) -> str:
    return f"{time_format(block.from_time)}-{time_format(block.until_time)}"


class SettingsForm(forms.ModelForm[TimetableSettings]):
    """The settings of the timetable."""

    # Rows of an edition are looked for once there is one: not while this class is made.
    tables_hall: "forms.ModelChoiceField[Hall]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Hall of the meeting tables"), required=False
    )

    class Meta:
        model = TimetableSettings
        fields: ClassVar = [
            "musts_first",
            "protected_floor",
            "gap_cost",
            "booth_minutes",
            "turnaround_minutes",
            "metres_a_minute",
            "minutes_between_halls",
        ]

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "tables_hall", Hall.objects.filter(edition=edition), _code)
        self.fields["tables_hall"].initial = self.instance.tables_hall_id

    def save(self, commit: bool = True) -> TimetableSettings:
        """The settings, with the hall."""
        self.instance.tables_hall = self.cleaned_data["tables_hall"]
        return super().save(commit)


class BlockForm(forms.ModelForm[MeetingBlock]):
    """A session of each day."""

    class Meta:
        model = MeetingBlock
        fields: ClassVar = ["title", "from_time", "until_time"]
        widgets: ClassVar = {
            "from_time": forms.TimeInput({"type": "time"}),
            "until_time": forms.TimeInput({"type": "time"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begins, ends = cleaned.get("from_time"), cleaned.get("until_time")
        if begins and ends and begins >= ends:
            self.add_error("until_time", _("A session ends after it begins."))
        return cleaned


class InterpretersForm(forms.ModelForm[InterpreterPool]):
    """Interpreters between two languages."""

    one = forms.ChoiceField(label=gettext_lazy("Language"))
    other = forms.ChoiceField(label=gettext_lazy("Other language"))

    class Meta:
        model = InterpreterPool
        fields: ClassVar = ["one", "other", "number"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(code, language_name("zh-hans" if code == "zh" else code)) for code in LANGUAGES]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, second = sorted((cleaned.get("one") or "", cleaned.get("other") or ""))
        if first == second:
            self.add_error("other", _("Give two languages."))
        existing = InterpreterPool.objects.filter(edition=self.instance.edition, one=first, other=second)
        if existing.exclude(pk=self.instance.pk).exists():
            self.add_error("other", _("These two are there already; take them away to give another number."))
        return cleaned | {"one": first, "other": second}


class PresenceForm(forms.ModelForm[MeetingTerms]):
    """When a participant is there, with how many people, and how many meetings it has."""

    least = forms.IntegerField(label=gettext_lazy("Meetings promised"), min_value=0, max_value=500)
    most = forms.IntegerField(label=gettext_lazy("Meetings at most"), min_value=0, max_value=500)

    class Meta:
        model = MeetingTerms
        fields: ClassVar = ["people", "at_table", "booth_from", "booth_until", "booth_desks", "booth_minutes"]
        widgets: ClassVar = {
            "booth_from": forms.TimeInput({"type": "time"}),
            "booth_until": forms.TimeInput({"type": "time"}),
        }

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        participation = self.instance.participation
        self.fields["least"].initial = participation.meetings_minimum
        self.fields["most"].initial = participation.meetings_maximum
        self.cells: dict[str, Cell] = {}
        blocks = list(MeetingBlock.objects.filter(edition=edition))
        for day, of_day in enumerate(cells(edition, blocks)):
            for number, cell in enumerate(of_day):
                name = f"there_{day}_{number}"
                self.cells[name] = cell
                self.fields[name] = forms.BooleanField(
                    label=f"{date_format(cell[0], 'MONTH_DAY_FORMAT')}, {time_format(cell[1])}-{time_format(cell[2])}",
                    required=False,
                    initial=is_there(edition, self.instance, cell),
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if None not in (least := cleaned.get("least"), most := cleaned.get("most")) and least > most:  # type: ignore[operator]
            self.add_error("most", _("No fewer than were promised."))
        begins, ends = cleaned.get("booth_from"), cleaned.get("booth_until")
        if begins and ends and begins >= ends:
            self.add_error("booth_until", _("The booth closes after it opens."))
        return cleaned

    @property
    def terms(self) -> list[forms.BoundField]:
        """The fields that are not sessions."""
        return [self[name] for name in self.fields if name not in self.cells]

    @property
    def presence(self) -> list[forms.BoundField]:
        """A field for each session."""
        return [self[name] for name in self.cells]

    def there(self) -> dict[Cell, bool]:
        """Whether the participant is present, by session."""
        return {cell: bool(self.cleaned_data[name]) for name, cell in self.cells.items()}


def _other_meeting(meeting: Meeting, number: int) -> Meeting:
    other = Meeting.objects.filter(edition=meeting.edition, pk=number).exclude(pk=meeting.pk).first()
    if other is None:
        raise forms.ValidationError(_("There is no other meeting with this number."))
    return other


class MeetingForm(forms.ModelForm[Meeting]):
    """The organiser's settings of a meeting."""

    block: "forms.ModelChoiceField[MeetingBlock]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Session block"), required=False
    )
    comes_after = forms.IntegerField(label=gettext_lazy("Comes after meeting number"), required=False, min_value=1)

    class Meta:
        model = Meeting
        fields: ClassVar = ["locked", "host_people", "guest_people"]
        labels: ClassVar = {
            "locked": gettext_lazy("Locked: nothing moves it"),
            "host_people": gettext_lazy("People of the host who share it"),
            "guest_people": gettext_lazy("People of the guest who share it"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "block", MeetingBlock.objects.filter(edition=self.instance.edition), _hours)
        self.fields["block"].initial = self.instance.block_id
        self.fields["comes_after"].initial = self.instance.comes_after_id
        for name in ("host_people", "guest_people"):
            self.fields[name].widget.attrs |= {"min": 1, "max": 20}

    def clean_comes_after(self) -> Meeting | None:
        number = self.cleaned_data.get("comes_after")
        return None if number is None else _other_meeting(self.instance, number)

    def save(self, commit: bool = True) -> Meeting:
        """The meeting with its session and its predecessor."""
        self.instance.block = self.cleaned_data["block"]
        self.instance.comes_after = self.cleaned_data["comes_after"]
        for name in ("host_people", "guest_people"):
            setattr(self.instance, name, min(max(self.cleaned_data[name], 1), 20))
        return super().save(commit)


class ExchangeForm(forms.Form):
    """The other meeting with which this one exchanges its time."""

    number = forms.IntegerField(
        label=gettext_lazy("With the time of meeting number"),
        min_value=1,
        help_text=gettext_lazy("The number stands on the page of each meeting."),
    )

    def __init__(self, meeting: Meeting, data: Any = None) -> None:
        super().__init__(data, prefix="exchange")
        self.meeting = meeting

    def clean_number(self) -> Meeting:
        return _other_meeting(self.meeting, self.cleaned_data["number"])


def slot_choices(edition: Edition, slots: Iterable[Slot]) -> list[tuple[str, Any]]:
    """The slots as choices of a select, by day in the fair's time zone."""
    zone = ZoneInfo(edition.time_zone)
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in slots:
        local = slot.starts_at.astimezone(zone)
        day = formats.date_format(local.date(), "MONTH_DAY_FORMAT")
        days.setdefault(day, []).append((slot.starts_at.isoformat(), f"{day}, {local:%H:%M}"))
    return [("", gettext_lazy("Any time")), *days.items()]
