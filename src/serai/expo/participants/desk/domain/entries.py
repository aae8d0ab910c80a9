"""The pages of a participant's desk: a registry that every room fills in its ``hooks.py``.

    entry("desk-offers", "market", title=_("Offers"), duty="market", of_firm=True, kinds=EXHIBITING)

The key is the name of the address. The side of each page of the desk lists the entries by group.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rooms import load_hooks
from serai.expo.fairs.edition.models import Participation
from serai.registry import Registry

type Text = str | Promise

GROUPS: Mapping[str, Text] = {
    "today": _("Today"),
    "meetings": _("Meetings"),
    "market": _("Market"),
    "participation": _("Participation"),
    "firm": _("The firm"),
}
"""The groups of the desk's pages, in their order on the side."""


@dataclass(frozen=True)
class Entry:
    """A page of the desk, and for whom it is."""

    key: str
    group: str
    title: Text
    duty: str
    """What its reader may do for the firm; one of the duties of ``firms/record/rules.py``."""
    of_firm: bool
    """Whether the address holds the identifier of the firm; else the firm is chosen by ``?as=``."""
    kinds: Collection[str]
    """Kinds of participations that have the page; all where it is empty."""
    order: int
    leads_out: bool
    """Whether it is a page that others read too, and so has no side of the desk."""

    def address(self, participation: Participation) -> str:
        """The address of the page for this participant, whose edition and firm are loaded."""
        slug, identifier = participation.edition.slug, participation.firm.identifier
        return reverse(self.key, args=[slug, identifier] if self.of_firm else [slug])


_entries: Registry[Entry] = Registry("page of a participant's desk")


def entry(
    key: str,
    group: str,
    *,
    title: Text,
    duty: str = "see",
    of_firm: bool = False,
    kinds: Collection[str] = (),
    order: int = 50,
    leads_out: bool = False,
) -> None:
    """Declare a page of the desk. Raises ValueError for a group that is not one of GROUPS."""
    if group not in GROUPS:
        raise ValueError(f"There is no group '{group}' of a participant's desk; there are: {', '.join(GROUPS)}.")
    _entries.add(key, Entry(key, group, title, duty, of_firm, kinds, order, leads_out))


def entries(participation: Participation, duties: Collection[str]) -> list[tuple[Text, list[Entry]]]:
    """The pages that someone with these duties has at the desk of this participant, by group."""
    load_hooks()
    own = [
        declared
        for declared in sorted(_entries.values(), key=lambda declared: declared.order)
        if declared.duty in duties and (not declared.kinds or participation.kind in declared.kinds)
    ]
    grouped = [(title, [declared for declared in own if declared.group == group]) for group, title in GROUPS.items()]
    return [(title, members) for title, members in grouped if members]


def is_of_desk(page: str) -> bool:
    """Whether the address of this name is a page of a participant's desk."""
    load_hooks()
    return page in _entries and not _entries[page].leads_out
