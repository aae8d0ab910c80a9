"""Forms of the programme: its parts for the organiser, an event at a booth for an exhibitor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import choose_from, country_choices
from serai.expo.base.forms import LongSelect
from serai.expo.base.text import in_language, written_languages
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.offers.chains.domain.placements import of_edition
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.conflicts import Conflict
from serai.expo.programme.sessions.domain.visibility import may_be_spoken_for
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker

MOST_SPEAKERS = 8
SPARE_ABSENCES = 2
"""Empty rows for further absences."""


class MomentField(forms.DateTimeField):
    """A day and a time in the fair's time zone, from the browser's picker."""

    def __init__(self, edition: Edition, **options: Any) -> None:
        self.zone = ZoneInfo(edition.time_zone)
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **options)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone) if isinstance(value, datetime) and timezone.is_aware(value) else value

    def clean(self, value: Any) -> datetime | None:
        with timezone.override(self.zone):
            moment = super().clean(value)
        assert moment is None or isinstance(moment, datetime)
        return moment


class TitledChoiceField(forms.ModelChoiceField[Any]):
    """A choice among rows, shown by their titles."""

    def label_from_instance(self, obj: Any) -> str:
        return in_language(obj.title).text


class LanguagesField(forms.MultipleChoiceField):
    """Any number of languages, or none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, choices=written_languages, **options)


class _PartForm[Row: Model](forms.ModelForm[Row]):
    """A part of the programme. It needs its name or title."""

    named_by = "title"

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.edition = edition
        self.fields[self.named_by].required = True


class ForumForm(_PartForm[Forum]):
    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False)

    class Meta:
        model = Forum
        fields = ("kind", "slug", "title", "summary", "chain", "order")
        labels: ClassVar = {
            "kind": _("Kind"),
            "slug": _("Short name for its address"),
            "title": _("Title"),
            "chain": _("Chain"),
            "order": _("Order"),
        }

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(edition, *args, **options)
        chains = Chain.objects.filter(of_edition(edition)).distinct()
        self.fields["chain"] = TitledChoiceField(chains, label=_("Chain"), required=False)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        others = Forum.objects.filter(edition=self.edition, slug=slug).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another forum of this fair has this short name. Choose another."))
        return slug


class RoomForm(_PartForm[Room]):
    class Meta:
        model = Room
        fields = ("title", "seats", "order")


class SpeakerForm(_PartForm[Speaker]):
    named_by = "name"
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)
    biography = LocalizedTextFormField(label=_("About"), long=True, required=False)
    participation = forms.ModelChoiceField(
        Participation._base_manager.none(), label=_("Participant"), required=False, widget=LongSelect
    )
    mail = forms.EmailField(
        label=_("Mail address"),
        required=False,
        help_text=_(
            "Of the speaker's account: its person is told of changes and asks for the badge. Who has no account signs "
            "up first."
        ),
    )

    class Meta:
        model = Speaker
        fields = ("name", "position", "affiliation", "country", "biography")

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(edition, *args, **options)
        # Queries of its rows need the scope of the edition, so it is no field of the model's own form.
        choose_from(self, "participation", may_be_spoken_for(self.instance), lambda row: shown_name(row.firm))
        self.initial["participation"] = self.instance.participation_id
        self.initial["mail"] = self.instance.user.email if self.instance.user else ""
        absences = [*(self.instance.away if self.instance.pk else ()), *[(None, None)] * SPARE_ABSENCES]
        self.rows = range(len(absences))
        for row, (begins, ends) in enumerate(absences):
            for name, label, initial in (
                (f"away-from-{row}", _("Cannot speak from (%d)"), begins),
                (f"away-until-{row}", _("Cannot speak until (%d)"), ends),
            ):
                self.fields[name] = MomentField(edition, label=label % (row + 1), required=False, initial=initial)

    def clean_mail(self) -> str:
        mail = str(self.cleaned_data["mail"]).strip().lower()
        user = User.objects.filter(email=mail).first() if mail else None
        if mail and user is None:
            raise forms.ValidationError(_("Nobody has an account with this mail address."))
        self.instance.user = user
        return mail

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.instance.participation = given.get("participation")
        spans = []
        for row in self.rows:
            begins, ends = given.get(f"away-from-{row}"), given.get(f"away-until-{row}")
            if begins and ends and ends > begins:
                spans.append([begins.isoformat(), ends.isoformat()])
            elif begins or ends:
                self.add_error(f"away-until-{row}", _("Give both ends of an absence, the later one second."))
        self.instance.absences = sorted(spans)
        return given


