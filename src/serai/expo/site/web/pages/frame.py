"""The frame of every page: its context, and the side of a desk, which tells where its reader is, where else the
desk leads, and what waits there.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django_scopes import scope

import serai
from serai.expo.base.revisions import by_revision
from serai.expo.base.text import Text
from serai.expo.fairs.desk.domain import waiting
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules import NO_RIGHTS, organiser_role
from serai.expo.fairs.edition.rules.roles import DESK, ROLES
from serai.expo.participants.desk.domain import dues_of, is_of_desk, told_duties
from serai.expo.participants.exhibitors.domain.tasks import has_desk
from serai.expo.participants.participation.domain.representation import Acting, desks_of
from serai.expo.participants.participation.pages.guards import CHOSEN
from serai.expo.people.account.models import Role, User
from serai.expo.site.offline.pages import keeping_of
from serai.expo.site.web.domain.desk_pages import Pages, organisers_pages, participants_pages


@dataclass(frozen=True)
class Link:
    """A page of the desk."""

    title: Text
    address: str
    count: int = 0
    """How many things wait there."""
    is_current: bool = False
    """Whether the reader is there, or on a page below it."""
    is_here: bool = False


@dataclass(frozen=True)
class Group:
    """Pages of the desk that belong together."""

    title: Text
    links: tuple[Link, ...]

    @property
    def is_current(self) -> bool:
        return any(link.is_current for link in self.links)

    @property
    def count(self) -> int:
        return sum(link.count for link in self.links)


@dataclass(frozen=True)
class Side:
    """The side of a desk of an organiser or of a participant."""

    title: Text
    address: str
    groups: tuple[Group, ...]
    participation: Participation | None = None
    """For whom the reader acts; None at the organiser's desk."""
    others: tuple[Participation, ...] = ()
    """For whom else the reader could act at this fair."""

    @property
    def current(self) -> Link | None:
        """The page on which the reader is, or to which the page belongs; None on the first page of the desk."""
        return next((link for group in self.groups for link in group.links if link.is_current), None)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def side_of(request: HttpRequest, role: str) -> Side | None:
    """The side of the desk to which a page belongs; None on a page of no desk, and for who has none.

    ``role`` is the reader's as an organiser of the fair, empty without one.
    """
    edition: Edition | None = getattr(request, "edition", None)
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if edition is None or not isinstance(user, User):
        return None
    with scope(edition=edition):  # pages of errors are rendered outside of it
        if request.path.startswith(reverse("organiser", args=[edition.slug])):
            return _organisers(request, edition, role) if role in ROLES else None
        return _participants(request, edition, user)


def _organisers(request: HttpRequest, edition: Edition, role: str) -> Side:
    counts: Counter[str] = Counter()
    for row in waiting(edition, ROLES[role]):
        counts[row.queue.page] += row.count  # several queues may wait on one page
    address = reverse("organiser", args=[edition.slug])
    return Side(_("Organiser's desk"), address, _groups(request.path, organisers_pages(edition, role), counts))


def _participants(request: HttpRequest, edition: Edition, user: User) -> Side | None:
    """The side for whom the guard of the page has chosen; a page without such a guard takes what the reader chose."""
    acting: Acting | None = getattr(request, "by", None)
    own: Participation | None = acting.participation if acting else getattr(request, "participation", None)
    match = request.resolver_match
    if own is None and not (match and match.url_name and is_of_desk(match.url_name)):
        return None
    desks = desks_of(user, edition)
    if own is None:
        chosen = request.session.get(CHOSEN)
        own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0] if desks else None)
    if own is None:
        return None
    counts = by_revision(
        "side of a participant",
        [own.pk, user.pk, user.helping_organisation],
        lambda: dict(Counter(due.page for due in dues_of(own, told_duties(user, own), timezone.now()))),
    )
    pages = participants_pages(user, own)
    others = tuple(desk for desk in desks if desk.pk != own.pk)
    return Side(_("My desk"), pages[0][1][0][2], _groups(request.path, pages, counts), own, others)


def _groups(path: str, pages: Pages, counts: Mapping[str, int]) -> tuple[Group, ...]:
    """The groups with what waits in them. Current is the page whose address is the longest beginning of ``path``."""
    roots = [address.partition("?")[0] for _title, members in pages for _text, _name, address in members]
    current = max((root for root in roots if path.startswith(root)), key=len, default="")
    return tuple(
        Group(
            title,
            tuple(
                Link(text, address, counts.get(name, 0), root == current, root == path)
                for text, name, address in members
                for root in (address.partition("?")[0],)
            ),
        )
        for title, members in pages
    )


def layout(request: HttpRequest) -> dict[str, Any]:
    """The edition, the reader's roles in it, the side of the desk, the languages, and the version."""
    edition = getattr(request, "edition", None)
    user = getattr(request, "user", None)
    kind = organiser_role(user, edition) if edition and user else ""
    area = getattr(request, "area", DESK)  # set by the guard of an organiser's page
    return {
        "edition": edition,
        "organises": bool(kind),
        "rights": ROLES.get(kind, NO_RIGHTS),
        "only_reads": Role.Kind(kind).label if kind in ROLES and not ROLES[kind].may(area, change=True) else "",
        "has_desk": bool(edition and isinstance(user, User) and has_desk(user, edition)),
        "side": SimpleLazyObject(lambda: side_of(request, kind)),
        "keeping": keeping_of(request),
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "SIGN_UP": settings.SIGN_UP,
        "version": serai.__version__,
    }
