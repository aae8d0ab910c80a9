"""Badges follow the kind of their participant: who stands alone from now on is no co-exhibitor on paper either."""

from django.db import transaction

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Participation
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge, Kind

FOLLOWING = (Kind.EXHIBITOR, Kind.CO_EXHIBITOR, Kind.SERVICE, Kind.BUYER, Kind.DELEGATION, Kind.PRESS)
"""Kinds that say as what the participant comes. Who speaks or works at the fair does so whatever the firm is."""


@transaction.atomic
def follow_kind(participation: Participation, *, user: User) -> int:
    """Give the badges of a participant its kind, to be printed anew. Returns how many."""
    wrong = Badge.objects.filter(participation=participation, kind__in=FOLLOWING).exclude(kind=participation.kind)
    badges = list(wrong.order_by("pk"))
    for badge in badges:
        before = state(badge)
        badge.kind, badge.printed_at = participation.kind, None
        badge.save(update_fields=["kind", "printed_at"])
        record("badge.changed", badge, before=before, after=state(badge), user=user, edition=participation.edition)
    return len(badges)
