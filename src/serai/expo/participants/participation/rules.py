"""Who may act for a participant: the people of its firm, and the leader of a delegation that it let do so."""

from typing import Any

import rules

from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.rules import is_of_the_firm, organises_its_edition
from serai.expo.participants.delegations.models import Delegation, DelegationMember


@rules.predicate
def is_its_proxy(user: Any, participation: Participation) -> bool:
    """The user leads a delegation that the participant lets act for it."""
    return bool(
        user.is_authenticated
        and DelegationMember.objects.filter(
            participation=participation, proxy_since__isnull=False, delegation__leader_id=user.pk
        ).exists()
    )


@rules.predicate
def leads(user: Any, delegation: Delegation) -> bool:
    """The user leads the delegation."""
    return bool(user.is_authenticated and delegation.leader_id == user.pk)


rules.add_perm("expo.act_for_participation", is_of_the_firm | is_its_proxy)
rules.add_perm("expo.see_delegation", leads | organises_its_edition)
