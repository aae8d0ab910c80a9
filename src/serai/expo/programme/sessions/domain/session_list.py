"""The list of the programme: sessions are filtered by a few values, and only those on the page are read in full.

A national fair has a thousand events at booths beside its forums. If there are many, each day shows their number, and
readers open them page by page. What is on at this moment, and what comes next, is a list too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from serai.expo.base import filters
from serai.expo.base.collation import fold
from serai.expo.base.revisions import by_revision
from serai.expo.base.text import in_language, language_name
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.models import Chain
from serai.expo.programme.sessions.domain.releases import latest_release, released_sessions, snapshot
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session

EVENTS_A_PAGE = 60
"""Limit of events at booths among the other sessions; more are paged."""


@dataclass(frozen=True)
class ListedSession:
    """The values by which a session is filtered; ``texts`` are all its texts in all languages."""

    number: int
    forum: int
    starts_at: datetime
    kind: str
    chain: str
    languages: Sequence[str]
    room: int | None = None
    texts: Sequence[Mapping[str, str]] = field(default=(), compare=False)

    @property
    def is_event(self) -> bool:
        """Whether it is held at a booth."""
        return self.kind == Forum.Kind.BOOTH_EVENT


def list_sessions(
    edition: Edition, release: Release | None, *, with_texts: bool = False, sessions: QuerySet[Session] | None = None
) -> list[ListedSession]:
    """List the sessions of a release in order of time, in a fixed number of queries.

    Without a release, list ``sessions`` as they stand, by default the confirmed ones. ``texts`` needs three more.
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
        entries.append(
            ListedSession(
                number,
                forum.pk,
                datetime.fromisoformat(values["starts_at"]),
                forum.kind,
                chain,
                languages,
                values["room"],
                about,
            )
        )
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.number))


def first_of_forums(edition: Edition) -> Mapping[int, ListedSession]:
    """Forum -> its first public session."""

    def find() -> dict[int, ListedSession]:
        latest_first = reversed(list_sessions(edition, latest_release(edition)))
        return {entry.forum: entry for entry in latest_first}

    return by_revision("first of forums", [edition], find)


def _texts(edition: Edition) -> dict[int, list[dict[str, str]]]:
    """Session -> the names of its speakers."""
    names: dict[int, list[dict[str, str]]] = {}
    spoken: Iterable[Any] = Appearance.objects.filter(edition=edition).values_list("session_id", "speaker__name")
    for session, name in spoken:
        names.setdefault(session, []).append(name)
    return names


@dataclass(frozen=True)
class ProgrammePage:
    """The content of a page of the programme.

    ``numbers`` are the sessions to read in full, ``events`` is the page of events at booths if they are paged, and
    ``folded`` their number by day if they are left out.
    """

    numbers: Sequence[int]
    events: "Page[ListedSession] | None"
    folded: Mapping[date, int]


def page_of(sessions: Sequence[ListedSession], page: str | None, zone: ZoneInfo, *, by_name: bool) -> ProgrammePage:
    """The sessions on a page. ``by_name`` says that the reader asked for events at booths.

    The first page has all ceremonies, forums and side events. Events at booths stand among them if they are few; else
    they are paged for ``by_name`` and folded otherwise.
    """
    events = [entry for entry in sessions if entry.is_event]
    others = [entry.number for entry in sessions if not entry.is_event]
    if len(events) <= EVENTS_A_PAGE:
        return ProgrammePage([entry.number for entry in sessions], None, {})
    if not by_name:
        return ProgrammePage(others, None, Counter(entry.starts_at.astimezone(zone).date() for entry in events))
    part = Paginator(events, EVENTS_A_PAGE).get_page(page)
    held = [entry.number for entry in part.object_list]
    return ProgrammePage(held if part.has_previous() else [*others, *held], part, {})