class SessionForm(_PartForm[Session]):
    """A session with its speakers."""

    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False)
    languages = LanguagesField(label=_("Languages spoken"))
    interpreted = LanguagesField(label=_("Languages interpreted into"))
    themes = forms.CharField(
        label=_("Themes"),
        required=False,
        help_text=_("Separated by commas. Two sessions that share a theme should not be held at once."),
    )

    class Meta:
        model = Session
        fields = ("title", "summary", "starts_at", "ends_at", "capacity", "languages", "interpreted", "themes")

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(edition, *args, **options)
        self.instance.edition = edition
        for name in ("starts_at", "ends_at"):
            self.fields[name] = MomentField(edition, label=self.fields[name].label)
        # Queries of their rows need the scope of the edition, so they are no fields of the model's own form.
        self.fields["forum"] = TitledChoiceField(Forum.objects.filter(edition=edition), label=_("Forum"))
        self.fields["room"] = TitledChoiceField(Room.objects.filter(edition=edition), label=_("Room"), required=False)
        self.initial["forum"], self.initial["room"] = self.instance.forum_id, self.instance.room_id
        self.initial["themes"] = ", ".join(self.instance.themes)
        self.order_fields(["forum", "title", "summary", "starts_at", "ends_at", "room"])
        self._add_speakers(edition)

    def _add_speakers(self, edition: Edition) -> None:
        self.speakers = {str(speaker.pk): speaker for speaker in Speaker.objects.filter(edition=edition)}
        names = [("", "—"), *((key, in_language(speaker.name).text) for key, speaker in self.speakers.items())]
        present = list(Appearance.objects.filter(session=self.instance)) if self.instance.pk else []
        for place in range(min(MOST_SPEAKERS, max(len(present) + 2, 3)) if self.speakers else 0):
            at = present[place] if place < len(present) else None
            speaker = str(at.speaker_id) if at else ""
            self.fields[f"speaker-{place}"] = forms.ChoiceField(
                label=_("Speaker %d") % (place + 1), choices=names, required=False, initial=speaker
            )
            self.fields[f"role-{place}"] = forms.ChoiceField(
                label=_("Role of speaker %d") % (place + 1),
                choices=Appearance.Role.choices,
                required=False,
                initial=at.role if at else Appearance.Role.SPEAKER,
            )

    def clean_themes(self) -> list[str]:
        themes = (theme.strip() for theme in str(self.cleaned_data["themes"]).replace("，", ",").split(","))
        return list(dict.fromkeys(theme for theme in themes if theme))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "forum" in given:
            self.instance.forum = given["forum"]
        self.instance.room = given.get("room")
        begins, ends = given.get("starts_at"), given.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("A session ends after it begins."))
        chosen = [speaker for speaker, _role in self.chosen_speakers()]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("A speaker stands twice in the list. Name each once, with one role."))
        return given

    def chosen_speakers(self) -> Sequence[tuple[Speaker, str]]:
        """The chosen speakers with their roles, in order."""
        places = [name for name in self.fields if name.startswith("speaker-")]
        return [
            (self.speakers[key], self.cleaned_data.get(f"role-{place.partition('-')[2]}") or Appearance.Role.SPEAKER)
            for place in places
            if (key := self.cleaned_data.get(place, ""))
        ]


class BoothEventForm(forms.Form):
    """An event that an exhibitor proposes for its booth."""

    title = LocalizedTextFormField(label=_("Title"), max_length=200)
    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False)
    capacity = forms.IntegerField(
        label=_("Seats to sign up for"),
        required=False,
        min_value=1,
        max_value=500,
        help_text=_("Empty: as many as come."),
    )
    languages = LanguagesField(label=_("Languages spoken"))

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in (("starts_at", _("Begins")), ("ends_at", _("Ends"))):
            self.fields[name] = MomentField(edition, label=label)
        self.order_fields(["title", "summary", "starts_at", "ends_at", "capacity", "languages"])


class ReasonForm(forms.Form):
    """The reason for refusing or cancelling a session, which everyone concerned reads."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class ReleaseForm(forms.Form):
    note = LocalizedTextFormField(label=_("What is new, in a sentence"), max_length=300, required=False)
    despite_conflicts = forms.BooleanField(
        label=_("Release it all the same: I know that these sessions can't both be held as they stand"), required=False
    )

    def __init__(self, data: Any = None, *, conflicts: Sequence[Conflict] = ()) -> None:
        super().__init__(data)
        self.conflicts = conflicts
        if not conflicts:
            del self.fields["despite_conflicts"]
