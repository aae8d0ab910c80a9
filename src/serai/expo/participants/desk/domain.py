"""The desk of a participant: its pages, what the participant has to do, and what a reader may do there.

Pages and dues are registries that every room fills in its ``hooks.py``::

    entry("desk-offers", "market", title=_("Offers"), duty="market", of_firm=True, kinds=EXHIBITING)

    @dues
    def requests(participation: Participation, now: datetime) -> Iterator[Due]:
        for request in received(participation, now):
            yield Due("my-meetings", text, lost=_("The request runs out."), address=..., until=request.expires_at)

The key of an entry is the name of the address. The side of each page lists the entries by group and counts the dues.
The first page shows the dues in the order of what is lost by waiting: what ends first stands first, and what has no
end stands last, in the order in which the rooms were declared.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.rules import duties_in, organisers_duties
from serai.expo.people.account.models import User
from serai.registry import Registry

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


NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """A button that does it at once: what it posts, and to which address."""

    label: Text
    address: str
    act: str
    is_first: bool = True
    """Whether it is the answer that most will give; the others are shown quietly."""


@dataclass(frozen=True)
class Due:
    """Something that the participant has to do."""

    page: str
    """The page of the desk on which it stands, by the name of its address."""
    text: Text
    lost: Text
    """What is lost by waiting, as a sentence."""
    address: str
    until: datetime | None = None
    about: Text = ""
    """What helps to decide: the words of the other side, the reason to meet."""
    answers: tuple[Answer, ...] = ()
    duty: str = "see"
    """What its reader must be able to do for the firm; one of the duties of ``firms/record/rules.py``."""


type Find = Callable[[Participation, datetime], Iterator[Due]]

_found_by: list[Find] = []


def dues(function: Find) -> Find:
    """Declare the function below as one that finds what a participant has to do."""
    _found_by.append(function)
    return function


def dues_of(participation: Participation, duties: Collection[str], now: datetime) -> list[Due]:
    """Everything that the participant has to do and someone with these duties can do, what ends first before all else.

    The edition and the firm of the participation are loaded.
    """
    load_hooks()
    everything = (due for find in _found_by for due in find(participation, now) if due.duty in duties)
    return sorted(everything, key=lambda due: due.until or NEVER)


PROXY: AbstractSet[str] = frozenset({"see", "meet"})
"""What the leader of a delegation may do for a firm that gave it a proxy."""


def duties_of(user: User, participation: Participation) -> AbstractSet[str]:
    """The duties that the user has here: by a role in the firm, as an organiser of the fair, or by a proxy."""
    if duties := duties_in(user, participation.firm_id):
        return duties
    return organisers_duties(user, participation.edition) or PROXY


def told_duties(user: User, participation: Participation) -> AbstractSet[str]:
    """The duties of whom the desk tells what waits: who acts for a person is told of none of its meetings, since the
    words of others are in them."""
    duties = duties_of(user, participation)
    return duties if user.helping_organisation is None else duties - {"meet"}
