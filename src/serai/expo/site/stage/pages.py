"""The full-screen page of a screen, which is the same for everybody, and the screens on the organiser's desk."""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, translate_url
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import choose_from
from serai.expo.base.numbers import number_of
from serai.expo.base.rows import row_of
from serai.expo.base.submission import submitted
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required, renames
from serai.expo.programme.sessions.models import Room
from serai.expo.site.stage.domain import (
    ScreenRefusedError,
    choosable,
    next_language,
    remove_screen,
    save_screen,
    screen_of,
    slides_of,
)
from serai.expo.site.stage.models import Screen


def stage(request: EditionRequest, slug: str = "") -> HttpResponse:
    """A screen; ``?slide=`` says which of its slides is shown, for browsers that run no script."""
    screen = screen_of(request.edition, slug)
    if screen is None:
        raise Http404(gettext("This fair has no such screen."))
    now = timezone.now()
    slides = slides_of(screen, now)
    shown = min(max(number_of(request.GET.get("slide")) or 1, 1), len(slides))
    after = translate_url(request.path, next_language(screen, get_language() or "en"))
    page = {
        "screen": screen,
        "slides": [(slide, _code(request.build_absolute_uri(slide.address))) for slide in slides],
        "shown": shown,
        "before": f"{request.path}?slide={shown - 1 or len(slides)}",
        "after": f"{request.path}?slide={shown + 1}" if shown < len(slides) else f"{after}?slide=1",
        "next_round": after,
        "now": now,
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "site/stage/stage.html", page)


@lru_cache(maxsize=200)
def _code(address: str) -> str:
    """A QR code of an address as the address of a picture. A screen asks for the same ones all day."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2, light="#ffffff"))


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


@organiser_required("GET", "POST")
@renames({Screen: lambda screen, user: save_screen(screen, by=user)}, ScreenRefusedError)
def screens(request: OrganiserRequest) -> HttpResponse:
    """All screens of the fair, with their addresses."""
    rows = Screen.objects.filter(edition=request.edition).select_related("room")
    return render(request, "site/stage/screens.html", {"screens": rows})


@organiser_required("GET", "POST")
def screen(request: OrganiserRequest, number: int | None = None) -> HttpResponse:
    """The form of a new screen or of one that there is."""
    row = _screen(request, number) if number else Screen(edition=request.edition)
    form = ScreenForm(request.edition, request.POST or None, instance=row)

    def save() -> None:
        save_screen(form.save(commit=False), by=request.user)

    if submitted(request, form, save, ScreenRefusedError):
        messages.success(request, gettext("Saved."))
        return redirect("screens", request.edition.slug)
    page = {"form": form, "screen": row if number else None}
    return render(request, "site/stage/screen.html", page, status=400 if form.errors else 200)


@organiser_required("POST")
def remove(request: OrganiserRequest, number: int) -> HttpResponse:
    """Delete a screen."""
    remove_screen(_screen(request, number), by=request.user)
    messages.success(request, gettext("Removed."))
    return redirect("screens", request.edition.slug)


def _screen(request: OrganiserRequest, number: int) -> Screen:
    return row_of(Screen.objects.filter(edition=request.edition), number, gettext("There is no such screen."))


urlpatterns = [
    path("stage/", stage, name="stage"),
    path("stage/<slug:slug>/", stage, name="stage-screen"),
    path("organiser/screens/", screens, name="screens"),
    path("organiser/screens/new/", screen, name="screen-new"),
    path("organiser/screens/<int:number>/", screen, name="screen"),
    path("organiser/screens/<int:number>/remove/", remove, name="screen-remove"),
]
