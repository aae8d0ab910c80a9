"""The registry of what is personal and ends after a fair. A room declares its own in ``<room>/keeping_times.py``:

    @kept("leads", title=_("Leads"), text=_("..."), days=365)
    def forget_leads(edition: Edition) -> int:
        return Lead.objects.filter(edition=edition).delete()[0]

The function deletes what is left of an edition, or empties what says something of a person, inside of the edition's
scope, and returns how many rows that were.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from serai.expo.base.rooms import load_hooks
from serai.registry import Registry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition

type Text = str | Promise
type Forget = Callable[[Edition], int]

LONGEST = 3650
"""Days: nobody keeps a person's data for more than ten years by a click."""


@dataclass(frozen=True)
class Kept:
    """A kind of personal data: what it is, how many days after the last day of the fair it is kept usually."""

    key: str
    title: Text
    text: Text
    days: int
    forget: Forget


_kinds: Registry[Kept] = Registry("kind of personal data")


def kept(key: str, *, title: Text, text: Text, days: int) -> Callable[[Forget], Forget]:
    """Declare the function below as the one that forgets this kind."""

    def declare(forget: Forget) -> Forget:
        _kinds.add(key, Kept(key, title, text, days, forget))
        return forget

    return declare


def kinds() -> Mapping[str, Kept]:
    """Every kind that there is, by its key."""
    load_hooks()
    return _kinds
