"""Letters about moved, cancelled or reinstated sessions: one to each person concerned."""

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


def notify_concerned(
    edition: Edition, sessions: Iterable[Session], key: str, *, by: User | None, reason: str = ""
) -> int:
    """Send a letter about these sessions to the people who signed up, speak or host, each with their own sessions.

    ``by`` made the change and gets none. Returns the number of letters; the number of queries is fixed.
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
    for hosted in sessions.values():
        if hosted.host is not None:
            of_firm[hosted.host.firm_id].add(hosted.pk)
    if of_firm:
        for person, firms in people_of_firms(of_firm).items():
            sessions_of_user[person.pk].update(*(of_firm[firm] for firm in firms))
    return sessions_of_user


def _line(edition: Edition, session: Session) -> str:
    when, place = hours(edition, session.starts_at, session.ends_at), in_language(session.place).text
    return " · ".join(part for part in (f"- {when}", place, in_language(session.title).text) if part)
