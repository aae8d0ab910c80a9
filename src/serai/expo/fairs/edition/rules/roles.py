"""What each role of an organiser may read and change: the one table of it.

The work of an organiser has areas. A room belongs to the area of its folder, and with it the pages, cards and
operations of the room. Whoever reads an area opens its pages; whoever changes it may send what they ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.urls import URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.people.account.models import Role

DESK: Final = "desk"
"""The first page of the organiser's desk and what every role has on it."""

AREAS: Mapping[str, Promise] = {
    "organisers": _("Organisers and their roles"),
    "setup": _("The fair: its dates, chains and pages"),
    "people": _("Firms and people"),
    "letters": _("Letters"),
    "programme": _("Programme"),
    "floor": _("Halls, booths and contracts"),
    "entrance": _("Badges and the door"),
    "meetings": _("Market and meetings"),
    "results": _("Figures and reports"),
    "records": _("Exports, trail and programs"),
}
"""The areas of an organiser's work, with their titles."""


@dataclass(frozen=True)
class Rights:
    """The areas that a role reads, and those that it changes; what it changes it reads."""

    reads: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()

    def may(self, area: str, *, change: bool = False) -> bool:
        """Whether these rights cover an area. The desk is open to each role, and nothing on it is changed."""
        return area in (self.changes if change and area != DESK else self.reads)


def _rights(reads: str, changes: str = "") -> Rights:
    changed = frozenset(changes.split())
    return Rights(reads=frozenset({DESK, *reads.split()}) | changed, changes=changed)


_ALL = " ".join(AREAS)

ROLES: Mapping[str, Rights] = {
    Role.Kind.OWNER: _rights(_ALL, _ALL),
    Role.Kind.MANAGER: _rights(_ALL, "setup people letters programme floor entrance meetings results records"),
    Role.Kind.PROGRAMME: _rights("setup people floor entrance meetings results", "programme"),
    Role.Kind.FLOOR: _rights("setup people programme meetings", "floor entrance"),
    Role.Kind.MATCHMAKING: _rights("setup people programme floor results", "meetings"),
    Role.Kind.VIEWER: _rights("setup people programme floor entrance meetings results"),
}
"""The roles of organisers, and what each may do."""

EXPLAINED: Mapping[str, Promise] = {
    Role.Kind.OWNER: _("Does everything, and takes others in."),
    Role.Kind.MANAGER: _("Does everything but taking others in and changing their roles."),
    Role.Kind.PROGRAMME: _("Makes the programme: rooms, sessions, speakers and proposals."),
    Role.Kind.FLOOR: _("Plans the halls and booths, and keeps the badges and the door."),
    Role.Kind.MATCHMAKING: _("Reviews offers and needs, and makes the meetings and the timetable."),
    Role.Kind.VIEWER: _("Reads, and changes nothing."),
}
"""What each role is for, in a sentence."""

ROOMS: Mapping[str, str] = {
    "fairs": "setup",
    "fairs/desk": DESK,
    "fairs/jobs": DESK,
    "fairs/interface": "records",
    "fairs/mailing": "letters",
    "fairs/organisers": "organisers",
    "firms": "people",
    "participants": "people",
    "participants/invitations": "letters",
    "offers": "meetings",
    "venue": "floor",
    "programme": "programme",
    "programme/badges": "entrance",
    "meetings": "meetings",
    "insight": "results",
    "results": "results",
    "results/assistance": "people",
    "results/exports": "records",
    "site": "people",
    "site/api": "records",
    "site/cockpit": DESK,
    "site/retention": "records",
    "site/setup": "setup",
    "site/stage": "programme",
    "site/trail": "records",
    "site/web": DESK,
}
"""Wing or room -> the area of what it declares; a room goes before its wing."""

FURTHER: Mapping[str, frozenset[str]] = {"site/imports": frozenset({"programme", "floor", "meetings"})}
"""Room -> further areas whose roles it serves: what each may change there the room says itself."""

PAGES: Mapping[str, str] = {"phases": "setup", "usual-phases": "setup", "applications": "people"}
"""Name of an address -> its area, where that is not the area of its room."""

ONLY_CHANGES: frozenset[str] = frozenset({"act-for", "clone", "import-upload", "participant-add", "participant-cancel"})
"""Names of addresses whose pages are of no use to who may not change; so are those of new things, ``...-new``."""


def changing(area: str) -> list[str]:
    """The kinds of roles that change an area."""
    return [kind for kind, rights in ROLES.items() if rights.may(area, change=True)]


def area_of(module: str, page: str = "") -> str:
    """The area of an address by its name and the module of its view, or of another thing by the module alone."""
    if page in PAGES:
        return PAGES[page]
    _house, _expo, wing, room, *_layers = [*module.split("."), "", "", ""]
    return ROOMS.get(f"{wing}/{room}") or ROOMS.get(wing, DESK)


def areas_of(module: str, page: str = "") -> list[str]:
    """The area of an address, and the further ones whose roles its room serves."""
    return [area_of(module, page), *sorted(FURTHER.get("/".join(module.split(".")[2:4]), ()))]


def only_changes(page: str) -> bool:
    """Whether the page at an address serves for a change alone."""
    return page in ONLY_CHANGES or page.endswith("-new")


def area_of_page(page: str) -> str:
    """The area of an address by its name. Raises KeyError where there is none."""
    return area_of(_views()[page], page)


def opens(rights: Rights, page: str, *, change: bool = False) -> bool:
    """Whether these rights open the organiser's page at an address, by its name; with ``change`` also its forms."""
    change = change or only_changes(page)
    return any(rights.may(area, change=change) for area in areas_of(_views()[page], page))


@cache
def _views() -> Mapping[str, str]:
    """Name of each address -> the module of its view."""
    return dict(_named(get_resolver()))


def _named(resolver: URLResolver) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            found += _named(pattern)
        elif pattern.name:
            found.append((pattern.name, pattern.callback.__module__))
    return found
