"""What a decision on an application tells everyone who acts for the firm."""

from collections.abc import Mapping

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import people_of_firm
from serai.expo.firms.record.domain.shown_name import shown_name


def notify(participation: Participation, key: str, reason: Mapping[str, str] | None = None) -> int:
    """Queue the letter ``key`` to everyone who acts for the firm, each in the own language, with the reason given.

    Returns how many were queued.
    """
    if key not in letters():
        return 0
    return send_letters(
        participation.edition,
        people_of_firm(participation.firm_id),
        key,
        lambda _reader: {"firm": shown_name(participation.firm), "reason": in_language(reason or {}).text},
    )
