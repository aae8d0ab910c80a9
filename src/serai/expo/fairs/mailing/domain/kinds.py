"""The registry of letters that Serai sends singly: when each goes out, what may stand in it, and its built-in words.

A room declares its own in ``<room>/letters.py``, which is found by its name:

    letter(
        "meeting-asked",
        title=_("A meeting is asked for"),
        when=_("To the people of a firm that is asked to meet another."),
        places={"other": (_("the firm on the other side"), "Huanghe Cells")},
        words=lambda: (_("%s asks you to meet") % "{other}", _("Answer on your page of meetings.")),
    )

The words are asked for in the language of the reader. Beside its own places every letter may have those of EVERYWHERE.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rooms import load_hooks
from serai.registry import Registry

type Text = str | Promise
type Place = tuple[Text, Text]
"""What stands in a place, and an example of it."""

EVERYWHERE: Mapping[str, Place] = {
    "name": (_("the reader's name"), "Ada Reader"),
    "fair": (_("the name of the fair"), ""),
    "city": (_("its city"), ""),
    "first_day": (_("its first day"), ""),
    "last_day": (_("its last day"), ""),
    "link": (_("the address of the fair"), ""),
}
"""Places of every letter; but for the reader's name, the fair itself is the example."""


@dataclass(frozen=True)
class LetterKind:
    """A letter that Serai sends singly. ``needed`` places must stand in it; ``at_the_end`` stand there where the text
    does not place them."""

    key: str
    title: Text
    when: Text
    own_places: Mapping[str, Place]
    needed: tuple[str, ...]
    at_the_end: tuple[str, ...]
    words: Callable[[], tuple[str, str]]

    @property
    def places(self) -> dict[str, Place]:
        """All that may stand in curly brackets, its own first."""
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
    """Declare a letter. Raises ValueError where a place that is needed, or goes to the end, is not one of its own."""
    own = places or {}
    if missing := (set(needed) | set(at_the_end)) - set(own):
        raise ValueError(f"The letter '{key}' has no place {min(missing)!r}; it has: {', '.join(own) or 'none'}.")
    _kinds.add(key, LetterKind(key, title, when, own, tuple(needed), tuple(at_the_end), words))


def letters() -> Mapping[str, LetterKind]:
    """Every letter that Serai sends singly, by its name."""
    load_hooks()
    return _kinds
