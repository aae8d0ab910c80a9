"""The form of a screen."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.choices import choose_from
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Room
from serai.expo.site.stage.domain.slides import choosable
from serai.expo.site.stage.models import Screen

PLACE = "place-"


class ScreenForm(forms.ModelForm[Screen]):
    """A screen; each slide is given a place in the order, or none."""

    title = LocalizedTextFormField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    languages = forms.MultipleChoiceField(
        label=_("Languages, one round each"),
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the language of the address alone."),
    )
    room = forms.ModelChoiceField(
        Room._base_manager.none(),
        label=_("Programme of this room only"),
        required=False,
        help_text=_("For a screen at the door of a room or in a hall."),
    )

    class Meta:
        model = Screen
        fields = ("title", "slug", "seconds", "languages", "room", "scheme")

    def __init__(self, edition: Edition, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rooms = Room.objects.filter(edition=edition, booth__isnull=True)
        choose_from(self, "room", rooms, lambda room: in_language(room.title).text)
        self.initial["room"] = self.instance.room_id
        chosen = self.instance.slides
        slides = choosable(edition)
        usual = {} if self.instance.pk else {key: number for number, (key, _title) in enumerate(slides, 1)}
        for key, title in slides:
            place = chosen.index(key) + 1 if key in chosen else usual.get(key)
            self.fields[f"{PLACE}{key}"] = forms.IntegerField(
                label=_("Place of the slide: %s") % title, required=False, min_value=1, max_value=99, initial=place
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        placed = [(place, name) for name, place in given.items() if name.startswith(PLACE) and place]
        placed.sort(key=lambda pair: pair[0])
        self.instance.slides = [name.removeprefix(PLACE) for _place, name in placed]
        return given
