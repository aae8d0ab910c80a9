"""Where a person is signed in: each session with its device, and ended one by one, at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
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

# The first that is found counts: most browsers name others whose pages they can show too.
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
    """A session of a person: from where, with what, and whether it is the one that asks."""

    session: UserSession
    device: str
    is_current: bool


def device(user_agent: str) -> str:
    """What a browser says of itself, as a person names it: 'Firefox · Windows'; else its own words."""
    found = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return " · ".join(one for one in found if one) or user_agent[:90]


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")


def places(user: User, current_key: str | None) -> list[Place]:
    """The open sessions of a person, the one that asks first, then by when they were last seen."""
    return sorted(
        _places(user, current_key), key=lambda one: (not one.is_current, -one.session.last_seen_at.timestamp())
    )


def _places(user: User, current_key: str | None) -> Iterator[Place]:
    """In a fixed number of queries; what has run out, or ended with a change of the password, is taken away."""
    sessions = list(UserSession.objects.filter(user=user))
    alive = Session.objects.filter(
        session_key__in=[one.session_key for one in sessions], expire_date__gt=timezone.now()
    )
    signed_in = {one.session_key for one in alive if _is_signed_in(user, one.get_decoded())}
    UserSession.objects.filter(pk__in=[one.pk for one in sessions if one.session_key not in signed_in]).delete()
    for session in sessions:
        if session.session_key in signed_in:
            yield Place(session, device(session.user_agent), session.session_key == current_key)


def _is_signed_in(user: User, kept: Mapping[str, Any]) -> bool:
    """Whether a session is of the user as it signs in today, as Django itself asks it of every request."""
    known = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    said = str(kept.get(HASH_SESSION_KEY, ""))
    return str(kept.get(SESSION_KEY, "")) == str(user.pk) and any(constant_time_compare(said, one) for one in known)


@transaction.atomic
def end(session: UserSession, *, user: User) -> None:
    """End a session: the next request that bears it is nobody's."""
    record("session.ended", session, before={"device": device(session.user_agent)}, user=user)
    session.end()


def end_others(user: User, current_key: str | None) -> int:
    """End all sessions of a person but the one that asks. Returns how many."""
    others = [place.session for place in places(user, current_key) if not place.is_current]
    for session in others:
        end(session, user=user)
    return len(others)


def end_all(user: User, *, by: User) -> None:
    """End all sessions of a person, through somebody else."""
    for session in UserSession.objects.filter(user=user):
        end(session, user=by)
