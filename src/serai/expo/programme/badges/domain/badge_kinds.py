"""Badges have the kind of their participant, also after that changes."""

from django.db import transaction

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.fairs.edition.models import Participation
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge, Kind

FOLLOWING = (Kind.EXHIBITOR, Kind.CO_EXHIBITOR, Kind.SERVICE, Kind.BUYER, Kind.DELEGATION, Kind.PRESS)
"""Kinds that depend on the participant; speakers and staff keep theirs."""


@transaction.atomic
def follow_kind(participation: Participation, *, user: User) -> int:
    """Give the badges of a participant its new kind, to be printed anew. Returns how many changed."""
    wrong = Badge.objects.filter(participation=participation, kind__in=FOLLOWING).exclude(kind=participation.kind)
    badges = list(wrong.order_by("pk"))
    for badge in badges:
        record_change("badge.changed", badge, user=user, kind=participation.kind, printed_at=None)
    return len(badges)
