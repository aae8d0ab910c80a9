"""The programme as its page lists it: sessions are chosen by little of each, and only those on the page are read whole.

A fair of national size has a thousand events at booths beside its forums. Where there are many, each day says how many
it has, and whoever wants them opens them, a page at a time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.releases import instant, latest_release, snapshot
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session

EVENTS_A_PAGE = 60
"""Events at booths that stand among the other sessions; of more, a page at a time."""


@dataclass(frozen=True)
class Listed:
    """What a session is chosen by; ``texts`` is all that is written about it in any language."""

    number: int
    forum: int
    starts_at: datetime
    kind: str
    chain: str
    languages: Sequence[str]
    texts: Sequence[Mapping[str, str]] = field(default=(), compare=False)

    @property
    def is_event(self) -> bool:
        """Whether it is held at a booth."""
        return self.kind == Forum.Kind.BOOTH_EVENT


def listed(
    edition: Edition,
    release: Release | None,
    *,
    with_texts: bool = False,
    sessions: QuerySet[Session] | None = None,
) -> list[Listed]:
    """The sessions that the public knows, in order of time, by a number of queries that does not depend on theirs.

    ``texts`` is filled where asked for, as it takes three more queries. Without a release those are listed that are
    confirmed, or ``sessions`` as they stand.
    """
    if release is None:
        confirmed = Session.objects.filter(edition=edition, state=Session.State.CONFIRMED)
        kept = snapshot(confirmed if sessions is None else sessions)
    else:
        kept = release.sessions
    forum_of = dict(Session.objects.filter(edition=edition).order_by().values_list("pk", "forum_id"))
    forums = {forum.pk: forum for forum in Forum.objects.filter(edition=edition).select_related("chain")}
    texts = _texts(edition) if with_texts else {}
    rooms = dict(Room.objects.filter(edition=edition).values_list("pk", "title")) if with_texts else {}
    entries = []
    for key, values in kept.items():
        number = int(key)
        if number not in forum_of:
            continue
        forum = forums[forum_of[number]]
        about: list[Mapping[str, str]] = []
        if with_texts:
            about = [values["title"], values["summary"], forum.title, forum.summary, rooms.get(values["room"], {})]
            about += texts.get(number, ())
        chain = forum.chain.slug if forum.chain else ""
        languages = [*values["languages"], *values["interpreted"]]
        entries.append(Listed(number, forum.pk, instant(values["starts_at"]), forum.kind, chain, languages, about))
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.number))


def first_of_forums(edition: Edition) -> dict[int, Listed]:
    """The first session of each forum that the public knows, by the forum."""
    first: dict[int, Listed] = {}
    for entry in listed(edition, latest_release(edition)):
        first.setdefault(entry.forum, entry)
    return first


def _texts(edition: Edition) -> dict[int, list[dict[str, str]]]:
    """The names of those who speak, by session."""
    names: dict[int, list[dict[str, str]]] = {}
    spoken: Iterable[Any] = Appearance.objects.filter(edition=edition).values_list("session_id", "speaker__name")
    for session, name in spoken:
        names.setdefault(session, []).append(name)
    return names


@dataclass(frozen=True)
class Shown:
    """What stands on a page of the programme.

    ``numbers`` are the sessions to read whole; ``events`` the page of events at booths where they are paged, and
    ``folded`` how many each day has where they are left out.
    """

    numbers: Sequence[int]
    events: "Page[Listed] | None"
    folded: Mapping[date, int]


def shown(chosen: Sequence[Listed], page: str | None, zone: ZoneInfo, *, by_name: bool) -> Shown:
    """Which of the chosen sessions stand on a page. ``by_name`` where events at booths are asked for, not only meant.

    Ceremonies, forums and side events stand on the first page, however many; events at booths among them where there
    are few, else folded, or paged where they are asked for.
    """
    events = [entry for entry in chosen if entry.is_event]
    others = [entry.number for entry in chosen if not entry.is_event]
    if len(events) <= EVENTS_A_PAGE:
        return Shown([entry.number for entry in chosen], None, {})
    if not by_name:
        return Shown(others, None, Counter(entry.starts_at.astimezone(zone).date() for entry in events))
    part = Paginator(events, EVENTS_A_PAGE).get_page(page)
    held = [entry.number for entry in part.object_list]
    return Shown(held if part.has_previous() else [*others, *held], part, {})
