"""The sessions of a person on its devices, and ending them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from serai.expo.base.audit.domain.entries import record
from serai.expo.people.account.models import User

# The first match counts: most browsers also name others whose pages they can show.
BROWSERS: Sequence[tuple[str, str]] = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"MicroMessenger/", "WeChat"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS: Sequence[tuple[str, str]] = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """A session of a person, its device, and whether the current request belongs to it."""

    session: UserSession
    device: str
    is_current: bool


def device(user_agent: str) -> str:
    """Browser and system as a person names them: 'Firefox · Windows'; else what the browser sends."""
    names = [_first_match(BROWSERS, user_agent), _first_match(SYSTEMS, user_agent)]
    return " · ".join(filter(None, names)) or user_agent[:90]


def _first_match(patterns: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, user_agent)), "")


def places(user: User, current_key: str | None) -> list[Place]:
    """The open sessions of a person: the current one, then the others, the last seen first. Three queries.

    Sessions that have expired, or ended with a change of the password, are deleted.
    """
    sessions = list(UserSession.objects.filter(user=user))
    keys = [session.session_key for session in sessions]
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    signed_in = {session.session_key for session in alive if _is_signed_in(user, session.get_decoded())}
    ended = [session.pk for session in sessions if session.session_key not in signed_in]
    UserSession.objects.filter(pk__in=ended).delete()
    open_places = [
        Place(session, device(session.user_agent), session.session_key == current_key)
        for session in sessions
        if session.session_key in signed_in
    ]
    return sorted(open_places, key=lambda place: (not place.is_current, -place.session.last_seen_at.timestamp()))


def _is_signed_in(user: User, values: Mapping[str, Any]) -> bool:
    """Whether the values of a session belong to the user with its present password, as Django checks every request."""
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    in_session = str(values.get(HASH_SESSION_KEY, ""))
    is_valid = any(constant_time_compare(in_session, valid) for valid in hashes)
    return str(values.get(SESSION_KEY, "")) == str(user.pk) and is_valid


@transaction.atomic
def end(session: UserSession, *, user: User) -> None:
    """End a session. Later requests with its key are anonymous."""
    record("session.ended", session, before={"device": device(session.user_agent)}, user=user)
    session.end()


def end_others(user: User, current_key: str | None) -> int:
    """End all sessions of a person except the current one. Returns how many."""
    others = [place.session for place in places(user, current_key) if not place.is_current]
    for session in others:
        end(session, user=user)
    return len(others)


def end_all(user: User, *, by: User) -> None:
    """End all sessions of a person on behalf of somebody else."""
    for session in UserSession.objects.filter(user=user):
        end(session, user=by)
