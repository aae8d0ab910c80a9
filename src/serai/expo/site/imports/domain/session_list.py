"""A list of sessions: each row a session with its room, forum and speakers, or a further speaker of the one above."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from serai.expo.base.collation import fold, sort_name
from serai.expo.base.text import in_every_language, in_language
from serai.expo.base.workbooks.domain.moments import days, times
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.cells import meanings_of
from serai.expo.firms.record.domain.names import name_key
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.releases import latest_release, notify_concerned
from serai.expo.programme.sessions.domain.sign_ups import fill_seats
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.fields import split
from serai.expo.site.imports.domain.inventory import keys_of
from serai.expo.site.imports.domain.rows import (
    Cells,
    annotator,
    details_of,
    language_of,
    notes_on,
    read_cells,
    texts_of,
)
from serai.expo.site.imports.domain.session_columns import MOST_SPEAKERS, Person, people, session_columns
from serai.expo.site.imports.domain.session_times import UnclearError, days_of, sentences_of, span
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent, State, rejected, state_of

Role = Appearance.Role

_PLAIN = ("themes", "languages", "interpreted", "capacity")


@dataclass
class Programme:
    """The programme as it is stored and drafted, by what a row names."""

    edition: Edition
    sessions: dict[str, list[Session]] = field(default_factory=lambda: defaultdict(list))
    """By folded title."""
    identified: dict[str, Session] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    speakers: dict[str, list[Speaker]] = field(default_factory=lambda: defaultdict(list))
    appearing: dict[int, list[Appearance]] = field(default_factory=lambda: defaultdict(list))
    """By ``id`` of the session."""
    firms: dict[str, Participation] = field(default_factory=dict)
    """By key of each name of the firm."""

    def enter(self, session: Session) -> None:
        for title in session.title.values():
            self.sessions[fold(title)].append(session)
        if session.identifier:
            self.identified[session.identifier] = session

    def all_sessions(self) -> list[Session]:
        """Every session once."""
        return list({id(session): session for listed in self.sessions.values() for session in listed}.values())


def plan_sessions(sent: Sent) -> Plan:
    """The plan of a list of sessions, in a fixed number of queries."""
    programme, draft, annotate = _load(sent.edition), Draft(()), annotator(sent)
    fair_days = days_of(sent.edition)
    titles = Counter(
        fold(title) for row in sent.rows for title in _titles(sent, row) if title
    )  # a title that the file has once may have moved
    plans: dict[int, RowPlan] = {}
    rows_of: dict[int, int] = {}
    day: date | None = fair_days[0] if len(fair_days) == 1 else None
    for row in sent.rows:
        number, cells = row
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and len(heading := days(filled[0], fair_days)) == 1 and not times(filled[0]):
            day = heading[0]
            plans[number] = RowPlan(number, State.UNCHANGED, "day_of_rows_below")
            continue
        read = read_cells(row, sent.header, sent.mapped, session_columns())
        if isinstance(read, RowPlan):
            plans[number] = read
            continue
        try:
            starts_at, ends_at, day = span(read, sent.edition, fair_days, day)
            session, is_new = draft.take(
                number, _session(read, starts_at, ends_at, programme, once=max(_counts(read, titles)) == 1)
            )
        except UnclearError as unclear:
            notes = [*read.notes]
            if unclear.name:
                notes.append(annotate(number, unclear.name, unclear.reason, unclear.details))
            reason = "unreadable_cell" if unclear.name else unclear.reason
            plans[number] = rejected(number, reason, details_of(notes))
            continue
        draft.take(number, _people(read, session, programme))
        above = rows_of.setdefault(id(session), number)
        state = state_of(number, draft, is_new=is_new)
        reason, details = "", details_of(notes_on(number, read.notes, draft, annotate))
        if above != number:
            reason, details = "same_session_as_row", {"first": above, **details}
        plans[number] = RowPlan(number, state, reason, details)
    for session, sentence in sentences_of(programme.edition, programme.all_sessions(), programme.appearing):
        if row_number := rows_of.get(id(session)):
            plans[row_number] = _noted(
                plans[row_number], annotate(row_number, "title", "session_conflict", {"sentence": sentence})
            )
    return Plan([plans[number] for number, _cells in sent.rows], draft)


def _noted(plan: RowPlan, note: Mapping[str, Any]) -> RowPlan:
    return replace(plan, details={**plan.details, "notes": [*plan.details.get("notes", ()), note]})


def _titles(sent: Sent, row: tuple[int, tuple[str, ...]]) -> Iterator[str]:
    _number, cells = row
    for column, name in sent.mapped.items():
        if split(name)[0] == "title" and column < len(cells):
            yield cells[column]


def _counts(read: Cells, titles: Mapping[str, int]) -> list[int]:
    texts = [text for name, text in read.values.items() if split(name)[0] == "title"]
    return [titles[fold(text)] for text in texts] or [0]


# What it is


def _session(
    read: Cells, starts_at: datetime, ends_at: datetime, programme: Programme, *, once: bool
) -> Drafting[tuple[Session, bool]]:
    """The session of a row with its room and forum, and whether it is new. Raises UnclearError."""
    values, edition = read.values, programme.edition
    spoken = values.get("languages", ())
    stated = spoken[0] if spoken else ""
    title = texts_of(values, "title", stated)
    if not title:
        raise UnclearError("", "no_title")
    session = _known(values.get("identifier", ""), title, starts_at, programme, once=once)
    room = yield from _room(values, stated, programme)
    forum = yield from _forum(values, stated, programme)
    changes: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name in _PLAIN if (value := values.get(name))
    }
    changes |= {"starts_at": starts_at, "ends_at": ends_at}
    if summary := texts_of(values, "summary", stated):
        changes["summary"] = {**(session.summary if session else {}), **summary}
    if room:
        changes["room"] = room
    if state := values.get("state"):
        meant = _choice(state, Session.State)
        if meant:
            changes["state"] = meant
            if session and meant == Session.State.CANCELLED != session.state:
                yield Remark("state", "would_be_cancelled")
        else:
            yield Remark("state", "unknown_choice", {"known": ", ".join(Session.State.values)})
    if identifier := values.get("identifier"):
        changes["identifier"] = identifier
    if session is None:
        forum = forum or (yield from _usual_forum(programme))
        session = Session(edition=edition, forum=forum, title=title, **changes)
        yield Make(session)
        programme.enter(session)
        return session, True
    if forum:
        changes["forum"] = forum
    yield Change(session, {"title": {**session.title, **title}, **changes})
    programme.enter(session)
    return session, False


def _known(
    identifier: str, title: Mapping[str, str], starts_at: datetime, programme: Programme, *, once: bool
) -> Session | None:
    """The session of this identifier, else of this title and time, else the only one of this title."""
    if identifier and identifier in programme.identified:
        return programme.identified[identifier]
    same = [
        session
        for text in title.values()
        for session in programme.sessions.get(fold(text), ())
        if not (identifier and session.identifier)  # another program calls it otherwise
    ]
    at_once = next((session for session in same if session.starts_at == starts_at), None)
    alone = same[0] if once and len({id(session) for session in same}) == 1 else None
    return at_once or alone


def _room(values: Mapping[str, Any], stated: str, programme: Programme) -> Drafting[Room | None]:
    texts = texts_of(values, "room", stated)
    if not texts:
        return None
    room = next((programme.rooms[key] for text in texts.values() if (key := fold(text)) in programme.rooms), None)
    if room is None:
        order = len({id(other) for other in programme.rooms.values()}) + 1
        room = Room(edition=programme.edition, title=texts, order=order, seats=values.get("seats"))
        yield Make(room)
    elif seats := values.get("seats"):
        yield Change(room, {"seats": seats})
    programme.rooms |= {fold(text): room for text in texts.values()}
    return room


def _forum(values: Mapping[str, Any], stated: str, programme: Programme) -> Drafting[Forum | None]:
    texts = texts_of(values, "forum", stated)
    kind = _choice(values.get("kind", ""), Forum.Kind)
    if values.get("kind") and not kind:
        yield Remark("kind", "unknown_choice", {"known": ", ".join(str(label) for label in Forum.Kind.labels)})
    if not texts:
        return None
    forum = next((programme.forums[key] for text in texts.values() if (key := fold(text)) in programme.forums), None)
    if forum is None:
        forum = _new_forum(texts, kind or Forum.Kind.THEMED_FORUM, programme)
        yield Make(forum)
    programme.forums |= {fold(text): forum for text in texts.values()}
    return forum


def _usual_forum(programme: Programme) -> Drafting[Forum]:
    """The forum of sessions for which the list names none."""
    texts = in_every_language(_("Programme"))
    forum = next((programme.forums[key] for text in texts.values() if (key := fold(text)) in programme.forums), None)
    if forum is None:
        forum = _new_forum(texts, Forum.Kind.MAIN_FORUM, programme)
        yield Make(forum)
        programme.forums |= {fold(text): forum for text in texts.values()}
    return forum


def _new_forum(texts: Mapping[str, str], kind: str, programme: Programme) -> Forum:
    there = list({id(forum): forum for forum in programme.forums.values()}.values())
    base = slugify(in_language(texts, "en").text)[:40] or "forum"
    slugs = {forum.slug for forum in there}
    slug = next(
        slug for number in range(len(slugs) + 2) if (slug := f"{base}-{number}" if number else base) not in slugs
    )
    return Forum(edition=programme.edition, slug=slug, kind=kind, title=dict(texts), order=len(there) + 1)


def _choice(word: str, choices: type[TextChoices]) -> str:
    """The choice that a word means; empty where it is none."""
    return _meanings(choices).get(fold(word), "") if word else ""


@cache
def _meanings(choices: type[TextChoices]) -> Mapping[str, str]:
    return meanings_of(choices.choices)


# Who speaks


def _people(read: Cells, session: Session, programme: Programme) -> Drafting[None]:
    """The speakers and moderators of a row."""
    values = read.values
    spoken = values.get("languages", ())
    stated = spoken[0] if spoken else ""
    named: list[tuple[Person, str]] = [
        (person, Role.SPEAKER)
        for end in ("", *(f"_{number}" for number in range(2, MOST_SPEAKERS + 1)))
        if (names := values.get(f"speakers{end}"))
        for person in people(
            names, *(values.get(f"{key}{end}", "") for key in ("affiliations", "positions", "biographies"))
        )
    ]
    named += [(person, Role.MODERATOR) for person in people(values.get("moderators", ""))]
    there = programme.appearing[id(session)]
    for person, role in named:
        speaker = yield from _speaker(person, stated, programme)
        if all(appearance.speaker is not speaker for appearance in there):
            order = max((appearance.order for appearance in there), default=-1) + 1
            made = Appearance(edition=session.edition, session=session, speaker=speaker, role=role, order=order)
            there.append(made)
            yield Make(made)


def _speaker(person: Person, stated: str, programme: Programme) -> Drafting[Speaker]:
    """The speaker of this name, and of this firm where both say one; a new one if there is none."""
    same = programme.speakers[person.key]
    firm = fold(person.affiliation)
    firms_of = ((other, {fold(text) for text in other.affiliation.values()}) for other in same)
    speaker = next((other for other, firms in firms_of if not firm or not firms or firm in firms), None)

    def in_its_language(text: str) -> dict[str, str]:
        return {language_of(text, stated, ""): text} if text else {}

    if speaker is None:
        participation = programme.firms.get(name_key(person.affiliation)) if person.affiliation else None
        speaker = Speaker(
            edition=programme.edition,
            name=in_its_language(person.name),
            sort_name=sort_name(person.name)[:300],
            position=in_its_language(person.position),
            affiliation=in_its_language(person.affiliation),
            biography=in_its_language(person.biography),
            participation=participation,
        )
        same.append(speaker)
        yield Make(speaker)
        return speaker
    more = {"position": person.position, "affiliation": person.affiliation, "biography": person.biography}
    yield Change(
        speaker, {name: {**getattr(speaker, name), **in_its_language(text)} for name, text in more.items() if text}
    )
    return speaker


# What is stored


def _load(edition: Edition) -> Programme:
    programme = Programme(edition)
    rooms = {room.pk: room for room in Room.objects.filter(edition=edition)}
    for room in rooms.values():
        programme.rooms |= {fold(text): room for text in room.title.values()}
    forums = {forum.pk: forum for forum in Forum.objects.filter(edition=edition)}
    for forum in forums.values():
        programme.forums |= {fold(text): forum for text in (forum.slug, *forum.title.values())}
    sessions: dict[int, Session] = {}
    for session in Session.objects.filter(edition=edition).order_by("starts_at", "pk"):
        session.room = rooms[session.room_id] if session.room_id else None
        session.forum, session.edition = forums[session.forum_id], edition
        sessions[session.pk] = session
        programme.enter(session)
    speakers = {speaker.pk: speaker for speaker in Speaker.objects.filter(edition=edition)}
    for speaker in speakers.values():
        for key in {Person(text).key for text in speaker.name.values()}:
            programme.speakers[key].append(speaker)
    for appearance in Appearance.objects.filter(edition=edition).order_by("order", "pk"):
        appearance.session, appearance.speaker = sessions[appearance.session_id], speakers[appearance.speaker_id]
        programme.appearing[id(appearance.session)].append(appearance)
    for participation in Participation.objects.filter(edition=edition).select_related("firm").order_by("pk"):
        for key in keys_of(participation.firm):
            programme.firms.setdefault(key, participation)
    return programme


def tell_moved(draft: Draft, edition: Edition, user: User | None) -> None:
    """Give seats that were added, and tell those concerned of sessions that were cancelled, or moved.

    Of those that moved a release tells, where there is one.
    """
    if user is None:
        return
    changed = [
        (change.instance, change.before) for change in draft.changed_of(Session) if isinstance(change.instance, Session)
    ]
    for session, before in changed:
        if "capacity" in before:
            fill_seats(session, by=user)
        if "state" in before and session.state == Session.State.CANCELLED:
            notify_concerned(edition, [session], "session-cancelled", by=user, reason=session.reason)
    moved = [
        session
        for session, before in changed
        if session.state == Session.State.CONFIRMED and {"starts_at", "ends_at", "room"} & before.keys()
    ]
    if moved and latest_release(edition) is None:
        notify_concerned(edition, moved, "session-changed", by=user)
