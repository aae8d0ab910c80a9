"""What the organiser asks before a badge of a kind is printed: set for a fair, or as it comes with Serai."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import BadgeRule, Kind

MOST = 200
"""So many badges a participant has at most, whatever the organiser sets."""


@dataclass(frozen=True)
class Rule:
    """Whether the organiser decides on each badge of the kind, and how many a participant may ask for."""

    kind: str
    decided: bool
    most: int

    @property
    def title(self) -> str:
        return str(Kind(self.kind).label)


BUILT_IN: Mapping[str, Rule] = {
    kind: Rule(kind, decided, most)
    for kind, decided, most in (
        (Kind.EXHIBITOR, False, MOST),
        (Kind.CO_EXHIBITOR, False, MOST),
        (Kind.BUYER, False, 20),
        (Kind.DELEGATION, True, 100),
        (Kind.PRESS, True, 20),
        (Kind.SPEAKER, False, 1),
        (Kind.SERVICE, False, MOST),
        (Kind.STAFF, False, MOST),
    )
}
"""Firms that the organiser has confirmed name their people, and who speaks stands in the programme; delegations and the
press bring people whom nobody has looked at."""


def rules_of(edition: Edition) -> dict[str, Rule]:
    """The rule of every kind, in the order of the kinds."""
    own = {row.kind: Rule(row.kind, row.decided, row.most) for row in BadgeRule.objects.filter(edition=edition)}
    return {kind: own.get(kind, rule) for kind, rule in BUILT_IN.items()}


@transaction.atomic
def set_rule(edition: Edition, kind: str, *, decided: bool, most: int, user: User) -> bool:
    """Set the rule of a kind; badges that were granted stay so. Returns whether it changed."""
    wanted = Rule(kind, decided, min(most, MOST))
    if rules_of(edition)[kind] == wanted:
        return False
    existing = BadgeRule.objects.filter(edition=edition, kind=kind).first()
    before = state(existing) if existing else None
    rule = existing or BadgeRule(edition=edition, kind=kind)
    rule.decided, rule.most = wanted.decided, wanted.most
    rule.save()
    record("badge_rule.set", rule, before=before, after=state(rule), user=user, edition=edition)
    return True
