"""The registry of personal data that are deleted after a fair. A room declares its own in its ``hooks.py``:

    @kept("leads", title=_("Leads"), text=_("..."), days=365)
    def forget_leads(edition: Edition) -> int:
        return Lead.objects.filter(edition=edition).delete()[0]

The function deletes the rows of an edition, or empties their fields about persons. It returns how many
rows it changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Text
from serai.registry import Registry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition

type Forget = Callable[[Edition], int]

LONGEST = 3650
"""The most days, ten years, for which an organiser may choose to keep personal data."""


@dataclass(frozen=True)
class Kept:
    """A kind of personal data, and for how many days after the last day of the fair it is usually kept."""

    key: str
    title: Text
    text: Text
    days: int
    forget: Forget


_kinds: Registry[Kept] = Registry("kind of personal data")


def kept(key: str, *, title: Text, text: Text, days: int) -> Callable[[Forget], Forget]:
    """Declare the function below as the one that deletes this kind of data."""

    def declare(forget: Forget) -> Forget:
        _kinds.add(key, Kept(key, title, text, days, forget))
        return forget

    return declare


def kinds() -> Mapping[str, Kept]:
    """Every declared kind, by its key."""
    load_hooks()
    return _kinds
