"""Letters about the organiser's decision on badges: one to each reader."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.rules import kinds_with
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge


def notify_of_decisions(badges: Sequence[Badge]) -> None:
    """Send letters about badges with the same decision, to each reader in their language."""
    names: dict[User | str, list[str]] = defaultdict(list)
    for badge in badges:
        for reader in _readers(badge):
            names[reader].append(badge.name)
    if not badges:
        return
    first = badges[0]
    reason = {"reason": first.reason} if first.state == Badge.State.REFUSED else {}
    send_letters(
        first.edition, names, f"badge-{first.state}", lambda reader: {"person": ", ".join(names[reader]), **reason}
    )


def _readers(badge: Badge) -> list[User | str]:
    """The person, the editors of their firm and the leader of their delegation; else the address on the badge."""
    member, speaker = badge.member, badge.speaker
    own = Q(pk__in=[badge.user_id or 0, (speaker.user_id if speaker else 0) or 0])
    led = Q(pk=member.delegation.leader_id) if member else Q()
    firm = badge.participation.firm_id if badge.participation else None
    editing = Q(roles__firm=firm, roles__kind__in=kinds_with("edit")) if firm else Q()
    people = list(User.objects.filter(own | led | editing, is_active=True).distinct().order_by("pk"))
    return [*people] if people else [badge.email] if badge.email else []
