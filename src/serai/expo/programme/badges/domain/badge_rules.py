"""Badge rules: for each kind, whether the organiser decides, and how many badges a participant may have."""

from collections.abc import Mapping
from dataclasses import dataclass

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import BadgeRule, Kind

MOST = 200
"""Limit of badges of a participant under any rule."""


@dataclass(frozen=True)
class Rule:
    """The rule of a kind: whether the organiser decides on each badge, and the limit for a participant."""

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
"""Confirmed firms name their own people and speakers are in the programme; nobody has checked the people of delegations
and of the press."""


def rules_of(edition: Edition) -> dict[str, Rule]:
    """Kind -> its rule at this fair, in the order of the kinds."""
    own = {row.kind: Rule(row.kind, row.decided, row.most) for row in BadgeRule.objects.filter(edition=edition)}
    return {kind: own.get(kind, rule) for kind, rule in BUILT_IN.items()}


@made_once
def set_rule(edition: Edition, kind: str, *, decided: bool, most: int, user: User) -> bool:
    """Set the rule of a kind; granted badges stay granted. Returns whether it changed."""
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
