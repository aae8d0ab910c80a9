"""Wishes of exhibitors for their booth, which the allocation reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Participation
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import BoothWish


def wish_of(participation: Participation) -> BoothWish:
    """The exhibitor's wish, or an empty one that is not written yet."""
    existing = BoothWish.objects.filter(participation=participation).first()
    return existing or BoothWish(
        edition=participation.edition, participation=participation, area_m2=participation.area_wanted_m2
    )


@made_once
def keep_wish(
    participation: Participation, values: Mapping[str, Any], near: Iterable[Participation], *, user: User
) -> BoothWish:
    """Write the wish; its points are the organiser's and stay."""
    wish = wish_of(participation)
    before = state(wish) | {"near": _near(wish)} if wish.pk else None
    for name in ("area_m2", "kind", "power_kw", "equipment", "height_m", "load_kg_m2", "hall", "booths", "remarks"):
        setattr(wish, name, values[name])
    wish.made_at = timezone.now()
    wish.save()
    wish.near.set([neighbour for neighbour in near if neighbour.pk != participation.pk])
    after = state(wish) | {"near": _near(wish)}
    record("booth_wish.kept", wish, before=before, after=after, user=user, edition=participation.edition)
    return wish


def _near(wish: BoothWish) -> list[int]:
    return sorted(wish.near.values_list("pk", flat=True))
