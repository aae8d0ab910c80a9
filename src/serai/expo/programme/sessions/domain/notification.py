"""Letters about sessions that are moved, cancelled or held after all: one to each person who is concerned."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from serai.expo.base.among import among
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import hours
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import agenda_of, send_letters
from serai.expo.firms.record.domain.owners import people_of_firms
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.sign_ups import TAKEN
from serai.expo.programme.sessions.models import Appearance, Session, SignUp


def tell_sessions(edition: Edition, sessions: Iterable[Session], key: str, *, by: User | None, reason: str = "") -> int:
    """Send the letter of this name, with their sessions among these, to who has signed up, speaks or is the host.

    ``by`` has made the change and is not written to. Returns to how many, by a number of queries that does not grow
    with theirs.
    """
    by_number = {session.pk: session for session in sessions}
    concerned = _concerned(by_number)
    if by is not None:
        concerned.pop(by.pk, None)
    readers = User.objects.filter(among("pk", concerned), is_active=True)

    def values(reader: User) -> Mapping[str, object]:
        lines = [_line(edition, by_number[pk]) for pk in by_number if pk in concerned[reader.pk]]
        return {"sessions": "\n".join(lines), "reason": reason, "agenda": agenda_of(edition)}

    return send_letters(edition, readers.order_by("pk") if concerned else (), key, values)


def _concerned(sessions: Mapping[int, Session]) -> dict[int, set[int]]:
    """User -> the sessions that concern the user, by primary keys."""
    sessions_of_user: dict[int, set[int]] = defaultdict(set)
    if not sessions:
        return sessions_of_user
    seats = SignUp.objects.filter(session__in=list(sessions), state__in=TAKEN)
    speaking = Appearance.objects.filter(session__in=list(sessions), speaker__user__isnull=False)
    for user, number in seats.values_list("user_id", "session_id"):
        sessions_of_user[user].add(number)
    for user, number in speaking.values_list("speaker__user_id", "session_id"):
        if user is not None:
            sessions_of_user[user].add(number)
    of_firm: dict[int, set[int]] = defaultdict(set)
    for session in sessions.values():
        if session.host is not None:
            of_firm[session.host.firm_id].add(session.pk)
    if of_firm:
        for person, firms in people_of_firms(of_firm).items():
            sessions_of_user[person.pk].update(*(of_firm[firm] for firm in firms))
    return sessions_of_user


def _line(edition: Edition, session: Session) -> str:
    when, place = hours(edition, session.starts_at, session.ends_at), in_language(session.place).text
    return " · ".join(part for part in (f"- {when}", place, in_language(session.title).text) if part)
