"""For whom a person acts at a fair, and the trace that it leaves: of a proxy every entry names both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.buyers.models import DelegationMember
from serai.expo.people.account.models import User


class NotTheirsError(Exception):
    """The person may not act for this participant."""


@dataclass(frozen=True)
class Acting:
    """A person who acts for a participant; ``by_proxy`` as the leader of its delegation and not as one of its own."""

    user: User
    participation: Participation
    by_proxy: bool = False

    @property
    def edition(self) -> Edition:
        edition: Edition = self.participation.edition
        return edition


def acting(user: User, participation: Participation) -> Acting:
    """The user acting for the participant. Raises NotTheirsError."""
    if user.roles.filter(firm_id=participation.firm_id).exists():
        return Acting(user, participation)
    if not user.has_perm("expo.act_for_participation", participation):
        raise NotTheirsError
    return Acting(user, participation, by_proxy=True)


def acted_for(user: User | AnonymousUser, edition: Edition) -> QuerySet[Participation]:
    """The participations for which the user may act: its own firms', and who lets it act."""
    return _acted_for(user, edition)[1] if user.is_authenticated else Participation.objects.none()


def _acted_for(user: User, edition: Edition) -> tuple[set[int], QuerySet[Participation]]:
    # Keys that are known find their rows by an index; one condition over three tables reads every participation.
    firms = {key for key in user.roles.filter(firm__isnull=False).values_list("firm_id", flat=True) if key}
    proxies = DelegationMember.objects.filter(delegation__leader=user, proxy_since__isnull=False)
    proxied = list(proxies.values_list("participation_id", flat=True))
    able = Participation.objects.filter(Q(firm__in=firms) | Q(pk__in=proxied), edition=edition)
    return firms, able.exclude(state=Participation.State.CANCELLED)


def desks_of(user: User, edition: Edition) -> list[Participation]:
    """Those for whom the user may act: its own firms first, then who lets it act."""
    firms, participations = _acted_for(user, edition)
    participations = participations.select_related("firm", "edition").order_by("pk")
    return sorted(participations, key=lambda participation: participation.firm_id not in firms)


def trace(action: str, row: Model, by: Acting, *, before: Mapping[str, Any] | None = None) -> None:
    """An audit entry with both states; where the person acts by proxy it says for whom."""
    after = state(row)
    if by.by_proxy:
        after["acted_for"] = by.participation.firm.identifier
    record(action, row, before=before, after=after, user=by.user, edition=by.edition)
