"""The programme: the opening ceremony, the forums and the side events, with their sessions."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from serai.expo.chains.models import Chain
from serai.expo.demo.content import Pair, read
from serai.expo.editions.models import Edition
from serai.expo.programme.models import Forum, Session


def programme(edition: Edition, chains: Mapping[str, Chain]) -> tuple[list[Forum], list[Session]]:
    """The forums and their sessions, not yet written."""
    known = read("programme.toml")
    forums, sessions = [], []
    for number, row in enumerate(known["forum"], start=1):
        forum = Forum(
            edition=edition,
            slug=row["slug"],
            kind=row["kind"],
            title=Pair(*row["title"]).texts,
            summary=Pair(*row["summary"]).texts,
            chain=chains.get(row.get("chain", "")),
            order=number,
        )
        forums.append(forum)
        sessions += [_session(edition, forum, known["rooms"], *said) for said in row["sessions"]]
    return forums, sessions


def _session(
    edition: Edition,
    forum: Forum,
    rooms: Mapping[str, tuple[str, str, int]],
    day: int,
    begin: str,
    end: str,
    room: str,
    languages: list[str],
    *title: Any,
) -> Session:
    on = edition.starts_on + timedelta(days=day - 1)
    zone = ZoneInfo(edition.time_zone)
    room_en, room_zh, places = rooms[room]
    return Session(
        edition=edition,
        forum=forum,
        title=Pair(*title).texts,
        starts_at=datetime.combine(on, time.fromisoformat(begin), zone),
        ends_at=datetime.combine(on, time.fromisoformat(end), zone),
        room=Pair(room_en, room_zh).texts,
        capacity=places,
        languages=["zh-hans" if language == "zh" else language for language in languages],
    )
