"""Screens that an organiser sets up, the one that every fair has, and the languages in which a screen goes round."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import save_and_record
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.site.stage.models import Screen

SPOKEN = tuple(code for code, _name in settings.LANGUAGES)


class ScreenRefusedError(ValueError):
    """Why a screen is not saved, in the reader's language."""


def screen_of(edition: Edition, slug: str) -> Screen | None:
    """The screen at this address; without one, the screen with every slide that there is of each fair."""
    if slug:
        return Screen.objects.filter(edition=edition, slug=slug).select_related("edition").first()
    return Screen(edition=edition)


def next_language(screen: Screen, language: str) -> str:
    """The language of the round after one in this language."""
    round_: list[str] = [code for code in screen.languages if code in SPOKEN]
    if language not in round_:
        return round_[0] if round_ else language
    return round_[(round_.index(language) + 1) % len(round_)]


@transaction.atomic
def save_screen(screen: Screen, *, by: User) -> None:
    """Save a new screen or the changes of one. Raises ScreenRefusedError if its address is taken, or without slides."""
    if not screen.slides:
        raise ScreenRefusedError(_("Give at least one slide a place."))
    same = Screen.objects.select_for_update().filter(edition=screen.edition, slug=screen.slug)
    if same.exclude(pk=screen.pk).exists():
        raise ScreenRefusedError(_("Another screen of this fair has this short name. Choose another."))
    held = Screen.objects.filter(pk=screen.pk).first() if screen.pk else None
    before = state(held) if held else None
    save_and_record(screen, before, added="screen.added", changed="screen.changed", user=by)


@transaction.atomic
def remove_screen(screen: Screen, *, by: User) -> None:
    """Delete a screen; its address shows nothing any more."""
    record("screen.removed", screen, before=state(screen), user=by, edition=screen.edition)
    screen.delete()
