"""What a decision on an application tells everyone who acts for the firm."""

from collections.abc import Mapping

from django.utils import translation

from serai.expo.editions.models import Participation
from serai.expo.firms.naming import shown_name
from serai.expo.mailing.kinds import letters
from serai.expo.mailing.letters import send_letter
from serai.expo.mailing.wording import known_language
from serai.expo.people.models import User
from serai.expo.text import in_language


def notify(participation: Participation, key: str, reason: Mapping[str, str] | None = None) -> int:
    """Queue the letter ``key`` to everyone who acts for the firm, each in the own language, with the reason given.

    Returns how many were queued.
    """
    if key not in letters():
        return 0
    edition, firm = participation.edition, participation.firm
    readers = User.objects.filter(roles__firm_id=participation.firm_id, is_active=True).distinct().order_by("pk")
    for reader in readers:
        language = known_language(reader.language)
        with translation.override(language):
            name = shown_name(firm, language)
            said = in_language(reason or {}, language).text
            send_letter(edition, reader, key, {"firm": name, "reason": said})
    return len(readers)
