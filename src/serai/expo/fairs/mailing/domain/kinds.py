"""The registry of single letters, which Serai sends by itself: their occasions, their places and their built-in words.

A room declares its own in its ``hooks.py``:

    letter(
        "meeting-asked",
        title=_("A meeting is asked for"),
        when=_("To the people of a firm that is asked to meet another."),
        places={"other": (_("the firm on the other side"), "Huanghe Cells")},
        words=lambda: (_("%s asks you to meet") % "{other}", _("Answer on your page of meetings.")),
    )

``words`` is called in the language of the reader. In addition to its own places every letter has those of EVERYWHERE.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Text
from serai.registry import Registry

type Place = tuple[Text, Text]
"""The description of a place's value, and an example of it."""

EVERYWHERE: Mapping[str, Place] = {
    "name": (_("the reader's name"), "Ada Reader"),
    "fair": (_("the name of the fair"), ""),
    "city": (_("its city"), ""),
    "first_day": (_("its first day"), ""),
    "last_day": (_("its last day"), ""),
    "link": (_("the address of the fair"), ""),
}
"""Places of every letter. The examples, except the reader's name, come from the fair itself."""


@dataclass(frozen=True)
class LetterKind:
    """A letter that Serai sends by itself. ``needed`` places must be in it. The places ``at_the_end`` are added to the
    end of a text without them."""

    key: str
    title: Text
    when: Text
    own_places: Mapping[str, Place]
    needed: tuple[str, ...]
    at_the_end: tuple[str, ...]
    words: Callable[[], tuple[str, str]]

    @property
    def places(self) -> dict[str, Place]:
        """All places that may be in curly brackets, the letter's own first."""
        return {**self.own_places, **EVERYWHERE}


_kinds: Registry[LetterKind] = Registry("letter")


def letter(
    key: str,
    *,
    title: Text,
    when: Text,
    words: Callable[[], tuple[str, str]],
    places: Mapping[str, Place] | None = None,
    needed: Sequence[str] = (),
    at_the_end: Sequence[str] = (),
) -> None:
    """Declare a letter. Raises ValueError if a place that is needed, or at the end, is not one of its own."""
    own = places or {}
    if missing := (set(needed) | set(at_the_end)) - set(own):
        raise ValueError(f"The letter '{key}' has no place {min(missing)!r}; it has: {', '.join(own) or 'none'}.")
    _kinds.add(key, LetterKind(key, title, when, own, tuple(needed), tuple(at_the_end), words))


def letters() -> Mapping[str, LetterKind]:
    """Every single letter, by its name."""
    load_hooks()
    return _kinds
