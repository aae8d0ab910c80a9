"""Conflicts of a programme as it would be after an import, told in the preview."""

from collections.abc import Iterator, Mapping, Sequence

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.conflicts import conflicts
from serai.expo.programme.sessions.models import Appearance, Room, Session, Speaker


def sentences_of(
    edition: Edition, sessions: Sequence[Session], appearing: Mapping[int, Sequence[Appearance]]
) -> Iterator[tuple[Session, str]]:
    """Each session that is in a conflict, with the sentence. ``appearing`` is by ``id`` of the session.

    New rows have no primary key, by which conflicts tell them apart: copies with numbers of their own are compared.
    """
    held = [session for session in sessions if session.state != Session.State.CANCELLED]
    rooms: dict[int, Room] = {}
    speakers: dict[int, Speaker] = {}
    copies: list[Session] = []
    appearances: list[Appearance] = []
    for number, session in enumerate(held, start=1):
        room = session.room
        if room is not None:
            rooms.setdefault(id(room), Room(pk=len(rooms) + 1, title=room.title, seats=room.seats))
        copy = Session(
            pk=number,
            edition=edition,
            title=session.title,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            themes=session.themes,
            capacity=session.capacity,
            room=rooms[id(room)] if room is not None else None,
        )
        copies.append(copy)
        for appearance in appearing.get(id(session), ()):
            speaker = appearance.speaker
            speakers.setdefault(
                id(speaker), Speaker(pk=len(speakers) + 1, name=speaker.name, absences=speaker.absences)
            )
            appearances.append(Appearance(session=copy, speaker=speakers[id(speaker)]))
    for conflict in conflicts(edition, copies, appearances):
        for copy in conflict.sessions:
            yield held[(copy.pk or 1) - 1], conflict.sentence