@dataclass(frozen=True)
class ProgrammeFilter:
    """The filter of the programme. Empty fields match everything."""

    kind: str = filters.code("Of the forum", choices=Forum.Kind.choices)
    chain: str = filters.code("Slug of the chain that the forum is about")
    language: str = filters.code("In which it can be followed, spoken or interpreted")
    words: str = filters.words("In titles, summaries, places and names of speakers")
    day: date | None = filters.day("At the place of the fair, as in 2026-11-28")

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The filter of an address. Invalid values are ignored."""
        return filters.read(cls, query)

    @property
    def is_any(self) -> bool:
        """Whether every session matches, of a day or of all days."""
        return not (self.kind or self.chain or self.language or self.words)

    @property
    def means_events(self) -> bool:
        """Whether the filter asks for events at booths, by their kind or by words."""
        return self.kind == Forum.Kind.BOOTH_EVENT or bool(self.words)


@dataclass(frozen=True)
class Facets:
    """The values to filter by, with their names."""

    kinds: Sequence[tuple[str, str]]
    chains: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]


def facets(sessions: Iterable[ListedSession]) -> Facets:
    """Kinds, chains and languages of these sessions, in the order of the kinds and of names."""
    held = list(sessions)
    kinds = {session.kind for session in held}
    slugs = {session.chain for session in held if session.chain}
    chains = Chain.objects.filter(slug__in=slugs).order_by("slug")
    languages = {language for session in held for language in session.languages}
    return Facets(
        kinds=[(kind.value, str(kind.label)) for kind in Forum.Kind if kind in kinds],
        chains=[(chain.slug, in_language(chain.title).text) for chain in chains],
        languages=sorted(((code, language_name(code)) for code in languages), key=lambda language: language[0]),
    )


def matching(sessions: Iterable[ListedSession], choice: ProgrammeFilter, zone: ZoneInfo) -> list[ListedSession]:
    """The sessions that match the filter. Words are searched in their texts."""
    words = fold(choice.words).split()
    return [
        session
        for session in sessions
        if (not choice.kind or session.kind == choice.kind)
        and (not choice.chain or session.chain == choice.chain)
        and (not choice.language or choice.language in session.languages)
        and (choice.day is None or session.starts_at.astimezone(zone).date() == choice.day)
        and (not words or all(word in text for text in [_text(session)] for word in words))
    ]


def _text(session: ListedSession) -> str:
    return fold(" ".join(words for text in session.texts for words in text.values()))


LONGEST = timedelta(hours=12)
"""No session that began earlier is looked at."""
MOST = 40
"""Of the sessions that have begun, the latest that are looked at: a large fair has hundreds of events at booths."""


@dataclass(frozen=True)
class NowAndNext:
    """Sessions that are on, and those that begin next, each in order of time."""

    now: list[Session]
    next: list[Session]


def now_and_next(edition: Edition, now: datetime, *, shown: int = 5, room: int | None = None) -> NowAndNext:
    """At most ``shown`` sessions of each, in one ``room`` if its primary key is given; those on a stage come
    before events at booths at the same time."""
    listed = by_revision("sessions in order", [edition], lambda: list_sessions(edition, latest_release(edition)))
    if room is not None:
        listed = [entry for entry in listed if entry.room == room]
    begun = [entry for entry in listed if now - LONGEST < entry.starts_at <= now]
    coming = sorted((entry for entry in listed if entry.starts_at > now), key=_stages_first_at_a_time)[:shown]
    looked_at = [entry.number for entry in (*sorted(begun, key=_stages_first)[-MOST:], *coming)]
    if not looked_at:
        return NowAndNext([], [])
    among = Q(pk__in=looked_at)
    sessions = [session for session in released_sessions(edition, among=among) if session.state == CONFIRMED]
    is_event = {entry.number: entry.is_event for entry in listed}
    on = [session for session in sessions if session.starts_at <= now < session.ends_at]
    on.sort(key=lambda session: (is_event[session.pk], session.starts_at, session.pk))
    later = {entry.number: place for place, entry in enumerate(coming)}
    following = sorted((session for session in sessions if session.pk in later), key=lambda session: later[session.pk])
    return NowAndNext(on[:shown], following)


CONFIRMED = Session.State.CONFIRMED


def _stages_first(entry: ListedSession) -> tuple[bool, datetime]:
    return not entry.is_event, entry.starts_at


def _stages_first_at_a_time(entry: ListedSession) -> tuple[datetime, bool, int]:
    return entry.starts_at, entry.is_event, entry.number
